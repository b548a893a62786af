"""An account whose roster lets requesters seal after their own release."""

from collections.abc import Sequence
from typing import Any

from service.domain.events import Action, Event
from service.storage import people as stored_people
from service.storage import statements
from service.usecases import offline
from service.wire.requests import OfflineImport
from tests.cast import POLICY, Somebody, identity_statement
from tests.usecases.bodies import wire
from tests.usecases.world import World

CONFIRM = ("ann", "bob", "dea", "eli")
ASKS = ("gus", "fay")  # Eve seals


def letting(
    world: World, *, lets: bool = True, signers: Sequence[str] = (), **changes: Any
) -> None:
    """A version in which Gus and Fay ask and only Eve seals."""
    groups = {
        "password": {"threshold": 2, "custodians": [world.id(n) for n in ("ann", "bob", "cem")]},
        "mfa": {"threshold": 2, "custodians": [world.id(n) for n in ("dea", "eli")]},
    }
    fields = {
        "groups": groups,
        "requesters": sorted(map(world.id, ASKS)),
        "sealers": [world.id("eve")],
        "policy": POLICY | {"requester_seals": lets},
        **changes,
    }
    asked = CONFIRM if world.roster else (*CONFIRM, "cem", *ASKS, "eve")
    world.accept_roster(signers or asked, **fields)


def renew(world: World, person: Somebody, *, logged: bool = False) -> None:
    """Enrol someone with other keys; ``logged`` writes the event too, for an audit."""
    statement, public = identity_statement(person.name, person.identity), person.identity.public
    event = Event(
        action=Action.IDENTITY_REPLACED,
        actor=person.id,
        subject=person.id,
        details={
            "fingerprint": public.keyid,
            "replaces": world.who(person.name).identity.public.keyid,
        },
        statement=statement.raw,
    )
    with world.ctx.write() as unit:
        session, at = unit.session, unit.now
        stored_people.add_identity(session, person.id, public, digest=statement.digest, at=at)
        if logged:
            unit.record(event)
            return
        statements.keep(session, statement, about="", person=person.id, seq=-100, at=at)


def found(world: World, *, lets: bool = True) -> World:
    """Everyone is enrolled, the roster is in force, and Eve has sealed."""
    world.enrol_everybody()
    return open_account(world, lets=lets)


def open_account(world: World, *, lets: bool = True) -> World:
    """The same for people who are enrolled already."""
    world.register()
    letting(world, lets=lets)
    world.seal(by="eve")
    world.confirm(*CONFIRM)
    return world


def released(world: World, name: str = "gus") -> str:
    """A requester asks, both groups approve, they release; returns the request."""
    request = world.ask(name)
    for custodian in CONFIRM:
        world.approve(custodian, request)
    world.release(request, name)
    return request


def imported(world: World, name: str = "gus", *, with_release: bool = True) -> str:
    """The same without the service, brought in afterwards; perhaps without the release itself."""
    asked = world.request_statement(name, offline=True)
    number: str = asked.payload["request"]
    world.asked[number] = asked
    decided = [world.decision(n, number, share=world.reseal(n, number)) for n in CONFIRM]
    release = wire(world.word("release", number, name)) if with_release else None
    body = OfflineImport(
        request=wire(asked), decisions=[wire(one) for one in decided], release=release
    )
    offline.bring_in(world.ctx, world.caller("ann"), body)
    return number


def succeed(world: World, *requests: str, by: str = "gus", **changes: Any) -> str:
    """A requester seals after these releases; returns the manifest's digest."""
    after = sorted(world.asked[request].digest for request in requests)
    world.seal(by=by, **({"after_requests": after} | changes))
    return world.manifests["newest"].digest
