"""Checking an export's tree in one pass: leaves, tiles, root, and every checkpoint."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.epoch import Epoch
from crypto.errors import CryptoError
from crypto.merkle import EMPTY_ROOT, HASH_LENGTH, TILE_HEIGHT, Frontier, Subtree, split
from crypto.note import NoteVerifier
from crypto.tiles import TILE_WIDTH, Tile
from service.client.audit.tree.blocks import CheckedTile, Step
from service.client.audit.tree.files import (
    check_nothing_more,
    compare_tile,
    read_checkpoint,
    read_limited,
)
from service.client.audit.tree.given_up import GivenUp
from service.client.audit.tree.heads import Heads
from service.client.audit.tree.marks import Mark
from service.client.audit.tree.pool import checked_tiles
from service.client.foundation.errors import ClientRefusal


def open_export(folder: Path, verifier: NoteVerifier) -> Checkpoint:
    """Return the export's checkpoint if the log's key has signed it.

    Raises:
        ClientRefusal: ``export-damaged``, ``log-not-signed``.
    """
    try:
        return open_checkpoint(read_checkpoint(folder), verifier)
    except CryptoError as refused:
        raise ClientRefusal(
            "log-not-signed", f"the export's checkpoint does not verify: {refused}"
        ) from None


def verified_steps(
    folder: Path,
    checkpoint: Checkpoint,
    marks: Sequence[Mark],
    *,
    keys: Mapping[str, bytes] = MappingProxyType({}),
    workers: int = 1,
    heads: Heads | None = None,
) -> Iterator[Step]:
    """Yield what is to be replayed; the end is reached only if the whole tree is right.

    Marks are compared when the tree reaches their size, so a rewritten log is refused as early as
    the checkpoints from outside allow. ``keys`` are signing keys by key id, to which the caller
    adds those that the log names; ``heads`` takes those that statements name, and its ``given_up``
    the marks that do not fit.

    Raises:
        ClientRefusal: ``export-damaged``; ``leaf-malformed``; ``log-forked`` (a statement names a
            head that it never had); ``log-rewritten``: the tree never had the root that a
            checkpoint signs; ``log-cut``: a checkpoint covers more than there is;
            ``epoch-unlike-tree``: an epoch names another root than the leaves before it have.
    """
    heads = heads or Heads(GivenUp())
    given_up = heads.given_up
    fitting = _fitting(checkpoint, marks, given_up)
    tree = _Tree(folder, [*fitting, Mark(checkpoint=checkpoint, source="the export")], heads)
    events = 0
    for tile in checked_tiles(folder, checkpoint.size, keys, workers=workers):
        yield from tile.steps
        if tile.refused:
            raise ClientRefusal(*tile.refused)
        tree.add(tile)
        events += tile.length
    tree.finish()
    check_nothing_more(folder, checkpoint.size, events)


def _fitting(checkpoint: Checkpoint, marks: Sequence[Mark], given_up: GivenUp) -> list[Mark]:
    """Return the marks that cover no more leaves than the export has."""
    beyond = [mark for mark in marks if mark.checkpoint.size > checkpoint.size]
    for mark in beyond:
        refusal = ClientRefusal(
            "log-cut",
            f"{mark.source} has a checkpoint of {mark.checkpoint.size} leaves, but the export "
            f"ends after {checkpoint.size}",
        )
        given_up.doubt(mark, refusal)
    return [mark for mark in marks if mark not in beyond]


def _check_root(epoch: Epoch, root: bytes) -> None:
    """Check that the leaves before an epoch have the root that its leaf names."""
    if epoch.root != root:
        raise ClientRefusal(
            "epoch-unlike-tree",
            f"leaf {epoch.size}: it names another root than the leaves before it have",
        )


class _Tree:
    """Grows tile by tile, and compares upper tiles and marks as it reaches them."""

    def __init__(self, folder: Path, marks: Sequence[Mark], heads: Heads) -> None:
        self._folder = folder
        self._heads = heads
        self._given_up = heads.given_up
        self._epochs = 0  # of those given, how many were compared
        self._size = marks[-1].checkpoint.size  # the export's own is the last
        self._full = Frontier()  # its leaves are the roots of full tiles
        self._marks = sorted(marks, key=lambda mark: mark.checkpoint.size)
        self._agreed = 0
        self._hashes: dict[int, list[bytes]] = {}
        self._compare_marks(EMPTY_ROOT, 0)

    def add(self, tile: CheckedTile) -> None:
        """Append a tile; its own file was compared when it was read."""
        start = self._full.size * TILE_WIDTH
        end = start + tile.width
        for epoch in self._given_up.epochs[self._epochs :]:
            _check_root(epoch, self._root_with(tile, epoch.size - start))
            self._epochs += 1
        while self._marks and start < self._marks[0].checkpoint.size < end:
            size = self._marks[0].checkpoint.size
            self._compare_marks(self._root_with(tile, size - start), size)
        self._heads.reach(
            Frontier(size=start, hashes=self._full.hashes), split(tile.hashes)[: tile.width]
        )
        if tile.root:
            self._add_full(tile.root)
            self._compare_marks(self._full.root, end)
        else:
            self._compare_marks(self._root_with(tile, tile.width), end)

    def _root_with(self, tile: CheckedTile, count: int) -> bytes:
        """Return the root over all full tiles and the first ``count`` leaves of this one."""
        full = Frontier(size=self._full.size * TILE_WIDTH, hashes=self._full.hashes)
        return full.extend(split(tile.hashes)[:count])[0].root

    def _add_full(self, root: bytes) -> None:
        tiles = Subtree(level=1, index=self._full.size, hash=root)
        self._full, full = self._full.extend([root])
        for subtree in [tiles, *(replace(above, level=above.level + 1) for above in full)]:
            row = self._hashes.setdefault(subtree.level, [])
            row.append(subtree.hash)
            if len(row) == TILE_WIDTH:
                self._compare_tile(subtree.level, subtree.index // TILE_WIDTH)

    def finish(self) -> None:
        """Compare the tiles that are not full."""
        for level in [level for level, row in self._hashes.items() if row]:
            self._compare_tile(level, self._full.size // TILE_WIDTH**level)
        self._heads.finish(self._read_tile)

    def _read_tile(self, level: int, index: int) -> Sequence[bytes]:
        width = min(TILE_WIDTH, (self._size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH)
        tile = Tile(level=level, index=index, width=width)
        return split(read_limited(self._folder, tile.path, TILE_WIDTH * HASH_LENGTH))

    def _compare_tile(self, level: int, index: int) -> None:
        row = self._hashes[level]
        compare_tile(self._folder, Tile(level=level, index=index, width=len(row)), row)
        self._hashes[level] = []

    def _compare_marks(self, root: bytes, size: int) -> None:
        """Compare every mark of exactly this size with the root; the next one is larger."""
        while self._marks and self._marks[0].checkpoint.size == size:
            mark = self._marks.pop(0)
            if mark.checkpoint.root != root:
                refusal = ClientRefusal(
                    "log-rewritten",
                    f"the log was rewritten between leaf {self._agreed} and leaf {size - 1}: "
                    f"the checkpoint of {size} leaves in {mark.source} signs another history",
                )
                self._given_up.doubt(mark, refusal)
                continue
            self._agreed = size
