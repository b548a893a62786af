"""The log's mathematics over an export: leaves, tiles, root, and every checkpoint, in one pass."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.errors import CryptoError, MalformedError
from crypto.leaf import Leaf, parse_leaf
from crypto.merkle import Frontier, leaf_hash
from crypto.note import NoteVerifier
from crypto.tiles import TILE_WIDTH, Tile
from service.client.audit_files import TileReader, compare_events, read_checkpoint
from service.client.audit_marks import Mark
from service.client.errors import ClientRefusal


def open_export(folder: Path, verifier: NoteVerifier) -> Checkpoint:
    """Return the export's checkpoint if the log's key has signed it.

    Raises:
        ClientRefusal: ``export-damaged``, ``log-not-signed``.
    """
    try:
        return open_checkpoint(read_checkpoint(folder), verifier)
    except CryptoError as refused:
        raise ClientRefusal("log-not-signed", f"the export's checkpoint: {refused}") from None


def verified_leaves(
    folder: Path, checkpoint: Checkpoint, marks: Sequence[Mark]
) -> Iterator[tuple[Leaf, bytes]]:
    """Yield every leaf with its bytes; the end is reached only if the whole tree is right.

    Marks are compared as the tree reaches their size, so a rewritten log is refused as early as
    the checkpoints that left the house allow.

    Raises:
        ClientRefusal: ``export-damaged``; ``leaf-malformed``; ``log-rewritten``: the tree never had
            the root that a checkpoint signs; ``log-cut``: a checkpoint covers more than there is.
    """
    _check_marks_fit(checkpoint, marks)
    reader = TileReader(folder, checkpoint.size)
    tree = _Tree(reader, [*marks, Mark(checkpoint=checkpoint, source="the export")])
    for leaves in compare_events(folder, reader.bundles()):
        for index, leaf in enumerate(leaves, tree.frontier.size):
            yield parsed(leaf, index), leaf
        tree.add([leaf_hash(leaf) for leaf in leaves])
    tree.finish()


def parsed(data: bytes, index: int) -> Leaf:
    """Parse a leaf that stands at ``index``.

    Raises:
        ClientRefusal: ``leaf-malformed``.
    """
    try:
        leaf = parse_leaf(data)
    except MalformedError as refused:
        raise ClientRefusal("leaf-malformed", f"leaf {index}: {refused}") from None
    if leaf.seq != index:
        raise ClientRefusal("leaf-malformed", f"leaf {index} says that it is number {leaf.seq}")
    return leaf


def _check_marks_fit(checkpoint: Checkpoint, marks: Sequence[Mark]) -> None:
    for mark in marks:
        if mark.checkpoint.size > checkpoint.size:
            raise ClientRefusal(
                "log-cut",
                f"{mark.source} has a checkpoint of {mark.checkpoint.size} leaves, and the export "
                f"ends after {checkpoint.size}",
            )


class _Tree:
    """Grows leaf by leaf, and holds tiles and marks against itself as it reaches them."""

    def __init__(self, reader: TileReader, marks: Sequence[Mark]) -> None:
        self.frontier = Frontier()
        self._reader = reader
        self._marks = sorted(marks, key=lambda mark: mark.checkpoint.size)
        self._agreed = 0
        self._hashes: dict[int, list[bytes]] = {}
        self._compare_marks()

    def add(self, hashes: Sequence[bytes]) -> None:
        while hashes:
            size = self.frontier.size
            stop = self._marks[0].checkpoint.size - size if self._marks else len(hashes)
            self._extend(hashes[:stop])
            hashes = hashes[stop:]

    def _extend(self, hashes: Sequence[bytes]) -> None:
        self.frontier, full = self.frontier.extend(hashes)
        for subtree in full:
            # Tiles of level 0 were compared with the leaves as they were read.
            row = self._hashes.setdefault(subtree.level, [])
            row.append(subtree.hash)
            if len(row) == TILE_WIDTH:
                self._compare_tile(subtree.level, subtree.index // TILE_WIDTH)
        self._compare_marks()

    def finish(self) -> None:
        for level in [level for level, row in self._hashes.items() if row]:
            self._compare_tile(level, self.frontier.size // TILE_WIDTH ** (level + 1))

    def _compare_tile(self, level: int, index: int) -> None:
        row = self._hashes[level]
        self._reader.compare(Tile(level=level, index=index, width=len(row)), row)
        self._hashes[level] = []

    def _compare_marks(self) -> None:
        """Hold every mark of exactly this size against the root; the next one is larger."""
        size = self.frontier.size
        while self._marks and self._marks[0].checkpoint.size == size:
            mark = self._marks.pop(0)
            if mark.checkpoint.root != self.frontier.root:
                raise ClientRefusal(
                    "log-rewritten",
                    f"the log was rewritten between leaf {self._agreed} and leaf {size - 1}: "
                    f"the checkpoint of {size} leaves in {mark.source} signs another history",
                )
            self._agreed = size
