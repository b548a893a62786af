"""Proofs and sizes that the Merkle tree refuses."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import merkle
from crypto.errors import MalformedError, VerificationError
from crypto.tiles import TileProofs
from tests.unit.log.trees import made_leaves, plain_root, proofs_of

Mangle = Callable[[list[bytes]], list[bytes]]
MANGLES: dict[str, Mangle] = {
    "one short": lambda proof: proof[:-1],
    "first missing": lambda proof: proof[1:],
    "one more": lambda proof: [*proof, bytes(32)],
    "one before": lambda proof: [bytes(32), *proof],
    "empty": lambda _proof: [],
    "first changed": lambda proof: [flip(proof[0]), *proof[1:]],
    "last changed": lambda proof: [*proof[:-1], flip(proof[-1])],
    "reversed": lambda proof: proof[::-1],
}


def flip(data: bytes) -> bytes:
    return bytes([data[0] ^ 0x10]) + data[1:]


@pytest.mark.parametrize("mangle", MANGLES.values(), ids=MANGLES)
@pytest.mark.parametrize(("index", "size"), [(0, 8), (5, 7), (6, 7), (2, 5), (4, 6), (8, 13)])
def test_a_mangled_inclusion_proof_is_refused(mangle: Mangle, index: int, size: int) -> None:
    leaves = made_leaves(size)
    proof = proofs_of(leaves).inclusion(index, size)
    mangled = mangle(proof)
    if mangled == proof:  # a path of one hash reads the same backwards
        return
    with pytest.raises(VerificationError):
        merkle.verify_inclusion(
            merkle.leaf_hash(leaves[index]), index, size, mangled, plain_root(leaves)
        )


@pytest.mark.parametrize("mangle", MANGLES.values(), ids=MANGLES)
@pytest.mark.parametrize(("old", "new"), [(1, 8), (4, 8), (5, 7), (6, 7), (2, 5), (4, 6), (8, 13)])
def test_a_mangled_consistency_proof_is_refused(mangle: Mangle, old: int, new: int) -> None:
    leaves = made_leaves(new)
    proof = proofs_of(leaves).consistency(old, new)
    mangled = mangle(proof)
    if mangled == proof:
        return
    with pytest.raises(VerificationError):
        merkle.verify_consistency(old, new, plain_root(leaves[:old]), plain_root(leaves), mangled)


@given(
    st.integers(2, 40).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))),
    st.integers(0, 45),
)
def test_an_inclusion_proof_holds_for_its_own_index_only(case: tuple[int, int], index: int) -> None:
    """In a tree of the right size, which RFC 6962's roots do not bind: a checkpoint does."""
    right, size = case
    leaves = made_leaves(size)
    proof = proofs_of(leaves).inclusion(right, size)
    if index == right:
        return
    with pytest.raises(VerificationError):
        merkle.verify_inclusion(
            merkle.leaf_hash(leaves[right]), index, size, proof, plain_root(leaves)
        )


def test_the_size_of_a_tree_is_bound_by_its_checkpoint_and_not_by_a_proof() -> None:
    """The last of 17 leaves has the proof that the last of 9 would have: so sizes are signed."""
    leaves = made_leaves(17)
    proof, leaf = proofs_of(leaves).inclusion(16, 17), merkle.leaf_hash(leaves[16])
    merkle.verify_inclusion(leaf, 16, 17, proof, plain_root(leaves))
    merkle.verify_inclusion(leaf, 8, 9, proof, plain_root(leaves))


def test_a_consistency_proof_with_swapped_or_wrong_roots_is_refused() -> None:
    leaves = made_leaves(7)
    proof = proofs_of(leaves).consistency(3, 7)
    old, new = plain_root(leaves[:3]), plain_root(leaves)
    for roots in ((new, old), (old, old), (new, new), (flip(old), new), (old, flip(new))):
        with pytest.raises(VerificationError):
            merkle.verify_consistency(3, 7, *roots, proof)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (6, 5), (-1, 5)])
def test_consistency_with_an_empty_or_larger_old_tree_is_refused(old: int, new: int) -> None:
    root = plain_root(made_leaves(5))
    with pytest.raises(VerificationError):
        merkle.verify_consistency(old, new, merkle.EMPTY_ROOT, root, [])
    with pytest.raises(VerificationError):
        merkle.verify_consistency(old, new, merkle.EMPTY_ROOT, root, [root])
    with pytest.raises(ValueError, match="no consistency proof"):
        proofs_of(made_leaves(5)).consistency(old, new)


def test_trees_of_one_size_need_one_root_and_an_empty_proof() -> None:
    root = plain_root(made_leaves(5))
    merkle.verify_consistency(5, 5, root, root, [])
    for other, proof in ((flip(root), []), (root, [bytes(32)])):
        with pytest.raises(VerificationError):
            merkle.verify_consistency(5, 5, root, other, proof)


def test_a_proof_of_a_larger_or_smaller_tree_does_not_pass_for_one_of_this_size() -> None:
    leaves = made_leaves(8)
    roots = [plain_root(leaves[:size]) for size in range(9)]
    proofs, hashes = proofs_of(leaves), [merkle.leaf_hash(leaf) for leaf in leaves]
    with pytest.raises(VerificationError, match="too long"):
        merkle.verify_inclusion(hashes[1], 0, 1, [hashes[0]], roots[2])
    with pytest.raises(VerificationError):
        merkle.verify_inclusion(hashes[0], 0, 3, [hashes[1]], roots[2])
    with pytest.raises(VerificationError, match="too long"):
        merkle.verify_consistency(3, 4, roots[7], roots[8], proofs.consistency(7, 8))
    with pytest.raises(VerificationError, match="too short"):
        merkle.verify_consistency(3, 8, roots[3], roots[4], proofs.consistency(3, 4))


def test_a_hash_of_another_length_is_refused() -> None:
    leaves = made_leaves(2)
    proof, root = proofs_of(leaves).inclusion(0, 2), plain_root(leaves)
    leaf = merkle.leaf_hash(leaves[0])
    for arguments in (
        (leaf[:-1], proof, root),
        (leaf, [b"short"], root),
        (leaf, proof, root + b"x"),
    ):
        with pytest.raises(MalformedError):
            merkle.verify_inclusion(arguments[0], 0, 2, *arguments[1:])
    with pytest.raises(MalformedError):
        merkle.verify_consistency(1, 2, leaf, root, [root[:-1]])


def test_a_leaf_outside_the_tree_has_no_proof() -> None:
    for index, size in ((5, 5), (-1, 5), (0, 0)):
        with pytest.raises(ValueError, match="outside the tree"):
            proofs_of(made_leaves(5)).inclusion(index, size)


def test_a_tile_that_lacks_a_hash_is_damage() -> None:
    proofs = TileProofs(lambda _level, _index: [bytes(32)])
    with pytest.raises(MalformedError, match="damaged"):
        proofs.root(2)
