"""Writing down what time has done. Nobody waits for it: every read and act computes the same."""

from service.domain import errors
from service.domain.case import event
from service.domain.events import Action, Event
from service.domain.request import COLLECTING, Step
from service.storage import accounts, requests
from service.usecases.context import Context, Unit
from service.usecases.loading import load, settled, store

BATCH = 100


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


def expire_all(unit: Unit) -> list[Event]:
    """Expire everything that collects: after a clock was set back, no lifetime means anything.

    Returns the events, for the transaction that accepts the clock.
    """
    events: list[Event] = []
    for row in accounts.everything(unit.session):
        accounts.lock(unit.session, row.id)
        for stored in requests.of_account(unit.session, row.id, COLLECTING):
            loaded = settled(unit, stored)
            if loaded.request.state in COLLECTING:
                loaded.move(loaded.request.moved(Step.EXPIRE))
                loaded.timed.append(event(Action.REQUEST_EXPIRED, loaded.request))
            store(unit, loaded)
            events += [*loaded.timed, *loaded.caused]
    return events
