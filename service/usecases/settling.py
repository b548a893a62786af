"""Writing down what time has done. Nothing waits for it: every read and act computes the same."""

from service.domain import errors
from service.domain.case import restart_clock
from service.domain.events import Event
from service.domain.request import COLLECTING, State
from service.storage import accounts, requests
from service.usecases.context import Context, Unit
from service.usecases.loading import Loaded, case_of, load, store

BATCH = 100
TIMED = COLLECTING | {State.RELEASED}


def settle_due(ctx: Context) -> int:
    """Record the expiries and ended windows that are due; returns how many.

    Each has a transaction of its own, so that one that cannot be written holds up no other.
    """
    with ctx.read() as unit:
        found = requests.due(unit.session, unit.now, limit=BATCH)
    return sum(_settle(ctx, request) for request in found)


def _settle(ctx: Context, request: str) -> int:
    try:
        with ctx.write() as unit:
            loaded = load(unit, request)
            if not loaded.timed:
                return 0
            store(unit, loaded)
            unit.session.flush()
            unit.record(*loaded.timed, *loaded.caused)
    except (errors.ConflictError, errors.BusyRefusalError, errors.ClockBehindError):
        return 0  # the next round finds it again
    return 1


def restart_all(unit: Unit) -> list[Event]:
    """Expire what collects and end what is released: a clock was set back.

    Returns the events, for the transaction that accepts the clock.
    """
    events: list[Event] = []
    for row in accounts.everything(unit.session):
        accounts.lock(unit.session, row.id)
        for stored in requests.of_account(unit.session, row.id, TIMED):
            after, done = restart_clock(stored.request)
            loaded = Loaded(stored=stored, case=case_of(unit.session, stored), timed=done)
            loaded.move(after)
            store(unit, loaded)
            events += [*loaded.timed, *loaded.caused]
    return events
