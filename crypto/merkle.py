"""Merkle trees of RFC 6962, section 2.1: hashes, the right edge, and what a proof must satisfy.

Leaves are numbered from 0. The hash of a leaf is SHA-256(0x00 || leaf), of a node
SHA-256(0x01 || left || right), of an empty tree SHA-256 of nothing; the prefixes keep a node from
passing for a leaf. Every function here takes leaf *hashes*, 32 bytes each, never leaves.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import add
from typing import Self

from crypto.encoding import sha256
from crypto.errors import MalformedError, VerificationError

HASH_LENGTH = 32
EMPTY_ROOT = sha256(b"")
TILE_HEIGHT = 8  # C2SP tlog-tiles: a tile has the hashes of 2^8 subtrees of one height


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of ``leaf`` in the tree."""
    return sha256(b"\x00" + leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two subtrees."""
    return sha256(b"\x01" + left + right)


def leaf_hashes_of(leaves: Iterable[bytes]) -> list[bytes]:
    """Return the hash of each leaf, as ``leaf_hash`` does; faster for many."""
    return _hashes_of(leaves, b"\x00")


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root of a complete subtree: what ``root`` returns for 1, 2, 4, 8, … hashes.

    Raises:
        ValueError: another number of hashes.
    """
    if len(hashes).bit_count() != 1:
        raise ValueError("a complete subtree has 1, 2, 4, 8, … leaves")
    while len(hashes) > 1:
        hashes = _hashes_of(map(add, hashes[::2], hashes[1::2]), b"\x01")
    return hashes[0]


def _hashes_of(contents: Iterable[bytes], prefix: bytes) -> list[bytes]:
    """Hash each behind the prefix; copying a state is faster than setting up a new one."""
    begun = hashlib.sha256(prefix)
    hashes = []
    for content in contents:
        state = begun.copy()
        state.update(content)
        hashes.append(state.digest())
    return hashes


def split(hashes: bytes) -> tuple[bytes, ...]:
    """Split joined hashes, as in a tile; a rest becomes a last one that is too short."""
    return tuple(hashes[i : i + HASH_LENGTH] for i in range(0, len(hashes), HASH_LENGTH))


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root of the tree of exactly these leaves; memory grows with its height only."""
    frontier, _ = Frontier().extend(leaf_hashes)
    return frontier.root


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtree:
    """A complete subtree of 256^level leaves that became full; ``index`` counts them from 0."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The right edge of a tree: all that is needed to append to it and to know its root.

    ``hashes`` are the roots of the complete subtrees, largest first: one for each 1 bit of
    ``size``.

    Raises:
        MalformedError: another number of hashes, or one that is not 32 bytes.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an edge that belongs to no tree of this size."""
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise MalformedError("the frontier does not fit the size of its tree")
        _check_hashes(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Self:
        """Read what ``to_bytes`` wrote for a tree of ``size`` leaves.

        Raises:
            MalformedError: ``data`` has not one hash for each 1 bit of ``size``.
        """
        return cls(size=size, hashes=split(data))

    def to_bytes(self) -> bytes:
        """Return the hashes joined, largest subtree first."""
        return b"".join(self.hashes)

    @property
    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.hashes:
            return EMPTY_ROOT
        *rest, result = self.hashes
        for left in reversed(rest):
            result = node_hash(left, result)
        return result

    def extend(self, leaf_hashes: Iterable[bytes]) -> tuple["Frontier", list[Subtree]]:
        """Return the edge after appending, and the subtrees of 256, 65,536, … that became full.

        Appending one leaf costs one node hash on average.
        """
        stack, size, full = list(self.hashes), self.size, []
        for appended in leaf_hashes:
            result, index, height = appended, size, 0
            while index & 1:
                result, index, height = node_hash(stack.pop(), result), index >> 1, height + 1
                if height % TILE_HEIGHT == 0:
                    full.append(Subtree(level=height // TILE_HEIGHT, index=index, hash=result))
            stack.append(result)
            size += 1
        return Frontier(size=size, hashes=tuple(stack)), full


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> None:
    """Check that the leaf with hash ``leaf`` is number ``index`` of the tree (RFC 9162, 2.1.3.2).

    Raises:
        MalformedError: a hash is not 32 bytes.
        VerificationError: the proof does not lead from this leaf to this root, or the index is
            outside the tree.
    """
    _check_hashes([leaf, expected_root, *proof])
    if not 0 <= index < size:
        raise VerificationError("the leaf's index is outside the tree")
    place, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise VerificationError("the inclusion proof is too long")
        if place & 1 or place == last:
            result = node_hash(sibling, result)
            place, last = _climb(place, last)
        else:
            result = node_hash(result, sibling)
        place, last = place >> 1, last >> 1
    if last != 0 or result != expected_root:  # public hashes: no constant time needed
        raise VerificationError("the inclusion proof does not lead to the root")


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree of ``old`` leaves is a prefix of the one of ``new`` (RFC 9162, 2.1.4.2).

    An empty old tree proves nothing and is refused; trees of one size need an empty proof.

    Raises:
        MalformedError: a hash is not 32 bytes.
        VerificationError: the proof does not connect the two roots.
    """
    _check_hashes([old_root, new_root, *proof])
    if not 0 < old <= new:
        raise VerificationError("no consistency proof exists between trees of these sizes")
    if old == new:
        if proof or old_root != new_root:
            raise VerificationError("trees of one size must have one root and an empty proof")
        return
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    if not path or _fold(old, new, path) != (old_root, new_root):
        raise VerificationError("the consistency proof does not connect the two roots")


def _fold(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Compute both roots from one path; the first hash is the subtree that they share."""
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_root = new_root = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise VerificationError("the consistency proof is too long")
        if place & 1 or place == last:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
            place, last = _climb(place, last)
        else:
            new_root = node_hash(new_root, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise VerificationError("the consistency proof is too short")
    return old_root, new_root


def _climb(place: int, last: int) -> tuple[int, int]:
    """Skip the levels at which a right edge without sibling is passed on unchanged."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _check_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(item) != HASH_LENGTH for item in hashes):
        raise MalformedError("a hash of the tree must be 32 bytes")
