"""A log as a folder of files (C2SP tlog-tiles): ``checkpoint``, ``tile/…``, ``tile/entries/…``.

``events.jsonl`` repeats the leaves, one a line, for people and their tools. Writing needs memory
for one entry bundle of 256 leaves and one tile a level, however long the log is.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from crypto.checkpoint import parse_checkpoint
from crypto.errors import MalformedError
from crypto.merkle import HASH_LENGTH, TILE_HEIGHT, Frontier, Subtree, leaf_hashes_of
from crypto.note import parse_note
from crypto.tiles import TILE_WIDTH, Tile, encode_entries, tiles_of
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.givenfile import read_given, text_of

EVENTS = "events.jsonl"
CHECKPOINT = "checkpoint"
_NOTE_LIMIT = 100_000
_REASONS = {
    "file-too-large": "{} is too long",
    "not-a-file": "{} is not a regular file",
}


class TileWriter:
    """Writes leaves into an existing folder, oldest first.

    ``size`` counts them; ``root`` is their root once the writer is closed.
    """

    def __init__(self, folder: Path) -> None:
        self.size = 0
        self._folder = folder
        self._events = (folder / EVENTS).open("wb")
        self._frontier = Frontier()
        self._bundle: list[bytes] = []
        self._above: dict[int, list[bytes]] = {}  # hashes of tiles that are not full, by level

    @property
    def root(self) -> bytes:
        """The root of all leaves that were written."""
        return self._frontier.root

    def add(self, leaf: bytes) -> None:
        """Append one leaf."""
        self.size += 1
        self._bundle.append(leaf)
        if len(self._bundle) == TILE_WIDTH:
            self._write_bundle()

    def close(self) -> None:
        """Write the rest as partial tiles."""
        if self._bundle:
            self._write_bundle()
        for level, hashes in self._above.items():
            if hashes:
                self._write_tile(level, self.size // TILE_WIDTH ** (level + 1), hashes)
        self._events.close()

    def _write_bundle(self) -> None:
        leaves, self._bundle = self._bundle, []
        hashes = leaf_hashes_of(leaves)
        self._frontier, full = self._frontier.extend(hashes)
        tile = Tile(level=0, index=(self.size - 1) // TILE_WIDTH, width=len(leaves))
        self._events.write(b"\n".join([*leaves, b""]))
        self._write(tile.entries_path, encode_entries(leaves))
        self._write(tile.path, b"".join(hashes))
        for subtree in full:
            self._add_subtree(subtree)

    def _add_subtree(self, subtree: Subtree) -> None:
        """Append a full tile's root, which is one hash of the level above."""
        hashes = self._above.setdefault(subtree.level, [])
        hashes.append(subtree.hash)
        if len(hashes) == TILE_WIDTH:
            self._write_tile(subtree.level, subtree.index // TILE_WIDTH, hashes)
            self._above[subtree.level] = []

    def _write_tile(self, level: int, index: int, hashes: list[bytes]) -> None:
        tile = Tile(level=level, index=index, width=len(hashes))
        self._write(tile.path, b"".join(hashes))

    def _write(self, name: str, data: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def tiles_at_level(size: int, level: int = 0) -> Iterator[Tile]:
    """Yield the tiles of one level of a tree, in their order."""
    full, rest = divmod(size >> (TILE_HEIGHT * level), TILE_WIDTH)
    for index in range(full):
        yield Tile(level=level, index=index, width=TILE_WIDTH)
    if rest:
        yield Tile(level=level, index=full, width=rest)


def lengths_in_events(folder: Path, size: int) -> Iterator[tuple[Tile, int]]:
    """Yield each tile of leaves with how many bytes its leaves have in ``events.jsonl``.

    A missing file counts as 0 bytes here; it is refused where the files are read.
    """
    for tile in tiles_at_level(size):
        length = 0
        with contextlib.suppress(OSError):
            length = length_in_events(tile, Path(folder, tile.entries_path).stat().st_size)
        yield tile, length


def length_in_events(tile: Tile, bundle: int) -> int:
    """Return how many bytes of ``events.jsonl`` repeat the leaves of an entry bundle.

    An entry has two bytes before the leaf in its bundle, and one after it there.
    """
    return bundle - tile.width


def compare_tile(folder: Path, tile: Tile, hashes: list[bytes]) -> None:
    """Check that a tile's file has exactly these hashes.

    Raises:
        ClientRefusal: ``export-damaged``.
    """
    if read_limited(folder, tile.path, TILE_WIDTH * HASH_LENGTH) != b"".join(hashes):
        raise damaged(f"{tile.path} has other hashes than the tiles below it")


def check_nothing_more(folder: Path, size: int, events: int) -> None:
    """Check that there are no other tiles than the tree's, and no more events.

    Raises:
        ClientRefusal: ``export-damaged``.
    """
    if (folder / EVENTS).stat().st_size != events:
        raise damaged(f"{EVENTS} continues after the last leaf")
    belong = sum(1 for _ in tiles_of(size)) + sum(1 for _ in tiles_at_level(size))
    if sum(len(files) for _, _, files in os.walk(folder / "tile")) == belong:
        return
    names = {t.path for t in tiles_of(size)} | {t.entries_path for t in tiles_at_level(size)}
    found = (Path(place, name) for place, _, files in os.walk(folder / "tile") for name in files)
    for path in sorted(found):
        name = path.relative_to(folder).as_posix()
        if name not in names:
            raise damaged(f"{name} does not belong to a log of {size} leaves")


def read_limited(folder: Path, name: str, limit: int) -> bytes:
    """Return a file of the export that has at most ``limit`` bytes.

    Raises:
        ClientRefusal: ``export-damaged``.
    """
    try:
        return read_given(f"{folder}/{name}", limit)
    except ClientRefusal as refused:
        reason = _REASONS.get(refused.code, "{} is missing or cannot be read")
        raise damaged(reason.format(name)) from None


def read_checkpoint(folder: Path) -> str:
    """Return the export's own checkpoint, a signed note, not verified yet.

    Raises:
        ClientRefusal: ``export-damaged``.
    """
    return read_note(folder / CHECKPOINT)


def read_note(path: Path) -> str:
    """Return the signed note in a text file of at most 100,000 bytes; no signature is verified.

    Its lines end as they were signed, whatever a mail program or a version control made of them.

    Raises:
        ClientRefusal: ``export-damaged``: no checkpoint, signed or not.
    """
    try:
        note = text_of(read_limited(path.parent, path.name, _NOTE_LIMIT))
        parse_checkpoint(parse_note(note)[0])
    except UnicodeDecodeError:
        raise damaged(f"{path.name} is not text") from None
    except MalformedError as refused:
        raise damaged(f"{path.name} is not a checkpoint: {refused}") from None
    return note


def damaged(message: str) -> ClientRefusal:
    """Return the refusal of an export with a damaged file."""
    return ClientRefusal("export-damaged", message)
