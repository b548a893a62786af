"""Proofs that others publish for the reference leaves, and the ways in which they try to break one.

``proofs.json`` writes down what transparency-dev's ``merkle`` and the tests of Certificate
Transparency before it give for these trees; the probes are the same kinds, made here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from crypto import merkle
from crypto.errors import MalformedError, VerificationError
from tests.unit.log.test_merkle import REFERENCE_LEAVES, REFERENCE_ROOTS
from tests.unit.log.trees import proofs_of

PUBLISHED: Mapping[str, Any] = json.loads(Path(__file__).with_name("proofs.json").read_text())
ROOTS = tuple(map(bytes.fromhex, REFERENCE_ROOTS))
GARBAGE = bytes(31) + b"\x07"


@dataclass(frozen=True)
class Inclusion:
    index: int
    size: int
    leaf: bytes
    path: Sequence[bytes]
    root: bytes

    def verify(self) -> None:
        merkle.verify_inclusion(self.leaf, self.index, self.size, self.path, self.root)


@dataclass(frozen=True)
class Consistency:
    old: int
    new: int
    old_root: bytes
    new_root: bytes
    path: Sequence[bytes]

    def verify(self) -> None:
        merkle.verify_consistency(self.old, self.new, self.old_root, self.new_root, self.path)


def path_of(case: Mapping[str, Any]) -> tuple[bytes, ...]:
    return tuple(map(bytes.fromhex, case["path"]))


INCLUSIONS = [
    Inclusion(
        index=case["index"],
        size=case["size"],
        leaf=merkle.leaf_hash(REFERENCE_LEAVES[case["index"]]),
        path=path_of(case),
        root=ROOTS[case["size"]],
    )
    for case in PUBLISHED["inclusion"]
]
CONSISTENCIES = [
    Consistency(
        old=case["old"],
        new=case["new"],
        old_root=ROOTS[case["old"]],
        new_root=ROOTS[case["new"]],
        path=path_of(case),
    )
    for case in PUBLISHED["consistency"]
]


def flipped(data: bytes, bit: int) -> bytes:
    return bytes([data[0] ^ 1 << bit]) + data[1:]


def other_paths(path: Sequence[bytes], *roots: bytes) -> Iterator[Sequence[bytes]]:
    """Something before or behind, something changed, something left out."""
    for more in (b"", GARBAGE, *roots, *path[:1]):
        yield (*path, more)
        yield (more, *path)
    for number, item in enumerate(path):
        yield (*path[:number], flipped(item, 3), *path[number + 1 :])
        yield (*path[:number], *path[number + 1 :])
        yield (*path[:number], GARBAGE, *path[number:])


def broken_inclusions(right: Inclusion) -> Iterator[Inclusion]:
    for index in (right.index - 1, right.index + 1, right.index ^ 2, right.size):
        yield replace(right, index=index)
    for size in (right.size * 2, right.size // 2, 0):
        yield replace(right, size=size)
    for leaf in (GARBAGE, b"", right.root if right.path else GARBAGE):
        yield replace(right, leaf=leaf)
    for root in (b"", GARBAGE, merkle.EMPTY_ROOT):
        yield replace(right, root=root)
    for path in other_paths(right.path, right.root):
        yield replace(right, path=path)


def broken_consistencies(right: Consistency) -> Iterator[Consistency]:
    for old in (right.old - 1, right.old + 1, right.old ^ 2, 0, right.new + 1):
        yield replace(right, old=old)
    for new in (right.new * 2, right.new // 2):
        yield replace(right, new=new)
    for root in (GARBAGE, b""):
        yield replace(right, old_root=root)
        yield replace(right, new_root=root)
    yield replace(right, old_root=right.new_root, new_root=right.old_root)
    yield replace(right, path=())
    for path in other_paths(right.path, right.old_root, right.new_root):
        yield replace(right, path=path)


@pytest.mark.parametrize("right", INCLUSIONS, ids=lambda c: f"{c.index} of {c.size}")
def test_a_published_inclusion_proof_is_ours_and_no_probe_of_it_passes(right: Inclusion) -> None:
    right.verify()
    leaves = REFERENCE_LEAVES[: right.size]
    assert tuple(proofs_of(leaves).inclusion(right.index, right.size)) == right.path
    for broken in broken_inclusions(right):
        with pytest.raises((MalformedError, VerificationError)):
            broken.verify()


@pytest.mark.parametrize("right", CONSISTENCIES, ids=lambda c: f"{c.old} to {c.new}")
def test_a_published_consistency_proof_is_ours_and_no_probe_of_it_passes(
    right: Consistency,
) -> None:
    right.verify()
    leaves = REFERENCE_LEAVES[: right.new]
    assert tuple(proofs_of(leaves).consistency(right.old, right.new)) == right.path
    for broken in broken_consistencies(right):
        with pytest.raises((MalformedError, VerificationError)):
            broken.verify()


def test_the_probes_are_as_many_as_they_are_meant_to_be() -> None:
    assert sum(len(list(broken_inclusions(right))) for right in INCLUSIONS) > 98
    assert sum(len(list(broken_consistencies(right))) for right in CONSISTENCIES) > 98
