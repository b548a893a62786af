"""Reading the log back by what people ask for: newest first, never by counting or skipping."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, select
from sqlalchemy.orm import Session

from service.storage.log_tables import audit_event

_SUBJECTS_SINCE = (
    select(audit_event.c.subject)
    .where(audit_event.c.action == bindparam("action"), audit_event.c.at >= bindparam("since"))
    .distinct()
)
# How many entries of the most selective index are looked at for one page, so that a combination
# that matches nothing costs no more than one that does.
LOOKED_AT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to look for; empty texts match everything. ``before`` is a leaf index.

    ``since`` (included) and ``until`` (not included) are seconds since 1970. Leaves follow each
    other in time, so both are looked up once and become indexes; where an operator accepted a clock
    that stepped back, what lies around that step may be missed.
    """

    subjects: tuple[str, ...] | None = None
    request: str = ""
    actor: str = ""
    action: str = ""
    before: int | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Leaves as they were hashed, newest first; ``next`` continues, None at the end."""

    leaves: tuple[bytes, ...]
    next: int | None


def page(session: Session, wanted: Filter, *, limit: int) -> Page:
    """One page of at most ``limit`` leaves; it can be empty and still have a ``next``."""
    first, wanted = _since(session, wanted), _until(session, wanted)
    if first is None or wanted.before == 0:
        return Page(leaves=(), next=None)
    conditions = {"request": wanted.request, "actor": wanted.actor, "action": wanted.action}
    given = {name: value for name, value in conditions.items() if value}
    rows = _window(session, wanted, given, limit, first)
    found = [row for row in rows if _matches(row, given, wanted.subjects)]
    if len(found) > limit:
        return Page(leaves=tuple(r["leaf"] for r in found[:limit]), next=found[limit - 1]["seq"])
    ended = len(rows) < _looked_at(wanted, given, limit)
    return Page(leaves=tuple(r["leaf"] for r in found), next=None if ended else rows[-1]["seq"])


def subjects_since(session: Session, action: str, since: int) -> frozenset[str]:
    """About what an action was recorded from ``since`` (seconds) on, by the action's own index.

    Cost follows the number of such events, so it is for those that are rare.
    """
    wanted = {"action": action, "since": since}
    return frozenset(session.connection().execute(_SUBJECTS_SINCE, wanted).scalars())


def _since(session: Session, wanted: Filter) -> int | None:
    """The index of the first leaf that is not too old; None if all are."""
    if wanted.since is None:
        return 0
    found = select(audit_event.c.seq).where(audit_event.c.at >= wanted.since)
    ordered = found.order_by(audit_event.c.at, audit_event.c.seq)
    return session.connection().execute(ordered.limit(1)).scalar()


def _until(session: Session, wanted: Filter) -> Filter:
    """The same, with ``before`` in place of ``until``."""
    if wanted.until is None:
        return wanted
    found = select(audit_event.c.seq).where(audit_event.c.at < wanted.until)
    ordered = found.order_by(audit_event.c.at.desc(), audit_event.c.seq.desc())
    last = session.connection().execute(ordered.limit(1)).scalar()
    before = 0 if last is None else last + 1
    return replace(wanted, before=before if wanted.before is None else min(before, wanted.before))


def _looked_at(wanted: Filter, given: dict[str, str], limit: int) -> int:
    """One condition is answered by its index alone; a combination looks through a window."""
    together = len(given) + (wanted.subjects is not None)
    return limit + 1 if together <= 1 else LOOKED_AT


def _window(
    session: Session, wanted: Filter, given: dict[str, str], limit: int, first: int
) -> Sequence[RowMapping]:
    asked: dict[str, object] = {"most": _looked_at(wanted, given, limit)}
    if first > 0:
        asked["first"] = first
    if wanted.before is not None:
        asked["before"] = wanted.before
    by = ""
    if given:
        # The first one given is the most selective: a request, then a person, then an action.
        by, asked["value"] = next(iter(given.items()))
    elif wanted.subjects is not None:
        by, asked["value"] = "subject", wanted.subjects
    query = _query(by, first="first" in asked, before="before" in asked)
    return session.connection().execute(query, asked).mappings().all()


@cache
def _query(by: str, *, first: bool, before: bool) -> Select[Any]:
    """One of the few forms that a window has, made once; several subjects may be asked for."""
    window = select(audit_event).order_by(audit_event.c.seq.desc()).limit(bindparam("most"))
    if first:
        window = window.where(audit_event.c.seq >= bindparam("first"))
    if before:
        window = window.where(audit_event.c.seq < bindparam("before"))
    if by == "subject":
        return window.where(audit_event.c.subject.in_(bindparam("value", expanding=True)))
    return window.where(audit_event.c[by] == bindparam("value")) if by else window


def _matches(row: RowMapping, given: dict[str, str], subjects: tuple[str, ...] | None) -> bool:
    if subjects is not None and row["subject"] not in subjects:
        return False
    return all(row[name] == value for name, value in given.items())
