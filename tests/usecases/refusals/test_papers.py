"""Reports of papers that are not taken: forged ones above all, since no session says who sends."""

from typing import Any

import pytest

from crypto.derived import derive
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes
from crypto.statement import Statement, sign
from service.usecases import papers
from tests.usecases.bodies import body
from tests.usecases.refusals.conftest import Act, refused
from tests.usecases.world import World


@pytest.fixture(scope="module")
def world(empty: World) -> World:
    """Two envelopes; the first is reported once, the second three times."""
    empty.ready()
    empty.manifests["first"] = empty.manifests["newest"]
    papers.take_report(empty.ctx, body(empty.papers()))
    empty.rotate()
    for place in ("a", "b", "c"):
        papers.take_report(empty.ctx, body(empty.papers(place=place)))
    return empty


def first(world: World, **changes: Any) -> Statement:
    return world.papers(world.manifests["first"], **changes)


def resigned(world: World, key: Any, **changes: Any) -> Statement:
    fields = dict(first(world).payload) | changes
    further = {n: v for n, v in fields.items() if n not in {"kind", "suite", "at"}}
    return sign("papers", further, identity=key, at=world.clock())


class Claiming:
    """Another key under the key id of the right one."""

    def __init__(self, keyid: str, key: Any) -> None:
        self.keyid = keyid
        self.sign = key.sign


def other_key(_world: World) -> Any:
    return derive(SecretBytes(random_bytes(32))).opening


def taken(statement: Any) -> Act:
    return lambda world: papers.take_report(world.ctx, body(statement(world)))


REFUSED: list[tuple[str, str, Act]] = [
    ("by another secret", "bad-signature", taken(lambda w: resigned(w, other_key(w)))),
    (
        "by another secret under the right key id",
        "bad-signature",
        taken(lambda w: resigned(w, Claiming(first(w).signatures[0].keyid, other_key(w)))),
    ),
    (
        "by the right key under another key id",
        "bad-signature",
        taken(lambda w: resigned(w, Claiming("0" * 64, w.opening_key(w.manifests["first"])))),
    ),
    (
        "by the sealer's own key",
        "bad-signature",
        taken(lambda w: resigned(w, w.who("gus").identity)),
    ),
    (
        "of one envelope by the key of another",
        "bad-signature",
        taken(lambda w: resigned(w, w.opening_key(w.manifests["newest"]))),
    ),
    ("of an unknown manifest", "not-found", taken(lambda w: first(w, manifest="5" * 64))),
    (
        "of a roster in place of a manifest",
        "not-found",
        taken(lambda w: first(w, manifest=w.roster.digest if w.roster else "")),
    ),
    ("once more", "replayed", taken(lambda w: w.papers(place="b"))),
    ("a fourth", "too-many-reports", taken(lambda w: w.papers(place="d"))),
    (
        "of a paper of no custodian",
        "wrong-group",
        taken(
            lambda w: first(
                w,
                papers=[
                    {"group": "password", "custodian": w.id("gus")},
                    {"group": "mfa", "custodian": w.id("dea")},
                ],
            )
        ),
    ),
    ("a printed paper instead", "malformed", taken(lambda w: w.receipt("ann"))),
]


@pytest.mark.act("envelope.report-papers")
@pytest.mark.parametrize(("name", "code", "act"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_bad_report_is_refused_and_leaves_nothing(
    world: World, name: str, code: str, act: Act
) -> None:
    assert name
    refused(world, code, act)
