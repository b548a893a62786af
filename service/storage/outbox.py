"""What must be announced: one row per leaf and channel, written with the leaf and never deleted.

A worker claims a row for a bounded time, sends outside any transaction, and writes down how it
went. A row that no worker finished is claimed again: at least once, never lost.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    String,
    TextClause,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from crypto.fields import is_account
from service.domain.events import Severity
from service.domain.turns import RANK
from service.storage import accounts
from service.storage.base import table_of
from service.storage.tables import FAILED, NOT_SENT, AccountRow, ChannelFaultRow, OutboxRow

QUEUED = "queued"
SENDING = "sending"
SENT = "sent"
PARKED = "parked"
_OUTBOX, _ACCOUNT = table_of(OutboxRow), table_of(AccountRow)
_OWN_TOPIC = (
    select(_ACCOUNT.c.sns_topic_arn)
    .where(_ACCOUNT.c.id == bindparam("subject", type_=String))
    .scalar_subquery()
)
_QUEUE = insert(_OUTBOX).from_select(
    ["leaf", "rank", "channel"],
    select(
        bindparam("leaf", type_=BigInteger),
        bindparam("rank", type_=Integer),
        func.coalesce(func.nullif(_OWN_TOPIC, ""), bindparam("default", type_=String)),
    ),
)
# No row waits longer than this. One that seems to was written before the clock was set back.
_LONGEST_WAIT = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A row that one worker has. ``attempt`` counts from 1 and identifies the claim.

    ``own_fault``: it failed before, and its channel has taken another one since.
    """

    id: int
    leaf: int
    channel: str
    attempt: int
    own_fault: bool


def channel_of(session: Session, subject: str, default: str) -> str:
    """Where an event about ``subject`` is announced: the account's own topic where set."""
    return (accounts.channel(session, subject) if is_account(subject) else "") or default


def queue(
    session: Session, announced: Collection[tuple[int, Severity, str]], *, default: str
) -> None:
    """Queue the notices of leaves, each with its severity and its subject.

    They go to the account's own channel where set, else to ``default``.
    """
    rows = [
        {"leaf": leaf, "rank": RANK[severity], "subject": subject, "default": default}
        for leaf, severity, subject in announced
    ]
    if rows:
        session.connection().execute(_QUEUE, rows)


def queue_to(session: Session, *, leaf: int, severity: Severity, channel: str) -> None:
    """Queue the notice of a leaf to one more channel."""
    session.add(OutboxRow(leaf=leaf, rank=RANK[severity], channel=channel))


def _due(now: datetime) -> ColumnElement[bool]:
    too_far = OutboxRow.next_attempt_at > _seconds(now + _LONGEST_WAIT)
    return and_(NOT_SENT, or_(OutboxRow.next_attempt_at <= _seconds(now), too_far))


def any_due(session: Session, now: datetime) -> bool:
    """Whether a row waits to be claimed."""
    return session.scalar(select(OutboxRow.id).where(_due(now)).limit(1)) is not None


def claim(
    session: Session, now: datetime, lease: timedelta, *, oldest: bool = False
) -> Claimed | None:
    """Take a row that is due, for the time of ``lease``; others pass it by meanwhile.

    It is the oldest of the most severe ones, or with ``oldest`` the oldest of all.
    """
    order = (OutboxRow.leaf, OutboxRow.id)
    row = session.scalar(
        select(OutboxRow)
        .where(_due(now))
        .order_by(*order if oldest else (OutboxRow.rank, *order))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.state = SENDING
    row.attempts += 1
    row.next_attempt_at = _seconds(now + lease)
    return Claimed(
        id=row.id,
        leaf=row.leaf,
        channel=row.channel,
        attempt=row.attempts,
        own_fault=row.own_fault,
    )


def finish(session: Session, claimed: Claimed) -> None:
    """It was sent, even if another worker has claimed it since."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == claimed.id)
        .values(state=SENT, fault="", next_attempt_at=0)
    )


def put_back(
    session: Session, claimed: Claimed, *, until: datetime, fault: str, parked: bool
) -> None:
    """It was not sent. Nothing changes if the claim has run out and another worker took the row."""
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.id == claimed.id,
            OutboxRow.state == SENDING,
            OutboxRow.attempts == claimed.attempt,
        )
        .values(state=PARKED if parked else QUEUED, fault=fault, next_attempt_at=_seconds(until))
    )


def hold_back(session: Session, channel: str, *, until: datetime) -> None:
    """Let the channel's queued rows wait too: each would hang as the last one did."""
    seconds = _seconds(until)
    session.execute(
        update(OutboxRow)
        .where(
            NOT_SENT,
            OutboxRow.channel == channel,
            OutboxRow.state == QUEUED,
            OutboxRow.next_attempt_at < seconds,
        )
        .values(next_attempt_at=seconds)
    )


def failed(session: Session, channel: str, *, besides: int = 0) -> int:
    """How many rows of the channel have failed, but for those with a fault of their own.

    ``besides`` is the id of one that is not counted.
    """
    query = select(func.count()).select_from(OutboxRow)
    return session.scalar(query.where(*_failed(channel), OutboxRow.id != besides)) or 0


def took(session: Session, channel: str) -> None:
    """The channel takes notices: those that wait for it are due now, parked ones too.

    Whatever has failed may fail once more; then the fault is its own, and it holds back no other.
    """
    if not failed(session, channel):
        return
    waits = (NOT_SENT, OutboxRow.channel == channel, OutboxRow.state.in_((QUEUED, PARKED)))
    session.execute(
        update(OutboxRow)
        .where(*waits, OutboxRow.own_fault.is_(False), OutboxRow.next_attempt_at > 0)
        .values(next_attempt_at=0)
    )
    session.execute(update(OutboxRow).where(*_failed(channel)).values(own_fault=True))


def _failed(channel: str) -> tuple[ColumnElement[bool] | TextClause, ...]:
    return (FAILED, OutboxRow.channel == channel, OutboxRow.own_fault.is_(False))


def wake(session: Session) -> int:
    """Make every waiting row due now, parked ones too; returns how many."""
    rows = session.scalars(
        select(OutboxRow).where(
            NOT_SENT, OutboxRow.state.in_((QUEUED, PARKED)), OutboxRow.next_attempt_at > 0
        )
    ).all()
    for row in rows:
        row.next_attempt_at = 0
    return len(rows)


def give_up_claims(session: Session) -> None:
    """Take rows back from a worker that ended. Only where no other one can be running."""
    session.execute(
        update(OutboxRow)
        .where(NOT_SENT, OutboxRow.state == SENDING)
        .values(state=QUEUED, next_attempt_at=0)
    )


def mark_failing(session: Session, channel: str, *, fault: str, now: datetime) -> bool:
    """Remember that a channel takes nothing; whether this is news."""
    if session.get(ChannelFaultRow, channel) is not None:
        return False
    session.add(ChannelFaultRow(channel=channel, fault=fault, since=_seconds(now)))
    session.flush()
    return True


def is_failing(session: Session, channel: str) -> bool:
    """Whether a channel is known to take nothing."""
    return session.get(ChannelFaultRow, channel) is not None


def mark_recovered(session: Session, channel: str) -> bool:
    """Forget the channel's fault once no row of it is left that failed; whether that is now."""
    row = session.get(ChannelFaultRow, channel, with_for_update=True)
    if row is None or _has_failed_rows(session, channel):
        return False
    session.delete(row)
    session.flush()
    return True


def _has_failed_rows(session: Session, channel: str) -> bool:
    query = select(OutboxRow.id).where(FAILED, OutboxRow.channel == channel)
    return session.scalar(query.limit(1)) is not None


def failing(session: Session) -> Sequence[ChannelFaultRow]:
    """The channels that take nothing, longest first."""
    return session.scalars(select(ChannelFaultRow).order_by(ChannelFaultRow.since)).all()


def parked(session: Session) -> Sequence[OutboxRow]:
    """The rows that need an operator, in the order of the log."""
    query = select(OutboxRow).where(NOT_SENT, OutboxRow.state == PARKED)
    return session.scalars(query.order_by(OutboxRow.leaf, OutboxRow.id)).all()


def waiting(session: Session) -> Sequence[OutboxRow]:
    """The rows that failed and that no worker has, locked, in the order of the log."""
    query = select(OutboxRow).where(FAILED, OutboxRow.state.in_((QUEUED, PARKED)))
    return session.scalars(query.order_by(OutboxRow.leaf, OutboxRow.id).with_for_update()).all()


def move(session: Session, row: OutboxRow, *, to: str) -> None:
    """Send a notice elsewhere, unless it goes there already: of two copies one stays."""
    query = select(OutboxRow.id).where(OutboxRow.leaf == row.leaf, OutboxRow.channel == to)
    if session.scalar(query.limit(1)) is None:
        row.channel, row.own_fault = to, False
        session.flush()


def forget_unused_faults(session: Session) -> None:
    """Forget the faults of channels for which nothing waits any more: others have taken over."""
    for row in failing(session):
        if not _has_failed_rows(session, row.channel):
            session.delete(row)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
