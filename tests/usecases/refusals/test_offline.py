"""What is not brought in: a release made by hand in which anything is not what it must be."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crypto.encoding import hex_digest
from crypto.statement import Statement
from service.usecases import offline
from service.wire.requests import OfflineImport
from tests.cast import OTHER_ACCOUNT
from tests.usecases.bodies import wire
from tests.usecases.refusals.conftest import Act, refused
from tests.usecases.world import World

QUORUM = ("ann", "bob", "dea", "eli")
ASKED: dict[str, str] = {}
EARLIER: dict[str, OfflineImport] = {}


@pytest.fixture(scope="module")
def world(empty: World) -> World:
    """One release was brought in; a request of those with the service is on its way."""
    empty.ready()
    empty.register(OTHER_ACCOUNT)
    replace(empty, account=OTHER_ACCOUNT, roster=None).accept_roster()
    ASKED["online"] = empty.ask()
    ASKED["its digest"] = empty.asked[ASKED["online"]].digest
    ASKED["its key"] = empty.asked[ASKED["online"]].payload["recipient_key"]
    made = Made(empty)
    made.bring()
    ASKED["brought"] = made.request
    EARLIER["brought"] = made.posted()
    return empty


class Made:
    """What some people passed by hand, every part of which a test may replace."""

    def __init__(self, world: World, name: str = "gus", signer: str = "", **changes: Any) -> None:
        self.world = world
        fields = {"offline": True} | changes
        if signer:
            fields["requester"] = world.id(name)
        self.asked = world.request_statement(signer or name, **fields)
        self.request = self.asked.payload["request"]
        world.asked[self.request] = self.asked
        self.decisions = [self.decision(name) for name in QUORUM]
        self.release: Statement | None = world.word("release", self.request)
        self.closure: Statement | None = world.word("closure", self.request, summary="by hand")

    def decision(self, name: str, signer: str = "", **changes: Any) -> Statement:
        fields = {
            "request": self.asked.digest,
            "custodian": self.world.id(name),
            "group": self.world.group(name),
            "decision": "approve",
            "reason": "",
            "resealed_share_digest": hex_digest(name.encode()),
        }
        return self.world.sign(signer or name, "decision", **(fields | changes))

    def denial(self, name: str) -> Statement:
        return self.decision(name, decision="deny", reason="no", resealed_share_digest="")

    def posted(self) -> OfflineImport:
        return OfflineImport(
            request=wire(self.asked),
            decisions=[wire(decision) for decision in self.decisions],
            release=wire(self.release) if self.release else None,
            closure=wire(self.closure) if self.closure else None,
        )

    def bring(self, caller: str = "ann") -> Any:
        return offline.bring_in(self.world.ctx, self.world.caller(caller), self.posted())


def with_decisions(change: Callable[[Made], list[Statement]], **changes: Any) -> Act:
    def act(world: World) -> object:
        made = Made(world, **changes)
        made.decisions = change(made)
        return made.bring()

    return act


def with_word(kind: str, name: str = "gus", **fields: Any) -> Act:
    """A release or closure with something wrong in it."""

    def act(world: World) -> object:
        made = Made(world)
        summary = {"summary": "by hand"} if kind == "closure" else {}
        request = ASKED["online"] if fields.get("other") else made.request
        word = world.word(
            kind, request, name, requester=world.id(fields.get("says", "gus")), **summary
        )
        setattr(made, kind, word)
        return made.bring()

    return act


def again(world: World) -> object:
    return offline.bring_in(world.ctx, world.caller("ann"), EARLIER["brought"])


def forged_request(world: World) -> object:
    return Made(world, signer="ann").bring()


IMPORTS: list[tuple[str, str, Act]] = [
    ("once more", "replayed", again),
    ("an id used before", "replayed", lambda w: Made(w, request=ASKED["online"]).bring()),
    (
        "a recipient key used before",
        "wrong-recipient",
        lambda w: Made(w, recipient_key=ASKED["its key"]).bring(),
    ),
    ("a request that is not offline", "malformed", lambda w: Made(w, offline=False).bring()),
    ("a drill", "malformed", lambda w: Made(w, drill=True).bring()),
    ("by an operator", "not-found", lambda w: Made(w).bring("olga")),
    ("by an auditor", "not-found", lambda w: Made(w).bring("aud")),
    ("by a stranger", "not-found", lambda w: Made(w).bring("eve")),
    ("of an unknown account", "not-found", lambda w: Made(w, account="9" * 12).bring()),
    (
        "of another account than its envelope",
        "wrong-account",
        lambda w: Made(w, account=OTHER_ACCOUNT).bring(),
    ),
    ("under an unknown roster", "not-found", lambda w: Made(w, roster="4" * 64).bring()),
    ("on an unknown envelope", "not-found", lambda w: Made(w, manifest="5" * 64).bring()),
    ("asked by a custodian", "not-in-roster", lambda w: Made(w, requester=w.id("ann")).bring()),
    ("a forged request", "bad-signature", forged_request),
    ("one group alone", "no-quorum", with_decisions(lambda m: m.decisions[:2])),
    ("one too few", "no-quorum", with_decisions(lambda m: m.decisions[:3])),
    ("a decision twice", "replayed", with_decisions(lambda m: [*m.decisions, m.decisions[0]])),
    (
        "an approval that was taken back",
        "no-quorum",
        with_decisions(lambda m: [*m.decisions, m.denial("eli")]),
    ),
    (
        "a decision on another request",
        "wrong-request",
        with_decisions(
            lambda m: [
                *m.decisions[:3],
                m.decision("eli", request=ASKED["its digest"]),
            ]
        ),
    ),
    (
        "a decision for the other group",
        "not-in-roster",
        with_decisions(lambda m: [*m.decisions[:3], m.decision("bob", group="mfa")]),
    ),
    (
        "a decision of a stranger",
        "not-in-roster",
        with_decisions(lambda m: [*m.decisions, m.decision("eve")]),
    ),
    (
        "a forged decision",
        "bad-signature",
        with_decisions(lambda m: [*m.decisions[:3], m.decision("eli", signer="ann")]),
    ),
    ("a forged release", "bad-signature", with_word("release", "ann")),
    ("a release by another", "wrong-person", with_word("release", "ann", says="ann")),
    ("a release of another request", "wrong-request", with_word("release", other=True)),
    ("a forged closure", "bad-signature", with_word("closure", "ann")),
    ("a closure by another", "wrong-person", with_word("closure", "ann", says="ann")),
    ("a closure of another request", "wrong-request", with_word("closure", other=True)),
]


@pytest.mark.act("request.import")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in IMPORTS])
def test_a_bad_import_is_refused_and_leaves_nothing(world: World, code: str, act: Act) -> None:
    refused(world, code, act)


def test_a_word_that_follows_the_denial_counts(world: World) -> None:
    """The order in which decisions are handed over is the order in which they were given."""
    made = Made(world)
    made.decisions = [made.denial("eli"), *made.decisions]
    assert made.bring().state == "rotation_due"


def test_what_was_closed_by_hand_is_not_closed_again(world: World) -> None:
    refused(world, "already-confirmed", lambda w: w.close(ASKED["brought"]))
    open_ = Made(world)
    open_.closure = None
    open_.bring()
    assert world.close(open_.request).state == "rotation_due"
