"""Failures that are counted in the database, so that every instance sees the same ones.

The row over all is locked first: failures at a gate are counted one after the other.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.domain.attempts import (
    MOST_EACH,
    MOST_OVER_ALL,
    WINDOW,
    Tally,
    report_due,
)
from service.storage.people_tables import AttemptRow

_OVER_ALL = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the log has not heard yet: how many failures, and whom they concerned if known."""

    count: int
    people: tuple[str, ...]


def _tally(row: AttemptRow) -> Tally:
    return Tally(started_at=_time(row.started_at), failures=row.failures, unreported=row.unreported)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def limited(session: Session, gate: str, digest: str, now: datetime) -> bool:
    """Whether a further failure is to be left uncounted."""
    rows = session.scalars(
        select(AttemptRow).where(
            AttemptRow.gate == gate, AttemptRow.digest.in_([_OVER_ALL, digest])
        )
    )
    return any(
        _tally(row).limited(now, MOST_OVER_ALL if row.digest == _OVER_ALL else MOST_EACH)
        for row in rows
    )


def count(session: Session, gate: str, digest: str, *, person: str, now: datetime) -> bool:
    """Count one failure, unless there were too many; says whether it did.

    ``digest`` stands for an address or a link, ``person`` for whom it concerns, if known.
    """
    over_all = _locked(session, gate, now)
    if limited(session, gate, digest, now):
        return False
    _forget_old(session, gate, now)
    each = session.get(AttemptRow, (gate, digest))
    if each is None:
        each = _new(gate, digest, now)
        session.add(each)
    each.person = person
    for row in (over_all, each):
        tally = _tally(row).counted(now)
        row.started_at = int(tally.started_at.timestamp())
        row.failures, row.unreported = tally.failures, tally.unreported
    session.flush()
    return True


def take_report(session: Session, gate: str, now: datetime) -> Report | None:
    """What is to be logged now, if anything; from here on it counts as reported."""
    over_all = _locked(session, gate, now)
    reported_at = None if over_all.reported_at is None else _time(over_all.reported_at)
    if not over_all.unreported or not report_due(reported_at, now):
        return None
    unreported = AttemptRow.gate == gate, AttemptRow.unreported > 0
    people = session.scalars(
        select(AttemptRow.person).where(*unreported, AttemptRow.person != "").distinct()
    )
    report = Report(count=over_all.unreported, people=tuple(sorted(people)))
    over_all.reported_at = int(now.timestamp())
    session.execute(update(AttemptRow).where(*unreported).values(unreported=0))
    return report


def due(session: Session, gate: str, now: datetime) -> bool:
    """Whether :func:`take_report` would find something, without taking a lock."""
    row = session.get(AttemptRow, (gate, _OVER_ALL))
    if row is None or not row.unreported:
        return False
    return report_due(None if row.reported_at is None else _time(row.reported_at), now)


def _new(gate: str, digest: str, now: datetime) -> AttemptRow:
    return AttemptRow(
        gate=gate,
        digest=digest,
        person="",
        started_at=int(now.timestamp()),
        failures=0,
        unreported=0,
    )


def _locked(session: Session, gate: str, now: datetime) -> AttemptRow:
    """Take the row over all, which the very first failure at a gate makes."""
    query = (
        select(AttemptRow)
        .where(AttemptRow.gate == gate, AttemptRow.digest == _OVER_ALL)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.scalar(query)
    if row is None:
        try:
            with session.begin_nested():
                session.add(_new(gate, _OVER_ALL, now))
        except IntegrityError:  # someone else made it at the same moment
            session.expire_all()
        row = session.scalars(query).one()
    return row


def _forget_old(session: Session, gate: str, now: datetime) -> None:
    """Delete what no longer counts and was reported, so that the table stays small."""
    session.execute(
        delete(AttemptRow).where(
            AttemptRow.gate == gate,
            AttemptRow.digest != _OVER_ALL,
            AttemptRow.started_at <= int((now - WINDOW).timestamp()),
            AttemptRow.unreported == 0,
        )
    )
