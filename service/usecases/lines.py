"""The lines of one AWS account: what may be registered, and who hears of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from service.domain import errors
from service.domain.events import Event
from service.domain.lines import Registered, announced, check_next, day_due
from service.storage import accounts
from service.storage.tables import AccountRow
from service.usecases.context import Context, Unit


def beside(unit: Unit, account: str) -> Sequence[str]:
    """Accept a line that may be registered now; returns the lines that there are, first one first.

    Raises:
        TakenError, LineOrderError, LineTooSoonError: see ``domain.lines.check_next``.
    """
    found = accounts.lines(unit.session, account)
    known = [Registered(account=row.id, at=_when(row.registered_at)) for row in found]
    check_next(account, known, unit.now)
    return [line.account for line in known]


def announce_due(ctx: Context) -> int:
    """Write down, once a day for a week, that a further line was registered; returns how many.

    For the worker. Each line of the same AWS account gets its own event, so that all their people
    hear of it.
    """
    try:
        with ctx.write() as unit:
            events = [
                event for row in accounts.announcing(unit.session) for event in _due(unit, row)
            ]
            if events:
                unit.session.flush()
                unit.record(*events)
    except (errors.ConflictError, errors.BusyRefusalError, errors.ClockBehindError):
        return 0  # the next round finds it again
    return len(events)


def _due(unit: Unit, row: AccountRow) -> Sequence[Event]:
    day = day_due(_when(row.registered_at), row.announced_day, unit.now)
    if not day:
        return ()
    row.announced_day = day
    lines = [line.id for line in accounts.lines(unit.session, row.id)]
    return announced(row.id, lines, day=day)


def _when(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
