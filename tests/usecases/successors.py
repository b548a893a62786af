"""An account whose roster lets requesters seal after their own release."""

from collections.abc import Sequence
from typing import Any

from service.storage import people as stored_people
from service.storage import statements
from tests.cast import POLICY, Somebody, identity_statement
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


def renew(world: World, person: Somebody) -> None:
    """Enrol someone with other keys."""
    statement = identity_statement(person.name, person.identity)
    with world.ctx.write() as unit:
        public, at = person.identity.public, unit.now
        stored_people.add_identity(unit.session, person.id, public, digest=statement.digest, at=at)
        statements.keep(unit.session, statement, about="", person=person.id, seq=-100, at=at)


def found(world: World, *, lets: bool = True) -> World:
    """Everybody is enrolled, the roster is in force, and Eve has sealed."""
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


def succeed(world: World, *requests: str, by: str = "gus", **changes: Any) -> str:
    """A requester seals after these releases; returns the manifest's digest."""
    after = sorted(world.asked[request].digest for request in requests)
    world.seal(by=by, **({"after_requests": after} | changes))
    return world.manifests["newest"].digest
