"""Accounts in which everything is ready to be approved and released, signed beforehand."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crypto.encoding import b64encode
from crypto.randomness import random_uuid
from service import clock
from service.bootstrap import AT_REST_FILE, build
from service.config import Settings
from service.domain.sessions import Session, SessionKind
from service.ops import migrate
from service.storage import sessions
from service.storage.at_rest import AtRest
from service.storage.database import Database
from service.storage.signer import Signer
from service.usecases import tokens
from service.usecases.context import Context
from service.wire.requests import Decide
from tests.cast import CUSTODIANS, EVERYBODY
from tests.conftest import HandClock
from tests.usecases.bodies import body, wire
from tests.usecases.world import World

APPROVERS = ("ann", "bob", "dea", "eli")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request with the bodies that lead it to its release; ``approvals`` by name."""

    account: str
    request: str
    approvals: Sequence[tuple[str, bytes]]
    release: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """What clients have: cases, everybody's token, and signing keys in hexadecimal by their ids.

    ``cookies`` are tokens too, of sessions in a browser.
    """

    cases: Sequence[Case]
    tokens: Mapping[str, str]
    cookies: Mapping[str, str]
    signers: Mapping[str, str]


@contextmanager
def environment(state_dir: Path, port: int, database_url: str) -> Iterator[Settings]:
    """The settings of one server, in this process's environment for as long as the block lasts."""
    named = {
        "BREAKGLASS_STATE_DIR": str(state_dir),
        "BREAKGLASS_BIND": f"127.0.0.1:{port}",
        "BREAKGLASS_URL": f"http://localhost:{port}",
        "BREAKGLASS_DATABASE_URL": database_url,
    }
    before = {name: value for name, value in os.environ.items() if name.startswith("BREAKGLASS_")}
    for name in before:
        del os.environ[name]
    os.environ.update(named)
    try:
        yield Settings()
    finally:
        for name in named:
            del os.environ[name]
        os.environ.update(before)


def set_up(read: Settings, accounts: int) -> Organisation:
    """Make a service with so many accounts, each with an envelope and a request of its own."""
    hand = HandClock()
    hand.time = clock.now()
    first = found(read, hand)
    ctx = first.ctx
    cases = [_case(ctx, hand, f"{number:012}") for number in range(1, accounts + 1)]
    bearer, cookie = SessionKind.BEARER, SessionKind.COOKIE
    opened = {name: signed_in(ctx, first.id(name), bearer) for name in EVERYBODY}
    cookies = {name: signed_in(ctx, first.id(name), cookie) for name in EVERYBODY}
    keys = [first.who(name).identity.public for name in EVERYBODY]
    ctx.database.dispose()
    signers = {public.keyid: public.signing_key.hex() for public in keys}
    return Organisation(cases=cases, tokens=opened, cookies=cookies, signers=signers)


def found(read: Settings, now: clock.Clock) -> World:
    """Make a service in which everybody is enrolled and there is no account."""
    read.state_dir.mkdir(mode=0o700, exist_ok=True)
    database = Database(read.database, read.state_dir)
    migrate.upgrade(database)
    Signer.create(database, read.state_dir, read.origin, clock.now)
    AtRest.create(read.state_dir / AT_REST_FILE)
    database.dispose()
    world = World(ctx=build(read), clock=now)
    world.enrol_everybody()
    return world


def sealed(ctx: Context, now: clock.Clock, account: str) -> World:
    """An account whose password is sealed, and confirmed by all."""
    world = World(ctx=ctx, clock=now, account=account)
    world.register(account)
    world.accept_roster()
    world.seal()
    world.confirm(*CUSTODIANS)
    return world


def _case(ctx: Context, hand: HandClock, account: str) -> Case:
    world = sealed(ctx, hand, account)
    request = world.ask()
    return Case(
        account=account,
        request=request,
        approvals=[(name, _approval(world, name, request)) for name in APPROVERS],
        release=body(world.word("release", request)).model_dump_json().encode(),
    )


def _approval(world: World, name: str, request: str) -> bytes:
    share = world.reseal(name, request)
    posted = Decide(
        statement=wire(world.decision(name, request, share=share)),
        resealed_share=b64encode(share),
    )
    return posted.model_dump_json(exclude_none=True).encode()


def signed_in(ctx: Context, person: str, kind: SessionKind) -> str:
    """The token of a new session, as if the person had just signed in."""
    token = tokens.new()
    with ctx.write() as unit:
        now = clock.now()
        session = Session(
            id=random_uuid(),
            person=person,
            kind=kind,
            created_at=now,
            last_used_at=now,
            fresh_at=now,
        )
        sessions.add(unit.session, session, digest=tokens.digest(token))
    return token
