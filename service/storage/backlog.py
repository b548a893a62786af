"""How many notices wait, and since when."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.storage.log_tables import audit_event
from service.storage.outbox import PARKED
from service.storage.tables import NOT_SENT, OutboxRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What was not sent: how many by channel, how many of those need an operator, since when.

    ``oldest`` is the time of the oldest event that waits, or None when nothing does.
    """

    by_channel: Mapping[str, int]
    parked: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many notices one channel has not taken yet, and the time of the oldest one's event."""

    channel: str
    count: int
    oldest: datetime


def count(session: Session) -> Backlog:
    """Count what was not sent."""
    rows = session.execute(
        select(OutboxRow.channel, OutboxRow.state, func.count(), func.min(OutboxRow.leaf))
        .where(NOT_SENT)
        .group_by(OutboxRow.channel, OutboxRow.state)
    ).all()
    by_channel: Counter[str] = Counter()
    for channel, _, count, _ in rows:
        by_channel[channel] += count
    return Backlog(
        by_channel=by_channel,
        parked=sum(count for _, state, count, _ in rows if state == PARKED),
        oldest=_time_of(session, min(leaf for *_, leaf in rows)) if rows else None,
    )


def by_channel(session: Session) -> list[Waiting]:
    """What was not sent, for each channel that something waits for."""
    rows = session.execute(
        select(OutboxRow.channel, func.count(), func.min(OutboxRow.leaf))
        .where(NOT_SENT)
        .group_by(OutboxRow.channel)
    ).all()
    return [
        Waiting(channel=channel, count=count, oldest=_time_of(session, leaf))
        for channel, count, leaf in rows
    ]


def _time_of(session: Session, leaf: int) -> datetime:
    query = select(audit_event.c.at).where(audit_event.c.seq == leaf)
    return datetime.fromtimestamp(session.execute(query).scalar_one(), UTC)
