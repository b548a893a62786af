"""A log with a long past: an organisation's sign-ins and requests, as many events as asked for.

Of sixteen events eight are sign-ins and eight tell of one request. Accounts belong to five groups
of people, so most people never act for a given account, and most actions are never about one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.clock import now
from service.config import Settings
from service.domain.events import Action, Event
from service.domain.person import Person
from service.storage import log, people
from service.usecases.context import Caller, Context
from tests.benchmarks.organisation import found
from tests.conftest import HandClock

ACCOUNTS = [f"{number:012}" for number in range(1, 31)]
NAMED = 10  # of them have a roster, which names the same custodians
PEOPLE = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(40)]
GROUPS = 5
BLOCK = 16
SECONDS = 3  # from one event to the next
BATCH = 1000
_STEPS = (
    Action.REQUEST_OPENED,
    Action.REQUEST_APPROVED,
    Action.REQUEST_APPROVED,
    Action.REQUEST_APPROVED,
    Action.REQUEST_APPROVED,
)
_ENDS = (
    (Action.REQUEST_RELEASED, Action.REQUEST_CLOSED, Action.REQUEST_REVIEWED),
    (Action.REQUEST_RELEASED, Action.REQUEST_WINDOW_ENDED, Action.REQUEST_ROTATED),
    (Action.REQUEST_DENIED, Action.REQUEST_DENIED, Action.REQUEST_ENDED_BY_DENIAL),
    (Action.REQUEST_FETCHED, Action.REQUEST_FETCHED, Action.REQUEST_EXPIRED),
    (Action.REQUEST_DRILL_OVER, Action.REQUEST_REVIEWED, Action.REQUEST_FETCHED),
)


@dataclass(frozen=True, slots=True)
class Chronicle:
    """An installation whose log holds so many events, the last of them at ``end``."""

    ctx: Context
    auditor: Caller
    custodian: Caller
    size: int
    start: datetime
    end: datetime


def request_id(block: int) -> str:
    """The request that so many others came before."""
    return f"{block:08x}-0000-4000-8000-000000000001"


def event(number: int) -> Event:
    """One of the past."""
    block, place = divmod(number, BLOCK)
    if place < BLOCK // 2:
        person = PEOPLE[(block * 7 + place * 5) % len(PEOPLE)]
        details: dict[str, str | int | bool | list[str]] = {"session": f"{number:032x}"}
        return Event(action=Action.SESSION_OPENED, actor=person, subject=person, details=details)
    steps = (*_STEPS, *_ENDS[block % 7 % len(_ENDS)])
    account = block % len(ACCOUNTS)
    group = account % GROUPS
    return Event(
        action=steps[place - BLOCK // 2],
        actor=PEOPLE[group * 8 + (block + place) % 8],
        subject=ACCOUNTS[account],
        request=request_id(block),
        details={"group": "password", "counted": 1, "needed": 2, "state": "pending"},
    )


def _enrol(ctx: Context) -> None:
    with ctx.write() as unit:
        for number, person in enumerate(PEOPLE):
            name = f"person{number}"
            known = Person(
                id=person, email=f"{name}@corp.example", name=name, operator=False, auditor=False
            )
            people.save(unit.session, known, unit.now)


def written(read: Settings, size: int, told: Callable[[int], None] = lambda _: None) -> Chronicle:
    """Found an installation and write its past; its clock then stands at the last event.

    ``told`` hears of every hundred thousandth event.
    """
    clock = HandClock()
    clock.time = now()
    world = found(read, clock)
    _enrol(world.ctx)
    for number, account in enumerate(ACCOUNTS):
        named = replace(world, account=account, roster=None)
        named.register(account)
        if number < NAMED:
            named.accept_roster()
    ctx = replace(world.ctx, clock=clock)
    with ctx.database.read() as session:
        there, start = log.head(session).size, log.last_at(session) or clock.time
    for first in range(there, size, BATCH):
        batch = [event(number) for number in range(first, min(size, first + BATCH))]
        clock.time = start + timedelta(seconds=first * SECONDS)
        with ctx.database.write() as session:
            log.append(session, batch, at=clock.time)
        if first // 100_000 != (first + BATCH) // 100_000:
            told(first + BATCH)
    return Chronicle(
        ctx=ctx,
        auditor=world.caller("aud"),
        custodian=world.caller("ann"),
        size=size,
        start=start,
        end=clock.time,
    )
