"""What a year of requests is counted by, read through the indexes of the log."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from service.domain.events import Action
from service.domain.year import ASKED, COUNTED, ENDS, MONDAY, WEEK, Ending, Mark
from service.storage.log_tables import audit_event

_FIRST = (
    select(audit_event.c.seq)
    .where(audit_event.c.at >= bindparam("since"))
    .order_by(audit_event.c.at, audit_event.c.seq)
    .limit(1)
)
# The last of so many questions, counted from the newest; read from the index alone.
_NEWEST = (
    select(audit_event.c.seq)
    .where(audit_event.c.action == Action.REQUEST_OPENED.value)
    .order_by(audit_event.c.seq.desc())
    .offset(bindparam("skipped"))
    .limit(1)
)
_COLUMNS = [audit_event.c[name] for name in ("seq", "at", "actor", "action", "subject", "request")]
_LEAVES = select(audit_event.c.seq, audit_event.c.leaf).where(
    audit_event.c.seq.in_(bindparam("numbers", expanding=True))
)

_WEEK = (audit_event.c.at + MONDAY) // WEEK * WEEK - MONDAY


def _since(columns: Collection[Any], actions: Collection[Action], *, of: bool) -> Select[Any]:
    """Entries of these actions from ``first`` on; ``of``: about ``subjects`` alone.

    A caller who needs an order makes it: databases would walk through all of the log to have it.
    Where subjects are asked for, the index of actions is hidden: those of all accounts are many
    more.
    """
    wanted = [action.value for action in actions]
    found = select(*columns).where(audit_event.c.seq >= bindparam("first"))
    if not of:
        return found.where(audit_event.c.action.in_(wanted))
    return found.where(
        audit_event.c.subject.in_(bindparam("subjects", expanding=True)),
        func.coalesce(audit_event.c.action, "").in_(wanted),
    )


def _endings(*, of: bool) -> Select[Any]:
    rotated = audit_event.c.action == Action.REQUEST_ROTATED.value
    columns = [
        func.max(case((~rotated, audit_event.c.seq))).label("seq"),
        func.max(case((rotated, 1), else_=0)).label("rotated"),
    ]
    actions = [*ENDS, Action.REQUEST_ROTATED]
    # The last end of each request: a drill is released before it is over.
    last = _since(columns, actions, of=of).group_by(audit_event.c.request).subquery()
    groups = [audit_event.c.action, last.c.rotated, _WEEK.label("week")]
    joined = select(*groups, func.count()).join(last, last.c.seq == audit_event.c.seq)
    return joined.group_by(*groups)


_MARKS = {of: _since(_COLUMNS, COUNTED, of=of) for of in (False, True)}
_ENDINGS = {of: _endings(of=of) for of in (False, True)}
_ASKED = {
    of: _since([_WEEK.label("week"), func.count()], ASKED, of=of).group_by("week")
    for of in (False, True)
}


def marks(
    session: Session, *, since: int, subjects: Collection[str] | None, most: int | None = None
) -> list[Mark]:
    """What happened to requests from ``since`` (seconds since 1970) on, oldest first.

    With ``most``, from the question on that begins so many newest ones. Its cost follows the number
    of such events; how long the log is does not matter.
    """
    first = _first(session, since)
    if first is None:
        return []
    if most is not None:
        skipped = session.connection().execute(_NEWEST, {"skipped": most - 1}).scalar()
        first = max(first, skipped or 0)
    return [Mark(*row) for row in sorted(_read(session, _MARKS, first, subjects))]


def endings(session: Session, *, since: int, subjects: Collection[str] | None) -> list[Ending]:
    """How many requests ended in which way and week, counted by the database.

    Its cost follows the number of requests that ended, at about a fifth of what reading all their
    events costs.
    """
    first = _first(session, since)
    rows = [] if first is None else _read(session, _ENDINGS, first, subjects)
    return [Ending(action, bool(rotated), week, count) for action, rotated, week, count in rows]


def asked(session: Session, *, since: int, subjects: Collection[str] | None) -> Mapping[int, int]:
    """How many requests were asked from ``since`` on in each week, by when it begins."""
    first = _first(session, since)
    return {} if first is None else dict(_read(session, _ASKED, first, subjects))


def _first(session: Session, since: int) -> int | None:
    return session.connection().execute(_FIRST, {"since": since}).scalar()


def _read(
    session: Session,
    queries: Mapping[bool, Select[Any]],
    first: int,
    subjects: Collection[str] | None,
) -> Collection[Any]:
    given: dict[str, object] = {"first": first}
    if subjects is not None:
        given["subjects"] = list(subjects)
    return session.connection().execute(queries[subjects is not None], given).all()


def leaves(session: Session, numbers: Collection[int]) -> Mapping[int, bytes]:
    """Leaves by their index; a thousand or two, as both databases take no more at once."""
    rows = session.connection().execute(_LEAVES, {"numbers": list(numbers)})
    return {row.seq: row.leaf for row in rows}
