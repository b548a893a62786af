"""What a person did lately, and what an account saw last, by the log's own indexes."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from crypto.encoding import MAX_INTEGER
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


_NEWEST_LEAVES = (
    select(audit_event.c.seq, audit_event.c.leaf)
    .where(
        audit_event.c.actor == bindparam("actor"),
        audit_event.c.action.in_(bindparam("actions", expanding=True)),
        audit_event.c.seq < bindparam("before"),
    )
    .order_by(audit_event.c.seq.desc())
    .limit(4)
)


def newest_leaves(session: Session, actor: str, actions: Collection[str]) -> Iterator[bytes]:
    """Yield the leaves of such events, newest first. Cost grows with what the actor did since."""
    given = {"actor": actor, "actions": sorted(actions), "before": MAX_INTEGER}
    while rows := session.connection().execute(_NEWEST_LEAVES, given).all():
        yield from (row.leaf for row in rows)
        given["before"] = rows[-1].seq


_NEWEST_ABOUT = (
    select(audit_event.c.seq)
    .where(
        audit_event.c.subject == bindparam("subject"), audit_event.c.action == bindparam("action")
    )
    .order_by(audit_event.c.seq.desc())
    .limit(1)
)


def last_about(session: Session, subject: str, action: str) -> int | None:
    """The index of the newest such event about a subject, or None. The index alone is read."""
    given = {"subject": subject, "action": action}
    return session.connection().execute(_NEWEST_ABOUT, given).scalar()


_FIRST = (
    select(audit_event.c.seq)
    .where(audit_event.c.at > bindparam("since"))
    .order_by(audit_event.c.at, audit_event.c.seq)
    .limit(1)
    .scalar_subquery()
)
_COUNT = select(func.count()).where(
    audit_event.c.actor == bindparam("actor"),
    audit_event.c.seq >= _FIRST,  # so that only what the actor did since is read
    audit_event.c.at > bindparam("since"),
    audit_event.c.at <= bindparam("until"),  # a clock that was ahead leaves later times behind
    audit_event.c.action.in_(bindparam("actions", expanding=True)),
)


def count(
    session: Session, actor: str, actions: Collection[str], *, since: datetime, until: datetime
) -> int:
    """How many such events there are of the actor, after ``since`` and up to ``until``."""
    given = {
        "actor": actor,
        "actions": sorted(actions),
        "since": int(since.timestamp()),
        "until": int(until.timestamp()),
    }
    return session.connection().execute(_COUNT, given).scalar_one()


_ACTED = (
    select(audit_event.c.subject, audit_event.c.actor)
    .where(
        audit_event.c.subject.in_(bindparam("subjects", expanding=True)),
        audit_event.c.seq >= _FIRST,
        audit_event.c.action.in_(bindparam("actions", expanding=True)),
    )
    .distinct()
)


def acted(
    session: Session, subjects: Collection[str], actions: Collection[str], *, since: datetime
) -> frozenset[tuple[str, str]]:
    """Who did such a thing about which of these subjects after ``since``: subject and actor.

    Cost grows with what happened to these subjects since.
    """
    given = {
        "subjects": sorted(subjects),
        "actions": sorted(actions),
        "since": int(since.timestamp()),
    }
    rows = session.connection().execute(_ACTED, given)
    return frozenset((row.subject, row.actor) for row in rows)
