"""Trees of RFC 6962 computed plainly, and proofs over leaves that a test made."""

from collections.abc import Sequence

from crypto import merkle
from crypto.encoding import sha256
from crypto.tiles import TILE_WIDTH, TileProofs


def plain_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    k = split(len(leaves))
    return sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:]))


def plain_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*plain_path(index, leaves[:k]), plain_root(leaves[k:])]
    return [*plain_path(index - k, leaves[k:]), plain_root(leaves[:k])]


def plain_subproof(old: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if old == len(leaves):
        return [] if whole else [plain_root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*plain_subproof(old, leaves[:k], whole=whole), plain_root(leaves[k:])]
    return [*plain_subproof(old - k, leaves[k:], whole=False), plain_root(leaves[:k])]


def split(count: int) -> int:
    k = 1
    while 2 * k < count:
        k *= 2
    return k


def made_leaves(count: int) -> list[bytes]:
    return [b"leaf %d" % number for number in range(count)]


def proofs_of(leaves: Sequence[bytes]) -> TileProofs:
    """Proofs over tiles that hold a little more than the largest tree, as storage may."""
    levels = [[merkle.leaf_hash(leaf) for leaf in leaves]]
    while len(levels[-1]) >= TILE_WIDTH:
        below = levels[-1]
        starts = range(0, len(below) - TILE_WIDTH + 1, TILE_WIDTH)
        levels.append([merkle.root(below[start : start + TILE_WIDTH]) for start in starts])

    def read(level: int, index: int) -> Sequence[bytes]:
        return levels[level][index * TILE_WIDTH : (index + 1) * TILE_WIDTH]

    return TileProofs(read)
