"""Whether notices reach anyone: three facts about all channels in one query, for every page."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from service.storage.base import table_of
from service.storage.log_tables import audit_event
from service.storage.tables import NOT_SENT, AccountRow, ChannelFaultRow, OutboxRow

_ACCOUNT, _FAULT, _OUTBOX = table_of(AccountRow), table_of(ChannelFaultRow), table_of(OutboxRow)
_OLDEST = select(func.min(_OUTBOX.c.leaf)).where(NOT_SENT).scalar_subquery()
_FACTS = select(
    exists().select_from(_ACCOUNT).where(_ACCOUNT.c.sns_topic_arn != "").label("own"),
    exists().select_from(_ACCOUNT).where(_ACCOUNT.c.sns_topic_arn == "").label("default"),
    exists().select_from(_FAULT).label("failing"),
    select(audit_event.c.at).where(audit_event.c.seq == _OLDEST).scalar_subquery().label("oldest"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """``default``: the service's own channel is used, which is so while no account has another.

    ``failing``: some channel takes nothing. ``oldest`` is the time of the oldest event that waits.
    """

    default: bool
    failing: bool
    oldest: datetime | None


def channel_facts(session: Session) -> ChannelFacts:
    """Look at all channels at once; by indexes, and no further than the first that matters."""
    row = session.connection().execute(_FACTS).one()
    return ChannelFacts(
        default=row.default or not row.own,
        failing=row.failing,
        oldest=None if row.oldest is None else datetime.fromtimestamp(row.oldest, UTC),
    )
