"""A log as C2SP tlog-tiles: tile paths, entry bundles, and proofs computed from tiles.

A tile of level L has up to 256 hashes, each of a complete subtree of 256^L leaves; so a proof for
any tree needs only a few tiles, read from files or from database rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from crypto import merkle
from crypto.errors import MalformedError
from crypto.merkle import TILE_HEIGHT

TILE_WIDTH = 1 << TILE_HEIGHT
ENTRY_LIMIT = 0xFFFF  # an entry's length is written in two bytes

ReadTile: TypeAlias = Callable[[int, int], Sequence[bytes]]
_Range: TypeAlias = tuple[int, int]  # leaves from, and up to but without


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One tile of a tree: its level, its number, and how many of its 256 hashes exist."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        """``tile/<level>/<number>``, with ``.p/<width>`` for a partial tile."""
        return f"tile/{self.level}/{_numbered(self.index, self.width)}"

    @property
    def entries_path(self) -> str:
        """``tile/entries/<number>``: the leaves under a tile of level 0."""
        return f"tile/entries/{_numbered(self.index, self.width)}"


def _numbered(index: int, width: int) -> str:
    """Write 1234067 as ``x001/x234/067``, so that no folder has more than 1,000 names."""
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03}")
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return "/".join(reversed(parts)) + partial


def tiles_of(size: int) -> Iterator[Tile]:
    """List every tile of a tree of ``size`` leaves, lowest level first, a partial one last."""
    level = 0
    while count := size >> (TILE_HEIGHT * level):
        full, rest = divmod(count, TILE_WIDTH)
        for index in range(full):
            yield Tile(level=level, index=index, width=TILE_WIDTH)
        if rest:
            yield Tile(level=level, index=full, width=rest)
        level += 1


def encode_entries(leaves: Iterable[bytes]) -> bytes:
    """Return an entry bundle: each leaf after its length in two bytes, big-endian.

    Raises:
        MalformedError: a leaf is longer than 65,535 bytes.
    """
    parts = []
    for leaf in leaves:
        if len(leaf) > ENTRY_LIMIT:
            raise MalformedError("a log entry is longer than 65,535 bytes")
        parts += [len(leaf).to_bytes(2, "big"), leaf]
    return b"".join(parts)


def parse_entries(bundle: bytes) -> list[bytes]:
    """Return the leaves of an entry bundle, of which there are at most 256.

    Raises:
        MalformedError: the bundle ends within an entry, or has more than 256.
    """
    leaves: list[bytes] = []
    position, end = 0, len(bundle)
    try:
        while position < end and len(leaves) < TILE_WIDTH:
            start = position + 2
            position = start + (bundle[position] << 8 | bundle[position + 1])
            leaves.append(bundle[start:position])
    except IndexError:  # it ends within a length
        position = -1
    if position != end:
        raise MalformedError("an entry bundle is cut short or has more than 256 entries")
    return leaves


class TileProofs:
    """Computes roots and proofs of one log from its tiles, reading each tile once.

    ``read_tile(level, index)`` returns what is stored of a tile, which may be more than the tree
    asked for has. Every method raises ValueError for a leaf or tree that cannot be, and
    MalformedError when a tile lacks a hash that the tree must have: the log is damaged.
    """

    def __init__(self, read_tile: ReadTile) -> None:
        self._read_tile = read_tile
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}

    def root(self, size: int) -> bytes:
        """Return the root of the tree of the first ``size`` leaves."""
        return self._hash(0, size) if size else merkle.EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the audit path of a leaf, nearest sibling first (RFC 6962, 2.1.1)."""
        if not 0 <= index < size:
            raise ValueError("the leaf's index is outside the tree")
        return self._hashes(_inclusion_ranges(index, size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that a tree is a prefix of a larger one (RFC 6962, 2.1.2)."""
        if not 0 < old <= new:
            raise ValueError("no consistency proof exists between trees of these sizes")
        return self._hashes(_consistency_ranges(old, new))

    def _hashes(self, ranges: Iterable[_Range]) -> list[bytes]:
        return [self._hash(start, end) for start, end in ranges]

    def _hash(self, start: int, end: int) -> bytes:
        """Hash leaves ``start`` to ``end``: a complete subtree, or one with a ragged right edge."""
        count = end - start
        height = count.bit_length() - 1
        if count == 1 << height:
            return self._subtree(height, start >> height)
        middle = start + (1 << height)
        return merkle.node_hash(self._hash(start, middle), self._hash(middle, end))

    def _subtree(self, height: int, index: int) -> bytes:
        level, above = divmod(height, TILE_HEIGHT)
        tile, first = divmod(index << above, TILE_WIDTH)
        count = 1 << above
        hashes = self._tile(level, tile)[first : first + count]
        if len(hashes) != count:
            raise MalformedError(f"the log is damaged: tile {level}/{tile} lacks hashes")
        return _root(tuple(hashes))

    def _tile(self, level: int, index: int) -> Sequence[bytes]:
        key = (level, index)
        if key not in self._tiles:
            self._tiles[key] = self._read_tile(level, index)
        return self._tiles[key]


@lru_cache(maxsize=64)
def _root(hashes: tuple[bytes, ...]) -> bytes:
    """Hash a complete subtree; while a log grows, proof after proof asks for the same ones."""
    return merkle.complete_root(hashes)


def _left_half(count: int) -> int:
    """Return the largest power of two below ``count``: where RFC 6962 splits a tree."""
    return 1 << ((count - 1).bit_length() - 1)


def _inclusion_ranges(index: int, size: int) -> list[_Range]:
    ranges, start, end = [], 0, size
    while end - start > 1:
        middle = start + _left_half(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def _consistency_ranges(old: int, new: int) -> list[_Range]:
    ranges, start, end = [], 0, new
    while end != old:
        middle = start + _left_half(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # else the old tree is itself a subtree of the new one: the verifier has its root
        ranges.append((start, end))
    return ranges[::-1]
