"""Sessions: rows in, domain values out. A token is known by its SHA-256 alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session as Transaction

from service.domain.person import Person
from service.domain.sessions import ABSOLUTE, Session, SessionKind
from service.storage.base import table_of
from service.storage.log_tables import audit_head
from service.storage.people_tables import PersonRow, SessionRow

KEPT_AFTER_END = timedelta(days=30)
_SESSION, _PERSON = table_of(SessionRow), table_of(PersonRow)
_BY_TOKEN = (
    select(
        _SESSION,
        _PERSON.c.email,
        _PERSON.c.name,
        _PERSON.c.operator,
        _PERSON.c.auditor,
        audit_head.c.last_at.label("log_at"),
    )
    .join(_PERSON, _PERSON.c.id == _SESSION.c.person)
    .join(audit_head, audit_head.c.id == 1)
    .where(_SESSION.c.digest == bindparam("digest"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A session, whose it is, and the time of the log's last event, which no session is before."""

    session: Session
    person: Person
    log_at: datetime


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _session(row: SessionRow | Row[Any]) -> Session:
    return Session(
        id=row.id,
        person=row.person,
        kind=SessionKind(row.kind),
        created_at=_time(row.created_at),
        last_used_at=_time(row.last_used_at),
        fresh_at=_time(row.fresh_at),
        ended_at=None if row.ended_at is None else _time(row.ended_at),
    )


def by_token(connection: Connection, digest: str) -> Found | None:
    """The session whose token has this SHA-256, also one that is over.

    Every call of the API asks this, so it is one query.
    """
    row = connection.execute(_BY_TOKEN, {"digest": digest}).one_or_none()
    if row is None:
        return None
    person = Person(
        id=row.person, email=row.email, name=row.name, operator=row.operator, auditor=row.auditor
    )
    return Found(session=_session(row), person=person, log_at=_time(row.log_at))


def live(transaction: Transaction, person: str, now: datetime) -> list[Session]:
    """The person's sessions that still count, newest first."""
    rows = transaction.scalars(
        select(SessionRow)
        .where(SessionRow.person == person, SessionRow.ended_at.is_(None))
        .order_by(SessionRow.created_at.desc(), SessionRow.id)
    )
    return [session for session in map(_session, rows) if session.live(now)]


def add(transaction: Transaction, session: Session, *, digest: str) -> None:
    """Store a session that begins now; ``digest`` is the SHA-256 of its token."""
    transaction.add(
        SessionRow(
            digest=digest,
            id=session.id,
            person=session.person,
            kind=session.kind.value,
            created_at=int(session.created_at.timestamp()),
            last_used_at=int(session.last_used_at.timestamp()),
            fresh_at=int(session.fresh_at.timestamp()),
        )
    )
    transaction.flush()


def touch(transaction: Transaction, session: str, at: datetime) -> None:
    """Write down that a session was used; never back in time."""
    seconds = int(at.timestamp())
    transaction.execute(
        update(SessionRow)
        .where(SessionRow.id == session, SessionRow.last_used_at < seconds)
        .values(last_used_at=seconds)
    )


def freshen(transaction: Transaction, session: str, at: datetime) -> None:
    """Write down that the person has signed in again."""
    transaction.execute(
        update(SessionRow).where(SessionRow.id == session).values(fresh_at=int(at.timestamp()))
    )


def end(transaction: Transaction, session: str, at: datetime) -> bool:
    """End one session; says whether it was not ended before."""
    return _end(transaction, SessionRow.id == session, at)


def end_all(transaction: Transaction, person: str, at: datetime) -> int:
    """End all sessions of a person; returns how many counted until now."""
    count = len(live(transaction, person, at))
    _end(transaction, SessionRow.person == person, at)
    return count


def end_others(transaction: Transaction, person: str, keep: str, at: datetime) -> None:
    """End all sessions of a person but one."""
    _end(transaction, (SessionRow.person == person) & (SessionRow.id != keep), at)


def end_everybodys(transaction: Transaction, at: datetime) -> None:
    """End every session there is."""
    _end(transaction, SessionRow.ended_at.is_(None), at)


def _end(transaction: Transaction, which: ColumnElement[bool], at: datetime) -> bool:
    done = transaction.execute(
        update(SessionRow)
        .where(which, SessionRow.ended_at.is_(None))
        .values(ended_at=int(at.timestamp()))
    )
    return isinstance(done, CursorResult) and done.rowcount > 0


def forget(transaction: Transaction, now: datetime) -> None:
    """Delete sessions that have been over for 30 days."""
    until = int((now - ABSOLUTE - KEPT_AFTER_END).timestamp())
    transaction.execute(delete(SessionRow).where(SessionRow.created_at <= until))
