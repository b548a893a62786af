"""What the service gives a device that is about to sign, and what it takes of its word about both.

Proofs travel with the subject. A statement that names another log, or a request that names another
time, is refused.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.encoding import b64decode, canonical
from crypto.errors import VerificationError
from crypto.leaf import encode_leaf, parse_leaf
from crypto.merkle import leaf_hash, verify_consistency, verify_inclusion
from crypto.note import NoteVerifier
from crypto.statement import Statement, parse
from service.domain.request import CLOCK_SLACK
from service.storage.errors import GuardMissingError
from service.usecases import checkpoints, envelopes, requests, rosters
from service.usecases.envelopes import paper
from service.wire.log import LogView
from tests.cast import ACCOUNT
from tests.conftest import HandClock
from tests.usecases.bodies import body
from tests.usecases.refusals.conftest import refused
from tests.usecases.world import World


def accepted(world: World) -> Statement:
    """The newest roster with the signatures under which it was accepted."""
    newest = rosters.show(world.ctx, world.caller("ann"), ACCOUNT).chain[-1]
    return parse(canonical(newest.model_dump()))


def proved(view: LogView | None, *statements: Statement) -> list[str]:
    """The actions that a view proves, with these statements' bytes put in where they belong."""
    assert view is not None
    head = open_checkpoint(view.checkpoint, NoteVerifier.from_vkey(view.verifier_key))
    actions = []
    for shown in view.leaves:
        leaf = parse_leaf(b64decode(shown.leaf))
        assert leaf.statement == b""
        filled = [replace(leaf, statement=raw) for raw in (b"", *(s.raw for s in statements))]
        path = [b64decode(item) for item in shown.path]
        assert leaf.seq == shown.seq
        fits = [one for one in filled if _stands(encode_leaf(one), shown.seq, head, path)]
        actions += [one.action + ("" if one.statement else " unsigned") for one in fits]
    return actions


def _stands(data: bytes, seq: int, head: Checkpoint, path: list[bytes]) -> bool:
    try:
        verify_inclusion(leaf_hash(data), seq, head.size, path, head.root)
    except VerificationError:
        return False
    return True


def test_a_request_comes_with_what_proves_it(ready: World) -> None:
    request = ready.ask()
    ready.approve("ann", request)
    shown = requests.show(ready.ctx, ready.caller("dea"), request, seen=0)
    approval = parse(canonical(shown.decisions[0].statement.model_dump()))
    statements = [accepted(ready), ready.manifests["newest"], ready.asked[request], approval]
    assert proved(shown.log, *statements) == [
        "roster:accepted",
        "envelope:sealed",
        "request:opened",
        "request:approved",
    ]


def test_a_view_continues_what_the_caller_has_seen(ready: World) -> None:
    first = envelopes.listing(ready.ctx, ready.caller("ann"), ACCOUNT, seen=0).log
    ready.ask()
    assert first is not None
    then = envelopes.listing(ready.ctx, ready.caller("ann"), ACCOUNT, seen=first.size).log
    assert then is not None
    verifier = NoteVerifier.from_vkey(then.verifier_key)
    old, new = (
        open_checkpoint(first.checkpoint, verifier),
        open_checkpoint(then.checkpoint, verifier),
    )
    assert old.size < new.size == then.size
    hashes = [b64decode(item) for item in then.consistency]
    verify_consistency(old.size, new.size, old.root, new.root, hashes)
    statements = [accepted(ready), ready.manifests["newest"]]
    assert proved(then, *statements) == ["roster:accepted", "envelope:sealed"]


def test_a_chain_comes_with_the_newest_acceptance_and_the_draft(ready: World) -> None:
    before = rosters.show(ready.ctx, ready.caller("ann"), ACCOUNT, seen=0)
    assert proved(before.log, accepted(ready)) == ["roster:accepted"]
    ready.draft(name="payments, renamed")
    ready.draft(name="payments, renamed again")
    after = rosters.show(ready.ctx, ready.caller("ann"), ACCOUNT, seen=0)
    assert after.draft is not None
    assert after.log is not None
    assert proved(after.log, accepted(ready)) == ["roster:accepted", "roster:drafted unsigned"]
    drafted = parse_leaf(b64decode(after.log.leaves[-1].leaf))
    assert drafted.details["roster"] == after.draft.digest


def test_without_a_guard_everything_is_shown_and_nothing_is_proved(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = ready.ask()

    def unreachable(*_: object) -> str:
        raise GuardMissingError(Path("log.guard"))

    monkeypatch.setattr(type(ready.ctx.signer), "checkpoint", unreachable)
    ann = ready.caller("ann")
    assert requests.show(ready.ctx, ann, request, seen=0).log is None
    assert rosters.show(ready.ctx, ann, ACCOUNT, seen=0).log is None
    assert envelopes.listing(ready.ctx, ann, ACCOUNT, seen=0).log is None


# --- heads ---


def head_of(world: World) -> dict[str, Any]:
    view = checkpoints.log_view(world.ctx, seen=0, leaves=())
    assert view is not None
    head = open_checkpoint(view.checkpoint, NoteVerifier.from_vkey(view.verifier_key))
    return {"log_size": head.size, "log_root": head.root.hex()}


def test_a_statement_may_name_any_head_that_the_log_had(ready: World) -> None:
    old = head_of(ready)
    ready.ask()
    now = head_of(ready)
    assert old["log_size"] != now["log_size"]
    for head in (old, now):
        ready.ask(**head)


LIES: list[tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = [
    ("above the log", lambda head: {**head, "log_size": head["log_size"] + 9}),
    ("another root", lambda head: {**head, "log_root": "ab" * 32}),
    ("an old size with today's root", lambda head: {**head, "log_size": 3}),
]


@pytest.mark.parametrize("lie", [lie for _, lie in LIES], ids=[name for name, _ in LIES])
def test_a_statement_of_another_log_is_refused(
    ready: World, lie: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    request, head = ready.ask(), head_of(ready)
    refused(ready, "log-forked", lambda w: w.ask(**lie(head)))
    refused(ready, "log-forked", lambda w: w.approve("ann", request, **lie(head)))
    printed = ready.sign(
        "ann",
        "paper",
        manifest=ready.manifests["newest"].digest,
        group="password",
        custodian=ready.id("ann"),
        place="",
        **lie(head),
    )
    refused(ready, "log-forked", lambda w: paper(w.ctx, w.caller("ann"), body(printed)))


# --- the signed time of a request ---


@pytest.mark.parametrize("way", [1, -1], ids=["behind", "ahead"])
def test_a_request_is_signed_within_ten_minutes_of_its_entry(
    ready: World, clock: HandClock, way: int
) -> None:
    now, gus = clock(), ready.caller("gus")
    signed = []
    for apart in (CLOCK_SLACK + timedelta(seconds=1), CLOCK_SLACK):
        clock.time = now - way * apart
        signed.append(ready.request_statement())
    clock.time = now
    refused(ready, "clock-differs", lambda w: requests.open_request(w.ctx, gus, body(signed[0])))
    assert requests.open_request(ready.ctx, gus, body(signed[1])).id
