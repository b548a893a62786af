"""The Merkle tree against RFC 6962's definitions, written here a second time and as plainly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import merkle
from crypto.encoding import sha256
from crypto.errors import MalformedError
from crypto.merkle import Frontier, Subtree
from tests.unit.log.trees import made_leaves, plain_path, plain_root, plain_subproof, proofs_of

# The eight leaves and nine roots that implementations of RFC 6962 have shared since its first one.
REFERENCE_LEAVES = tuple(
    map(
        bytes.fromhex,
        (
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ),
    )
)
REFERENCE_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def test_roots_are_those_of_the_reference_leaves() -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in REFERENCE_LEAVES]
    roots = [merkle.root(hashes[:count]).hex() for count in range(len(hashes) + 1)]
    assert tuple(roots) == REFERENCE_ROOTS


def test_a_leaf_that_looks_like_a_node_has_another_hash_than_the_node() -> None:
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


@given(st.lists(st.integers(0, 40), max_size=12))
def test_appending_in_batches_gives_the_plainly_computed_root(batches: list[int]) -> None:
    leaves = made_leaves(sum(batches))
    frontier, done = Frontier(), 0
    for batch in batches:
        frontier, _ = frontier.extend(map(merkle.leaf_hash, leaves[done : done + batch]))
        done += batch
        assert frontier.root == plain_root(leaves[:done])
        assert Frontier.from_bytes(done, frontier.to_bytes()) == frontier


def test_extending_reports_each_subtree_of_256_and_65_536_leaves_once() -> None:
    hashes = [merkle.leaf_hash(b"%d" % number) for number in range(65_536 + 300)]
    first, early = Frontier().extend(hashes[:255])
    assert early == []
    _, full = first.extend(hashes[255:])
    level_1 = [merkle.root(hashes[i : i + 256]) for i in range(0, 65_536 + 256, 256)]
    expected = {(1, index): item for index, item in enumerate(level_1)}
    expected[2, 0] = merkle.root(hashes[:65_536])
    assert {(made.level, made.index): made.hash for made in full} == expected
    assert len(full) == len(expected)
    assert isinstance(full[0], Subtree)


@pytest.mark.parametrize(
    ("size", "data"), [(0, bytes(32)), (3, bytes(32)), (1, bytes(33)), (2, b""), (-1, b"")]
)
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, data: bytes) -> None:
    with pytest.raises(MalformedError):
        Frontier.from_bytes(size, data)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
@settings(max_examples=60)
def test_inclusion_proofs_are_rfc_6962_paths_and_verify(case: tuple[int, int]) -> None:
    index, size = case
    leaves = made_leaves(size)
    proof = proofs_of([*leaves, b"one more"]).inclusion(index, size)
    assert proof == plain_path(index, leaves)
    merkle.verify_inclusion(merkle.leaf_hash(leaves[index]), index, size, proof, plain_root(leaves))


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))))
@settings(max_examples=60)
def test_consistency_proofs_are_rfc_6962_proofs_and_verify(case: tuple[int, int]) -> None:
    old, new = case
    leaves = made_leaves(new)
    proof = proofs_of([*leaves, b"one more"]).consistency(old, new)
    assert proof == plain_subproof(old, leaves, whole=True)
    merkle.verify_consistency(old, new, plain_root(leaves[:old]), plain_root(leaves), proof)


def test_every_proof_of_small_trees_verifies() -> None:
    for size in range(1, 34):
        leaves = made_leaves(size)
        proofs, root = proofs_of(leaves), plain_root(leaves)
        assert proofs.root(size) == root
        for index in range(size):
            path = proofs.inclusion(index, size)
            merkle.verify_inclusion(merkle.leaf_hash(leaves[index]), index, size, path, root)
            old_root = plain_root(leaves[: index + 1])
            proof = proofs.consistency(index + 1, size)
            merkle.verify_consistency(index + 1, size, old_root, root, proof)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 66_000])
def test_proofs_across_65_536_leaves_verify(size: int) -> None:
    leaves = made_leaves(size)
    proofs = proofs_of(leaves)
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    root = merkle.root(hashes)
    assert proofs.root(size) == root
    for index in (0, 255, 256, 40_000, size - 1):
        merkle.verify_inclusion(hashes[index], index, size, proofs.inclusion(index, size), root)
    for old in (1, 255, 256, 257, 65_535, size):
        proof = proofs.consistency(old, size)
        merkle.verify_consistency(old, size, merkle.root(hashes[:old]), root, proof)


@given(leaves=st.lists(st.binary(max_size=40), max_size=20))
def test_many_leaves_have_the_hashes_that_each_has(leaves: list[bytes]) -> None:
    assert merkle.leaf_hashes_of(leaves) == [merkle.leaf_hash(leaf) for leaf in leaves]


@pytest.mark.parametrize("height", range(9))
def test_a_complete_subtree_has_the_root_that_its_tree_has(height: int) -> None:
    hashes = [sha256(bytes([height, number % 256])) for number in range(1 << height)]
    assert merkle.complete_root(hashes) == merkle.root(hashes)


@pytest.mark.parametrize("count", [0, 3, 5, 6, 7, 255])
def test_a_subtree_that_is_not_complete_has_no_such_root(count: int) -> None:
    with pytest.raises(ValueError, match=r"subtree|longer|shorter"):
        merkle.complete_root([bytes(32)] * count)
