"""What nobody may ask, release or review: every act in every state, and every lie in it."""

from collections.abc import Mapping
from typing import Any

import pytest

from crypto.encoding import b64encode
from crypto.randomness import random_uuid
from service.usecases import endings, history, releases, requests
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.usecases.bodies import body
from tests.usecases.refusals.conftest import Act, refused
from tests.usecases.refusals.states import NAMED, STATES, digest_of, every_state
from tests.usecases.world import World


@pytest.fixture(scope="module")
def world(empty: World) -> World:
    return every_state(empty)


# --- every act in every state ---


def fetch(world: World, request: str) -> object:
    return releases.fetch(world.ctx, world.caller("gus"), request)


ACTS: Mapping[str, Any] = {
    "approve": lambda w, r: w.approve("fay", r),
    "deny": lambda w, r: w.deny("fay", r),
    "cancel": lambda w, r: w.cancel(r),
    "release": lambda w, r: w.release(r),
    "fetch": fetch,
    "close": lambda w, r: w.close(r),
    "review": lambda w, r: w.review("fay", r),
}
POSSIBLE = {
    ("approve", "pending"),
    ("approve", "approved"),
    ("approve", "released"),
    ("approve", "drill"),
    ("deny", "pending"),
    ("deny", "approved"),
    ("deny", "drill"),
    ("cancel", "pending"),
    ("cancel", "approved"),
    ("cancel", "drill"),
    ("release", "approved"),
    ("fetch", "released"),
    ("close", "released"),
    ("review", "review_due"),
}
CODES = {
    ("release", "pending"): "no-quorum",
    ("release", "drill"): "no-quorum",
    ("close", "rotation_due"): "already-confirmed",
    ("close", "review_due"): "already-confirmed",
    **dict.fromkeys(
        [("fetch", s) for s in ("rotation_due", "review_due", "closed", "drill closed")],
        "window-over",
    ),
    **dict.fromkeys([(act, "expired") for act in ACTS], "expired"),
}


@pytest.mark.act(
    "request.cancel", "request.release", "request.fetch", "request.close", "request.review"
)
@pytest.mark.parametrize(
    ("act", "state"),
    [(act, state) for act in ACTS for state in STATES if (act, state) not in POSSIBLE],
)
def test_an_act_in_a_wrong_state_is_refused(world: World, act: str, state: str) -> None:
    code = CODES.get((act, state), "wrong-state")
    refused(world, code, lambda w: ACTS[act](w, NAMED[state]))


@pytest.mark.parametrize("kind", ["release", "cancellation", "closure"])
def test_an_act_on_a_request_that_is_not_there_is_refused(world: World, kind: str) -> None:
    act = {"release": releases.release, "cancellation": endings.cancel, "closure": endings.close}
    statement = world.word(kind, NAMED["pending"], **extra(kind))
    refused(
        world,
        "not-found",
        lambda w: act[kind](w.ctx, w.caller("gus"), random_uuid(), body(statement)),
    )
    refused(world, "not-found", lambda w: fetch(w, random_uuid()))


# --- asking ---


def ask(world: World, name: str = "gus", **changes: Any) -> Any:
    statement = world.request_statement(name, **changes)
    return requests.open_request(world.ctx, world.caller(name), body(statement))


def ask_signed_by(world: World, name: str) -> Any:
    statement = world.request_statement(name, requester=world.id("gus"))
    return requests.open_request(world.ctx, world.caller("gus"), body(statement))


def ask_in_the_name_of(world: World, caller: str) -> Any:
    statement = world.request_statement("gus")
    return requests.open_request(world.ctx, world.caller(caller), body(statement))


def asked_again(world: World) -> Any:
    return requests.open_request(
        world.ctx, world.caller("gus"), body(world.asked[NAMED["pending"]])
    )


ASKS: list[tuple[str, str, Act]] = [
    ("the very statement again", "replayed", asked_again),
    ("an id used before", "replayed", lambda w: ask(w, request=NAMED["pending"])),
    (
        "a recipient key used before",
        "wrong-recipient",
        lambda w: ask(w, recipient_key=w.asked[NAMED["closed"]].payload["recipient_key"]),
    ),
    (
        "a small-order recipient key",
        "malformed",
        lambda w: ask(w, recipient_key=b64encode(bytes(32))),
    ),
    ("by a custodian", "not-in-roster", lambda w: ask(w, "ann")),
    ("by a stranger", "not-found", lambda w: ask(w, "eve")),
    ("by the operator", "not-in-roster", lambda w: ask(w, "olga")),
    ("signed by another", "bad-signature", lambda w: ask_signed_by(w, "ann")),
    ("posted by another", "wrong-person", lambda w: ask_in_the_name_of(w, "ann")),
    ("an unknown account", "not-found", lambda w: ask(w, account="999999999999")),
    ("an account of others", "not-found", lambda w: ask(w, account=OTHER_ACCOUNT)),
    (
        "an account without a roster",
        "no-roster",
        lambda w: ask(w, "olga", account=OTHER_ACCOUNT),
    ),
    ("another roster", "stale-roster", lambda w: ask(w, roster="4" * 64)),
    ("another envelope", "wrong-envelope", lambda w: ask(w, manifest="5" * 64)),
    (
        "a superseded envelope",
        "wrong-envelope",
        lambda w: ask(w, manifest=w.manifests["superseded"].digest),
    ),
    ("longer than the policy", "policy", lambda w: ask(w, lifetime=3601)),
    ("a window beyond the policy", "policy", lambda w: ask(w, window=901)),
    ("no time at all", "malformed", lambda w: ask(w, lifetime=0)),
    ("a boolean for a number", "malformed", lambda w: ask(w, lifetime=True)),
    ("without a reason", "reason-needed", lambda w: ask(w, reason=" \n")),
    ("something else, unsaid", "reason-needed", lambda w: ask(w, task="other")),
    ("an unknown task", "unknown-task", lambda w: ask(w, task="make-coffee")),
    ("a drill for a real task", "unknown-task", lambda w: ask(w, task="drill")),
    ("offline through the front door", "malformed", lambda w: ask(w, offline=True)),
    ("an unknown field", "malformed", lambda w: ask(w, colour="red")),
    ("a reason that reads backwards", "malformed", lambda w: ask(w, reason="a\u202eb")),
]


@pytest.mark.act("request.open")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in ASKS])
def test_a_bad_request_is_refused_and_leaves_nothing(world: World, code: str, act: Act) -> None:
    refused(world, code, act)


# --- the requester's words, and reviews ---


def word(world: World, kind: str, name: str = "gus", caller: str = "gus", **fields: Any) -> Any:
    """A release, cancellation or closure with something wrong in it."""
    request = NAMED["approved" if kind != "closure" else "released"]
    statement = world.word(kind, request, name, **fields)
    use_case = {
        "release": releases.release,
        "cancellation": endings.cancel,
        "closure": endings.close,
    }[kind]
    return use_case(world.ctx, world.caller(caller), request, body(statement))


def extra(kind: str) -> dict[str, str]:
    return {"release": {}, "cancellation": {"reason": "r"}, "closure": {"summary": "s"}}[kind]


KINDS = ("release", "cancellation", "closure")


@pytest.mark.parametrize("kind", KINDS)
def test_a_requesters_word_about_another_request_is_refused(world: World, kind: str) -> None:
    other = digest_of(world, "pending")
    refused(world, "wrong-request", lambda w: word(w, kind, request=other, **extra(kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_else_can_say_the_requesters_word(world: World, kind: str) -> None:
    gus = world.id("gus")
    refused(world, "wrong-person", lambda w: word(w, kind, caller="ann", **extra(kind)))
    refused(world, "bad-signature", lambda w: word(w, kind, "ann", requester=gus, **extra(kind)))
    refused(
        world,
        "not-in-roster",
        lambda w: word(w, kind, "ann", "ann", requester=w.id("ann"), **extra(kind)),
    )


def review(world: World, name: str, caller: str = "", **changes: Any) -> Any:
    fields = {
        "request": digest_of(world, "review_due"),
        "group": "password",
        "reviewer": world.id(name),
        "rotated": True,
        "note": "",
    }
    statement = world.sign(name, "review", **(fields | changes))
    return endings.review(
        world.ctx, world.caller(caller or name), NAMED["review_due"], body(statement)
    )


REVIEWS: list[tuple[str, str, Act]] = [
    ("by the requester", "self-approval", lambda w: review(w, "gus")),
    ("by a stranger", "not-in-roster", lambda w: review(w, "eve")),
    ("for the other group", "wrong-group", lambda w: review(w, "dea")),
    ("of another request", "wrong-request", lambda w: review(w, "ann", request="6" * 64)),
    ("in another's name", "wrong-person", lambda w: review(w, "ann", caller="bob")),
    ("signed by another", "bad-signature", lambda w: review(w, "bob", "ann", reviewer=w.id("ann"))),
]


@pytest.mark.act("request.review")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in REVIEWS])
def test_a_bad_review_is_refused_and_leaves_nothing(world: World, code: str, act: Act) -> None:
    refused(world, code, act)


# --- reading ---


READS: list[tuple[str, str, Act]] = [
    (
        "a stranger's look at a request",
        "not-found",
        lambda w: requests.show(w.ctx, w.caller("eve"), NAMED["pending"]),
    ),
    (
        "an unknown request",
        "not-found",
        lambda w: requests.show(w.ctx, w.caller("gus"), random_uuid()),
    ),
    (
        "somebody else's fetch",
        "not-found",
        lambda w: releases.fetch(w.ctx, w.caller("olga"), NAMED["released"]),
    ),
    (
        "a custodian's fetch",
        "not-found",
        lambda w: releases.fetch(w.ctx, w.caller("ann"), NAMED["released"]),
    ),
    (
        "a stranger's list of an account",
        "not-found",
        lambda w: requests.listing(w.ctx, w.caller("eve"), account=ACCOUNT),
    ),
    (
        "a stranger's events of an account",
        "not-found",
        lambda w: history.events(w.ctx, w.caller("eve"), account=ACCOUNT),
    ),
    ("a custodian's export", "not-allowed", lambda w: history.export(w.ctx, w.caller("ann"))),
    (
        "a stranger's proof",
        "not-found",
        lambda w: history.proof(w.ctx, w.caller("eve"), 2),
    ),
    (
        "a stranger's leaf",
        "not-found",
        lambda w: history.leaves(w.ctx, w.caller("eve"), start=2, count=1),
    ),
    (
        "a leaf beyond the end",
        "not-found",
        lambda w: history.leaves(w.ctx, w.caller("aud"), start=10_000),
    ),
]


@pytest.mark.act("request.show", "request.list", "event.list", "event.export", "leaf.list")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in READS])
def test_what_is_not_theirs_to_read_does_not_exist(world: World, code: str, act: Act) -> None:
    refused(world, code, act)


def test_a_stranger_sees_no_request_in_any_list(world: World) -> None:
    assert requests.listing(world.ctx, world.caller("eve")).requests == []
    assert history.events(world.ctx, world.caller("eve")).events == []
