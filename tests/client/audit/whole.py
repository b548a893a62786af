"""The story, and after it every other act that the log knows, as the service writes them."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from crypto.checkpoint import Checkpoint
from crypto.encoding import b64encode
from crypto.epoch import ACTION, Epoch
from crypto.identity import Identity
from crypto.leaf import Leaf, encode_leaf, parse_leaf
from crypto.merkle import leaf_hash, root
from crypto.randomness import random_uuid
from service.domain import errors
from service.domain.events import SERVICE, Action, Event
from service.usecases import (
    accounts,
    bundles,
    enrolment,
    history,
    lines,
    offline,
    papers,
    reading,
    roles,
    sessions,
    slots,
)
from service.wire.accounts import Channel
from service.wire.people import RoleWithdrawal
from service.wire.requests import OfflineImport
from tests.cast import ACCOUNT
from tests.client.audit import story
from tests.client.audit.exports import log
from tests.client.honest import ORIGIN
from tests.client.logs import Log
from tests.salts import salt_of
from tests.usecases.bodies import body, wire
from tests.usecases.people import acts
from tests.usecases.people.acts import OPERATOR, Phrase
from tests.usecases.world import World

LOST = 40  # the checkpoint that the epoch gives up is larger than the log by so many leaves


def people(world: World) -> None:
    """Enrolments, sessions, roles and key slots of people whom no roster names."""
    ctx = world.ctx
    nina = acts.enrol(ctx, "Nina", operator=True)
    omar = acts.enrol(ctx, "Omar", auditor=True)
    new, phrase = Identity.generate(), Phrase(salt=salt_of("Omar"))
    enrolment.enrol(ctx, acts.enrolment_of(acts.invite(ctx, "Omar", auditor=True), new, phrase))
    _failures(world)
    me = acts.caller(ctx, nina)
    slots.change(
        ctx, me, acts.slot_change(nina.identity, nina.person, Phrase(salt=salt_of("Nina")))
    )
    _passkey(world, nina.identity, nina.person)
    again = acts.Someone(person=omar.person, email=omar.email, identity=new, phrase=phrase)
    auditor = acts.caller(ctx, again)
    reading.note(ctx, auditor)
    history.export(ctx, auditor)
    sessions.revoke(ctx, auditor, auditor.session)
    acts.caller(ctx, again)
    roles.end_sessions(ctx, me, omar.person)
    roles.withdraw(ctx, me, omar.person, RoleWithdrawal(role="auditor"))


def _failures(world: World) -> None:
    acts.fail(world.ctx, times=2)
    unknown = acts.enrolment_of(
        acts.invite(world.ctx, "Nobody").model_copy(update={"token": "A" * 43}),
        Identity.generate(),
        Phrase(salt=salt_of("Nobody")),
    )
    with pytest.raises(errors.BadLinkError):
        enrolment.enrol(world.ctx, unknown)


def _passkey(world: World, identity: Identity, person: str) -> None:
    """A passkey that only signs in, added and removed: without the browser's part of it."""
    slot = random_uuid()
    fields = {"slot_kind": "sign-in-only", "credential": b64encode(b"a passkey")}
    for action, state in ((Action.SLOT_ADDED, "add"), (Action.SLOT_REMOVED, "remove")):
        signed = acts.slot_statement(
            identity, person, slot, b"", action=state, wrapped_root_digest="", **fields
        )
        _record(
            world,
            Event(
                action=action,
                actor=person,
                subject=person,
                details={"slot": slot, "kind": "sign-in-only"},
                statement=signed.raw,
            ),
        )


def _record(world: World, *events: Event) -> None:
    with world.ctx.write() as unit:
        unit.record(*events)


def a_line(world: World) -> None:
    """A further line of the account, and the notices of its first day."""
    world.register(f"{ACCOUNT}.2")
    world.clock.advance(days=1)
    lines.announce_due(world.ctx)


def by_hand(world: World) -> None:
    """A release without the service in which someone denied first, and which was closed."""
    asked = world.request_statement(offline=True)
    number = asked.payload["request"]
    world.asked[number] = asked
    denied = world.decision("ann", number, decision="deny", reason="who is this?")
    given = [
        world.decision(name, number, share=world.reseal(name, number))
        for name in ("ann", "bob", "dea", "eli")
    ]
    offline.bring_in(
        world.ctx,
        world.caller("dea"),
        OfflineImport(
            request=wire(asked),
            decisions=[wire(decision) for decision in (denied, *given)],
            release=wire(world.word("release", number)),
            closure=wire(world.word("closure", number, summary="done by hand")),
        ),
    )


def with_papers(world: World) -> None:
    """Two envelopes are opened with papers, the second before it is confirmed."""
    papers.take_report(world.ctx, body(world.papers()))
    world.seal(cause="rotation")
    papers.take_report(world.ctx, body(world.papers(place="")))
    world.confirm("ann", "bob", "dea", "eli")


def surroundings(world: World) -> None:
    """Channels, witnesses and bundles."""
    topic = "arn:aws:sns:eu-central-1:999988887777:notices"
    accounts.set_channel(world.ctx, OPERATOR, ACCOUNT, Channel(sns_topic_arn=topic))
    bundles.fetch(world.ctx, world.caller("ann"), ACCOUNT)
    fell = {"name": "ann", "slot": random_uuid()}
    _record(
        world,
        Event(
            action=Action.PASSKEY_FELL_BACK, actor=SERVICE, subject=world.id("ann"), details=fell
        ),
    )
    for action, details in (
        (Action.CHANNEL_FAILED, {"channel": topic, "fault": "NotFound"}),
        (Action.CHANNEL_RECOVERED, {"channel": topic}),
        (Action.WITNESS_SILENT, {"witness": "w.example", "fault": "ConnectError"}),
        (Action.WITNESS_REFUSED, {"witness": "w.example", "fault": "not-continued"}),
        (Action.WITNESS_RECOVERED, {"witness": "w.example"}),
    ):
        event = Event(action=action, actor=SERVICE, subject=SERVICE, details=dict(details))
        _record(world, event)


def _epoch(before: list[bytes]) -> list[bytes]:
    """The first leaf of an epoch, and what expires with it."""
    gone = [*before, *(b"lost" for _ in range(LOST))]
    lost = Log(leaves=gone, signer=log().signer)
    epoch = Epoch(
        size=len(before),
        root=root(map(leaf_hash, before)),
        continues=len(before) - 2,
        abandoned=Checkpoint(origin=ORIGIN, size=len(gone), root=root(map(leaf_hash, gone))),
        note=lost.checkpoint(),
        why="the disk broke",
    )
    read = [parse_leaf(data) for data in before]
    expired = next(leaf for leaf in read if leaf.action == Action.REQUEST_EXPIRED)
    pending = _pending(read)
    first = Leaf(
        seq=len(before),
        at=read[-1].at,
        actor="ops:nina",
        action=ACTION,
        subject=SERVICE,
        details=epoch.details(expired=len(pending)),
    )
    ends = [
        Leaf(
            seq=len(before) + 1 + n,
            at=read[-1].at,
            actor=SERVICE,
            action=expired.action,
            subject=ACCOUNT,
            request=request,
            details=expired.details,
        )
        for n, request in enumerate(pending)
    ]
    return [encode_leaf(leaf) for leaf in (first, *ends)]


def _pending(read: list[Leaf]) -> list[str]:
    states = {leaf.request: leaf.details["state"] for leaf in read if leaf.request}
    return [request for request, state in states.items() if state in {"pending", "approved"}]


@cache
def whole() -> tuple[bytes, ...]:
    """Every action, at least once."""
    with TemporaryDirectory() as folder, story.a_world(Path(folder)) as world:
        story.begin(world)
        a_line(world)
        story.release_and_after(world)
        story.endings(world)
        story.changes(world)
        story.without_the_service(world)
        by_hand(world)
        with_papers(world)
        people(world)
        surroundings(world)
        told = story.leaves_of(world)
    return (*told, *_epoch(told))


def whole_leaves() -> list[Leaf]:
    return [parse_leaf(data) for data in whole()]
