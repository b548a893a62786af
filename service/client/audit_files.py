"""A log as a folder of files (C2SP tlog-tiles): ``checkpoint``, ``tile/…``, ``tile/entries/…``.

``events.jsonl`` repeats the leaves, one a line, for people and their tools. Writing and reading
keep one entry bundle of 256 leaves and one tile a level in memory, however long the log is.
"""

from collections.abc import Iterator
from pathlib import Path

from crypto.errors import MalformedError
from crypto.merkle import Frontier, Subtree, leaf_hash
from crypto.tiles import TILE_WIDTH, Tile, encode_entries, parse_entries
from service.client.errors import ClientRefusal

EVENTS = "events.jsonl"
CHECKPOINT = "checkpoint"
_HASH = 32
_BUNDLE_LIMIT = TILE_WIDTH * (0xFFFF + 2)


class TileWriter:
    """Writes leaves into a folder that exists already, oldest first, and knows their root."""

    def __init__(self, folder: Path) -> None:
        self.frontier = Frontier()
        self._folder = folder
        self._events = (folder / EVENTS).open("wb")
        self._bundle: list[bytes] = []
        self._hashes: dict[int, list[bytes]] = {0: []}

    def add(self, leaf: bytes) -> None:
        """Append one leaf."""
        hashed = leaf_hash(leaf)
        self.frontier, full = self.frontier.extend([hashed])
        self._events.write(leaf + b"\n")
        self._bundle.append(leaf)
        self._hashes[0].append(hashed)
        if len(self._bundle) == TILE_WIDTH:
            self._write_bundle()
        for subtree in full:
            self._add_subtree(subtree)

    def close(self) -> None:
        """Write what is left as partial tiles."""
        if self._bundle:
            self._write_bundle()
        for level, hashes in self._hashes.items():
            if hashes:
                index = self.frontier.size // TILE_WIDTH ** (level + 1)
                self._write_tile(level, index, hashes)
        self._events.close()

    def _add_subtree(self, subtree: Subtree) -> None:
        """A full tile below is one hash of the level above."""
        below = subtree.level - 1
        self._write_tile(below, subtree.index, self._hashes[below])
        self._hashes[below] = []
        self._hashes.setdefault(subtree.level, []).append(subtree.hash)

    def _write_bundle(self) -> None:
        index = (self.frontier.size - 1) // TILE_WIDTH
        tile = Tile(level=0, index=index, width=len(self._bundle))
        self._write(tile.entries_path, encode_entries(self._bundle))
        self._bundle = []

    def _write_tile(self, level: int, index: int, hashes: list[bytes]) -> None:
        tile = Tile(level=level, index=index, width=len(hashes))
        self._write(tile.path, b"".join(hashes))

    def _write(self, name: str, data: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class TileReader:
    """Reads back what ``TileWriter`` wrote, for a tree of ``size`` leaves.

    Every refusal is a ClientRefusal with the code ``export-damaged``.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        self._size = size

    def bundles(self) -> Iterator[list[bytes]]:
        """Yield the leaves, up to 256 at a time; each bundle's tile of hashes is compared."""
        for start in range(0, self._size, TILE_WIDTH):
            width = min(TILE_WIDTH, self._size - start)
            tile = Tile(level=0, index=start // TILE_WIDTH, width=width)
            try:
                leaves = parse_entries(self._read(tile.entries_path, _BUNDLE_LIMIT))
            except MalformedError as refused:
                raise _damaged(f"{tile.entries_path}: {refused}") from None
            if len(leaves) != width:
                raise _damaged(f"{tile.entries_path} has {len(leaves)} entries of {width}")
            self.compare(tile, [leaf_hash(leaf) for leaf in leaves])
            yield leaves

    def compare(self, tile: Tile, hashes: list[bytes]) -> None:
        """Demand that a tile's file holds exactly these hashes."""
        if self._read(tile.path, TILE_WIDTH * _HASH) != b"".join(hashes):
            raise _damaged(f"{tile.path} does not hold the hashes of the leaves under it")

    def _read(self, name: str, limit: int) -> bytes:
        try:
            with (self._folder / name).open("rb") as file:
                data = file.read(limit + 1)
        except FileNotFoundError:
            raise _damaged(f"{name} is missing") from None
        if len(data) > limit:
            raise _damaged(f"{name} is too long")
        return data


def read_checkpoint(folder: Path) -> str:
    """Return the export's own checkpoint, a signed note that nobody has verified yet.

    Raises:
        ClientRefusal: ``export-damaged``.
    """
    return read_note(folder / CHECKPOINT)


def read_note(path: Path) -> str:
    """Return a small text file.

    Raises:
        ClientRefusal: ``export-damaged``.
    """
    try:
        with path.open("rb") as file:
            return file.read(100_000).decode()
    except FileNotFoundError:
        raise _damaged(f"{path} is missing") from None
    except UnicodeDecodeError:
        raise _damaged(f"{path} is no text") from None


def _damaged(message: str) -> ClientRefusal:
    return ClientRefusal("export-damaged", message)


def compare_events(folder: Path, bundles: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
    """Pass bundles on, demanding that ``events.jsonl`` repeats exactly these leaves.

    Raises:
        ClientRefusal: ``export-damaged``.
    """
    try:
        file = (folder / EVENTS).open("rb")
    except FileNotFoundError:
        raise _damaged(f"{EVENTS} is missing") from None
    with file:
        for leaves in bundles:
            said = b"".join(leaf + b"\n" for leaf in leaves)
            if file.read(len(said)) != said:
                raise _damaged(f"{EVENTS} does not repeat the leaves")
            yield leaves
        if file.read(1):
            raise _damaged(f"{EVENTS} goes on after the last leaf")
