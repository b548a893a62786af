"""When somebody did something last, by the log's own index of their acts."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from service.storage.log_tables import audit_event

_NEWEST = (
    select(audit_event.c.at)
    .where(audit_event.c.actor == bindparam("actor"), audit_event.c.action == bindparam("action"))
    .order_by(audit_event.c.seq.desc())
    .limit(1)
)


def last_at(session: Session, actor: str, action: str) -> datetime | None:
    """The time of the newest such event, or None. Cost grows with what the actor did since."""
    given = {"actor": actor, "action": action}
    found = session.connection().execute(_NEWEST, given).scalar()
    return None if found is None else datetime.fromtimestamp(found, UTC)
