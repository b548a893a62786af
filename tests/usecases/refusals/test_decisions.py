"""What no custodian may decide: every lie in a decision, in its share, in what comes with it."""

from typing import Any

import pytest

from crypto.encoding import b64encode, hex_digest
from crypto.randomness import random_bytes
from crypto.statement import Statement
from service.usecases import decisions
from service.wire.requests import Decide
from tests.usecases.bodies import wire
from tests.usecases.refusals.conftest import Act, refused
from tests.usecases.refusals.states import NAMED, digest_of, every_state
from tests.usecases.world import World


@pytest.fixture(scope="module")
def world(empty: World) -> World:
    return every_state(empty)


def decide(
    world: World,
    name: str,
    request: str = "pending",
    *,
    share: bytes | None = None,
    posted: bytes | None = None,
    caller: str = "",
    signer: str = "",
    **changes: Any,
) -> Any:
    """An approval with something wrong in it."""
    wanted = NAMED[request]
    share = world.reseal(name, wanted) if share is None else share
    fields = {
        "request": world.asked[wanted].digest,
        "group": world.group(name),
        "custodian": world.id(name),
        "decision": "approve",
        "reason": "",
        "resealed_share_digest": hex_digest(share),
    }
    statement = world.sign(signer or name, "decision", **(fields | changes))
    sent = Decide(
        statement=wire(statement),
        resealed_share=b64encode(share if posted is None else posted),
    )
    return decisions.decide(world.ctx, world.caller(caller or name), wanted, sent)


def deny(world: World, name: str, *, reason: str, share: bytes = b"") -> Any:
    denial = world.decision(name, NAMED["pending"], decision="deny", reason=reason)
    sent = Decide(statement=wire(denial), resealed_share=b64encode(share))
    return decisions.decide(world.ctx, world.caller(name), NAMED["pending"], sent)


def other_request(world: World) -> Any:
    return decide_raw(world, "bob", digest_of(world, "approved"))


def decide_raw(world: World, name: str, digest: str) -> Any:
    """A decision on ``digest``, posted to the pending request."""
    share = world.reseal(name, NAMED["pending"])
    fields = {
        "request": digest,
        "group": world.group(name),
        "custodian": world.id(name),
        "decision": "approve",
        "reason": "",
        "resealed_share_digest": hex_digest(share),
    }
    statement = world.sign(name, "decision", **fields)
    sent = Decide(statement=wire(statement), resealed_share=b64encode(share))
    return decisions.decide(world.ctx, world.caller(name), NAMED["pending"], sent)


def by_requester(world: World) -> Any:
    return by_outsider(world, "gus")


def by_stranger(world: World) -> Any:
    return by_outsider(world, "eve")


def by_outsider(world: World, name: str) -> Any:
    share = random_bytes(260)
    fields = {
        "request": digest_of(world, "pending"),
        "group": "mfa",
        "custodian": world.id(name),
        "decision": "approve",
        "reason": "",
        "resealed_share_digest": hex_digest(share),
    }
    statement = world.sign(name, "decision", **fields)
    sent = Decide(statement=wire(statement), resealed_share=b64encode(share))
    return decisions.decide(world.ctx, world.caller(name), NAMED["pending"], sent)


def with_receipt(world: World, name: str, receipt: Statement, **changes: Any) -> Any:
    """A decision that brings a receipt along."""
    share = world.reseal(name, NAMED["pending"]) if not changes else b""
    statement = world.decision(name, NAMED["pending"], share=share, **changes)
    sent = Decide(statement=wire(statement), resealed_share=b64encode(share), receipt=wire(receipt))
    return decisions.decide(world.ctx, world.caller(name), NAMED["pending"], sent)


def receipt_elsewhere(world: World) -> Any:
    other = world.receipt("bob", world.manifests["superseded"])
    return with_receipt(world, "bob", other)


DECISIONS: list[tuple[str, str, Act]] = [
    ("a second approval", "already-decided", lambda w: decide(w, "ann")),
    ("on another request", "wrong-request", other_request),
    ("for the other group", "wrong-group", lambda w: decide(w, "bob", group="mfa")),
    ("by the requester", "self-approval", by_requester),
    ("by a stranger", "not-in-roster", by_stranger),
    ("in another's name", "wrong-person", lambda w: decide(w, "bob", caller="cem")),
    ("signed by another", "bad-signature", lambda w: decide(w, "bob", signer="cem")),
    (
        "another share than was signed",
        "wrong-blob",
        lambda w: decide(w, "bob", posted=random_bytes(260)),
    ),
    ("no share at all", "wrong-length", lambda w: decide(w, "bob", posted=b"")),
    ("a share too short", "wrong-length", lambda w: decide(w, "bob", share=random_bytes(211))),
    ("a share too long", "wrong-length", lambda w: decide(w, "bob", share=random_bytes(345))),
    (
        "a drill's bytes for a real request",
        "wrong-length",
        lambda w: decide(w, "bob", share=random_bytes(133)),
    ),
    (
        "a drill that is too long",
        "wrong-length",
        lambda w: decide(w, "bob", "drill", share=random_bytes(134)),
    ),
    (
        "a real share in a drill",
        "wrong-length",
        lambda w: decide(w, "bob", "drill", share=w.reseal("bob", NAMED["pending"])),
    ),
    ("a denial without a reason", "reason-needed", lambda w: deny(w, "bob", reason=" ")),
    ("a denial with a share", "wrong-blob", lambda w: deny(w, "bob", reason="no", share=b"x")),
    (
        "a denial with a receipt",
        "malformed",
        lambda w: with_receipt(w, "bob", w.receipt("bob"), decision="deny", reason="no"),
    ),
    ("a receipt for another envelope", "wrong-envelope", receipt_elsewhere),
    (
        "a receipt that is there already",
        "already-confirmed",
        lambda w: with_receipt(w, "bob", w.receipt("bob")),
    ),
    (
        "a receipt of somebody else",
        "wrong-person",
        lambda w: with_receipt(w, "bob", w.receipt("cem")),
    ),
    ("with words of its own", "malformed", lambda w: decide(w, "bob", reason="looks right")),
]


@pytest.mark.act("request.decide")
@pytest.mark.parametrize(("code", "act"), [pytest.param(c, a, id=i) for i, c, a in DECISIONS])
def test_a_bad_decision_is_refused_and_leaves_nothing(world: World, code: str, act: Act) -> None:
    refused(world, code, act)
