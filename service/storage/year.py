"""What a year of requests is counted by, read through the indexes of the log."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from service.domain.year import COUNTED, Mark
from service.storage.log_tables import audit_event

_FIRST = (
    select(audit_event.c.seq)
    .where(audit_event.c.at >= bindparam("since"))
    .order_by(audit_event.c.at, audit_event.c.seq)
    .limit(1)
)
_COLUMNS = [audit_event.c[name] for name in ("seq", "at", "actor", "action", "subject", "request")]
_ACTIONS = [action.value for action in COUNTED]
# Put in order afterwards: databases would walk through all of the log to have it in order.
_SINCE: Select[Any] = select(*_COLUMNS).where(audit_event.c.seq >= bindparam("first"))
_MARKS = _SINCE.where(audit_event.c.action.in_(_ACTIONS))
# Hidden from the index of actions: those of all accounts are many more than what is asked for.
_MARKS_OF = _SINCE.where(
    audit_event.c.subject.in_(bindparam("subjects", expanding=True)),
    func.coalesce(audit_event.c.action, "").in_(_ACTIONS),
)
_LEAVES = select(audit_event.c.seq, audit_event.c.leaf).where(
    audit_event.c.seq.in_(bindparam("numbers", expanding=True))
)


def marks(session: Session, *, since: int, subjects: Collection[str] | None) -> list[Mark]:
    """What happened to requests from ``since`` (seconds since 1970) on, oldest first.

    Its cost follows the number of such events; how long the log is does not matter.
    """
    read = session.connection().execute
    first = read(_FIRST, {"since": since}).scalar()
    if first is None:
        return []
    asked: dict[str, object] = {"first": first}
    if subjects is None:
        rows = read(_MARKS, asked)
    else:
        rows = read(_MARKS_OF, {**asked, "subjects": list(subjects)})
    return [Mark(*row) for row in sorted(rows)]


def leaves(session: Session, numbers: Collection[int]) -> Mapping[int, bytes]:
    """Leaves by their index; a thousand or two, as both databases take no more at once."""
    rows = session.connection().execute(_LEAVES, {"numbers": list(numbers)})
    return {row.seq: row.leaf for row in rows}
