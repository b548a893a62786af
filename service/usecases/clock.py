"""Letting the log go on although the clock is behind it."""

from dataclasses import dataclass
from datetime import timedelta

from crypto.encoding import format_time
from service.domain import errors
from service.domain.events import SERVICE, Action, Event
from service.storage import invitations, log, sessions
from service.usecases.context import MAX_CLOCK_LAG, Context, Unit
from service.usecases.settling import restart_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """How far the clock was behind the last event, and how many requests expired by it."""

    leaf: int
    behind: timedelta
    expired: int


def accept(ctx: Context, actor: str) -> Accepted:
    """Restart the log's time at the clock's, in an event that is announced.

    In the same transaction everything that collects approvals expires, every window, session and
    enrolment link ends: what began at a time that is now ahead would last longer than anyone
    signed.

    Raises:
        WrongStateError: the clock is not more than five minutes behind; there is nothing to accept.
    """
    with ctx.database.write() as session:
        unit = Unit(session, ctx.clock(), ctx.default_channel)
        last = log.head(session).last_at
        if last is None or unit.now >= last - MAX_CLOCK_LAG:
            raise errors.WrongStateError("the clock is not behind the log: nothing to accept")
        # Their ends were counted by the clock that was ahead: they would live on for the whole lag.
        sessions.end_everybodys(session, unit.now)
        invitations.close_all(session, unit.now)
        ended = restart_all(unit)
        count = sum(event.action is Action.REQUEST_EXPIRED for event in ended)
        event = Event(
            action=Action.CLOCK_ACCEPTED,
            actor=actor,
            subject=SERVICE,
            details={"last_event": format_time(last), "expired": count},
        )
        [leaf, *_] = unit.record(event, *ended, restart_clock=True)
    return Accepted(leaf=leaf, behind=last - unit.now, expired=count)
