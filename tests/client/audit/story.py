"""A log in which everything that can happen has happened, written by the real use cases."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from service.domain.events import SERVICE, Action, Event
from service.storage import log
from service.storage.base import Base
from service.storage.database import Database
from service.storage.signer import Signer
from service.usecases import clock as clocks
from service.usecases import envelopes, offline, releases
from service.usecases.settling import settle_due
from service.wire.requests import OfflineImport
from tests.cast import CUSTODIANS, EVERYBODY, identity_statement
from tests.conftest import ORIGIN, HandClock
from tests.salts import keep_salt_key
from tests.usecases.bodies import body, wire
from tests.usecases.world import World, make_world


def start(world: World) -> None:
    """The first entry, as setting up writes it, unless it is there."""
    with world.ctx.write() as unit:
        if log.head(unit.session).size:
            return
        unit.record(Event(action=Action.LOG_STARTED, actor="ops:root", subject=SERVICE))


def enrol(world: World) -> None:
    """Put everybody into the database, and their identities into the log as enrolment does."""
    world.enrol_everybody(without_leaves=False)
    events = []
    for name in EVERYBODY:
        public = world.who(name).identity.public
        statement = identity_statement(name)
        events.append(
            Event(
                action=Action.IDENTITY_ENROLLED,
                actor=world.id(name),
                subject=world.id(name),
                details={"fingerprint": public.keyid},
                statement=statement.raw,
            )
        )
    with world.ctx.write() as unit:
        unit.record(*events)


def begin(world: World) -> None:
    """Everything up to an envelope in force."""
    start(world)
    enrol(world)
    world.register()
    world.accept_roster()
    world.seal()
    world.confirm(*CUSTODIANS)


def release_and_after(world: World) -> str:
    """A release with everything that may follow it; returns the request."""
    request = world.ask()
    world.clock.advance(minutes=1)
    world.approve("ann", request)
    world.deny("ann", request)
    world.clock.advance(minutes=1)
    world.approve("ann", request)
    for name in ("bob", "dea", "eli"):
        world.approve(name, request)
    world.deny("eli", request)
    world.clock.advance(seconds=5)
    world.approve("eli", request)
    world.release(request)
    world.approve("fay", request)
    releases.fetch(world.ctx, world.caller("gus"), request)
    world.close(request)
    world.rotate(request)
    world.review("ann", request)
    world.review("fay", request, rotated=False)
    world.clock.advance(minutes=1)
    world.rotate(request)
    world.review("ann", request)
    world.review("fay", request)
    return request


def endings(world: World) -> None:
    """A drill, a denial that ends, a cancellation, an expiry, and an exposure by their union."""
    drill = world.ask(drill=True)
    world.approve_all(drill)
    world.release(drill)
    denied = world.ask()
    world.approve("ann", denied)
    world.approve("dea", denied)
    world.deny("bob", denied)
    world.deny("cem", denied)
    cancelled = world.ask()
    world.approve("bob", cancelled)
    world.cancel(cancelled)
    expired = world.ask()
    world.approve("eli", expired)
    world.clock.advance(hours=2)
    settle_due(world.ctx)


def changes(world: World) -> None:
    """What a newer envelope and a newer roster do to what is open, and a window that ends."""
    released = world.ask()
    world.approve_all(released)
    world.release(released)
    open_ = world.ask()
    world.approve("ann", open_)
    world.rotate(released)
    second = world.ask()
    world.approve_all(second)
    world.release(second)
    world.clock.advance(minutes=20)
    settle_due(world.ctx)
    third = world.ask()
    world.approve("ann", third)
    world.accept_roster(("ann", "bob", "dea", "eli"), name="payments eu")
    world.rotate(second)
    envelopes.paper(
        world.ctx,
        world.caller("ann"),
        body(
            world.sign(
                "ann",
                "paper",
                manifest=world.manifests["newest"].digest,
                group="password",
                custodian=world.id("ann"),
                place="",
            )
        ),
    )


def without_the_service(world: World) -> None:
    """A release by hand, brought in afterwards, and a clock that was behind."""
    asked = world.request_statement(offline=True)
    world.asked[asked.payload["request"]] = asked
    number = asked.payload["request"]
    decided = [
        world.decision(n, number, share=world.reseal(n, number)) for n in ("ann", "bob", "dea")
    ]
    decided.append(world.decision("eli", number, share=world.reseal("eli", number)))
    offline.bring_in(
        world.ctx,
        world.caller("ann"),
        OfflineImport(
            request=wire(asked),
            decisions=[wire(d) for d in decided],
            release=wire(world.word("release", number)),
        ),
    )
    late = world.ask()
    world.approve("ann", late)
    world.clock.advance(minutes=-30)
    clocks.accept(world.ctx, "ops:root")
    world.clock.advance(minutes=1)
    world.ask()


def leaves_of(world: World) -> list[bytes]:
    """The whole log, as it was hashed."""
    with world.ctx.read() as unit:
        return log.read_leaves(unit.session, 0, 10_000)


def tell() -> list[bytes]:
    """The whole story on a database that is gone afterwards."""
    with TemporaryDirectory() as folder, a_world(Path(folder)) as world:
        begin(world)
        release_and_after(world)
        endings(world)
        changes(world)
        without_the_service(world)
        return leaves_of(world)


@contextmanager
def a_world(folder: Path) -> Iterator[World]:
    database, clock = Database(f"sqlite:///{folder / 'story.db'}", folder), HandClock()
    Base.metadata.create_all(database.engine)
    keep_salt_key(database)
    signer = Signer.create(database, folder, ORIGIN, clock)
    try:
        yield make_world(database, signer, folder, clock)
    finally:
        database.dispose()
