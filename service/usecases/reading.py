"""An auditor's reading is itself an event: the watchers are watched.

One event covers all reading of that person within five minutes from its time on, so that a page
that looks again every few seconds does not fill the log. Nothing is announced. Where nothing can be
written, reading goes on: an auditor is needed most when something is wrong.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.domain import errors
from service.domain.events import SERVICE, Action, Event
from service.storage import last_acts, log
from service.storage.errors import StorageError
from service.usecases.context import Caller, Context

TOGETHER = timedelta(minutes=5)


def note(ctx: Context, caller: Caller) -> None:
    """Write down that an auditor reads, unless the log already says so."""
    if not caller.auditor:
        return
    with suppress(errors.Refusal, StorageError, SQLAlchemyError):
        with ctx.read() as unit:
            if _noted(unit.session, caller.person, unit.now):
                return
        with ctx.write() as unit:
            log.lock(unit.session)  # of several calls at one moment, one is written down
            if not _noted(unit.session, caller.person, unit.now):
                unit.record(_event(caller))


def _event(caller: Caller) -> Event:
    return Event(
        action=Action.EVENTS_READ,
        actor=caller.person,
        subject=SERVICE,
        details={"minutes": int(TOGETHER.total_seconds() // 60)},
    )


def _noted(session: Session, person: str, now: datetime) -> bool:
    last = last_acts.last_at(session, person, Action.EVENTS_READ)
    return last is not None and now - last < TOGETHER
