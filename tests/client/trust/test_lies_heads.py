"""Heads that statements name, and chains that prove them, one lie at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from crypto.checkpoint import open_checkpoint
from crypto.encoding import b64encode
from crypto.epoch import ACTION, Epoch
from crypto.merkle import leaf_hash, root
from crypto.randomness import random_bytes
from crypto.statement import Statement
from service.client.trust.entries import View, open_view
from service.client.trust.foreign import is_foreign
from service.client.trust.growth import verified_epochs
from service.wire.log import LogView
from tests.client.honest import decision_by
from tests.client.logs import Log
from tests.client.released import world

CONTINUES, BEGAN, ABANDONED, SIZE = 18, 20, 30, 40
NAMED = (5, 8, 17, 22, SIZE)
ELSEWHERE = bytes([0xAB]) * 32
Heads = list[dict[str, Any]]


@cache
def log() -> Log:
    """A log that was put back once, with the first leaf of its epoch in it."""
    made = Log().begin()
    while len(made.leaves) < BEGAN:
        made.append("invitation:created")
    lost = lost_one(made)
    epoch = Epoch(
        size=BEGAN,
        root=root(hashes(made)),
        continues=CONTINUES,
        abandoned=open_checkpoint(lost.checkpoint(), made.signer.verifier),
        note=lost.checkpoint(),
        why="the disk broke",
    )
    made.append(ACTION, actor="ops:nina", subject="service", details=epoch.details(expired=0))
    while len(made.leaves) < SIZE:
        made.append("invitation:created")
    return made


def lost_one(kept: Log) -> Log:
    lost = Log(signer=kept.signer, leaves=kept.leaves[:CONTINUES])
    while len(lost.leaves) < ABANDONED:
        lost.append("invitation:created", actor="lost")
    return lost


def hashes(of: Log) -> list[bytes]:
    return [leaf_hash(leaf) for leaf in of.leaves]


def root_at(size: int, of: Log | None = None) -> bytes:
    return root(hashes(of or log())[:size])


def chain(sizes: Sequence[int] = NAMED) -> Heads:
    proofs = log().proofs()
    return [
        {
            "size": old,
            "root": b64encode(root_at(old)),
            "consistency": [b64encode(one) for one in proofs.consistency(old, new)]
            if old < new
            else [],
        }
        for old, new in zip(sizes, [*sizes[1:], SIZE], strict=True)
    ]


def shown(change: Callable[[Heads], Heads]) -> Mapping[str, Any]:
    """The log as it comes with an answer."""
    path = log().proofs().inclusion(BEGAN, SIZE)
    return {
        "checkpoint": log().checkpoint(),
        "verifier_key": log().signer.verifier.vkey,
        "size": SIZE,
        "consistency": [],
        "epochs": [
            {"leaf": b64encode(log().leaves[BEGAN]), "path": [b64encode(one) for one in path]}
        ],
        "leaves": [],
        "heads": change(chain()),
    }


def same(heads: Heads) -> Heads:
    return heads


def but(size: int, **changes: Any) -> Callable[[Heads], Heads]:
    return lambda heads: [one | changes if one["size"] == size else one for one in heads]


FALSE = {"consistency": [b64encode(random_bytes(32))]}
MADE_UP = {"root": b64encode(ELSEWHERE)}


@dataclass(frozen=True)
class Row:
    """A statement that names this head, entered at ``place``; None for a receipt."""

    size: int
    root: bytes
    foreign: bool
    place: int | None = SIZE - 1
    heads: Callable[[Heads], Heads] = same

    @property
    def statement(self) -> Statement:
        named: dict[str, Any] = {
            "log_size": self.size,
            "log_root": self.root.hex() if self.size else "",
        }
        return decision_by("ann", world().request, **named)


@cache
def rows() -> dict[str, Row]:
    lost = lost_one(log())
    return {
        "a head that the log had": Row(8, root_at(8), foreign=False),
        "of a receipt": Row(8, root_at(8), foreign=False, place=None),
        "none": Row(0, b"", foreign=False),
        "the checkpoint itself": Row(SIZE, root_at(SIZE), foreign=False, place=SIZE),
        "and no chain": Row(SIZE, root_at(SIZE), foreign=False, place=SIZE, heads=lambda _: []),
        "the newest before its leaf": Row(17, root_at(17), foreign=False, place=17),
        "a root that it never had": Row(8, ELSEWHERE, foreign=True),
        "the root of another size": Row(8, root_at(17), foreign=True),
        "another root of the whole": Row(SIZE, ELSEWHERE, foreign=True, place=SIZE),
        "beyond its own leaf": Row(SIZE + 5, ELSEWHERE, foreign=True),
        "beyond all, and its leaf is too": Row(SIZE + 5, ELSEWHERE, foreign=False, place=SIZE + 5),
        "a receipt beyond all": Row(SIZE + 5, ELSEWHERE, foreign=True, place=None),
        "no proof": Row(8, root_at(8), foreign=True, heads=lambda _: []),
        "a false proof": Row(8, root_at(8), foreign=True, heads=but(8, **FALSE)),
        "a false proof above it": Row(8, root_at(8), foreign=True, heads=but(17, **FALSE)),
        "a false proof below it": Row(17, root_at(17), foreign=False, heads=but(8, **FALSE)),
        "a root made to fit it": Row(8, ELSEWHERE, foreign=True, heads=but(8, **MADE_UP)),
        "a chain the other way": Row(8, root_at(8), foreign=True, heads=lambda all_: all_[::-1]),
        "half of a root": Row(8, root_at(8), foreign=True, heads=but(8, root="AAAA")),
        "one that an epoch gives up": Row(25, root_at(25, lost), foreign=False),
        "the last that it gives up": Row(ABANDONED, root_at(ABANDONED, lost), foreign=False),
        "above its leaf, and given up": Row(25, root_at(25, lost), foreign=False, place=22),
        "another than the last": Row(ABANDONED, ELSEWHERE, foreign=True),
        "what the epoch kept": Row(CONTINUES, ELSEWHERE, foreign=True),
        "later than it": Row(ABANDONED + 1, ELSEWHERE, foreign=True),
    }


def view_of(row: Row) -> View:
    told = LogView.model_validate(shown(row.heads))
    verifier = log().signer.verifier
    checkpoint = open_checkpoint(told.checkpoint, verifier)
    return open_view(told, checkpoint, verified_epochs(told.epochs, verifier, checkpoint))


@pytest.mark.parametrize("name", rows())
def test_a_head_is_of_this_log_only_if_the_answer_shows_that(name: str) -> None:
    row = rows()[name]
    assert is_foreign(row.statement, [view_of(row)], row.place) is row.foreign


def test_where_no_checkpoint_came_no_head_is_judged() -> None:
    row = rows()["a root that it never had"]
    assert not is_foreign(row.statement, [], row.place)


def test_one_view_that_shows_it_is_enough() -> None:
    row, silent = rows()["a head that the log had"], rows()["no proof"]
    assert not is_foreign(row.statement, [view_of(silent), view_of(row)], row.place)
