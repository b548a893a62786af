"""The Merkle tree against RFC 6962's definitions, written here a second time and as plainly."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import merkle
from crypto.encoding import sha256
from crypto.errors import MalformedError, VerificationError
from crypto.merkle import Frontier, Subtree
from crypto.tiles import TILE_WIDTH, TileProofs

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
