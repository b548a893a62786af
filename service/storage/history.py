"""Reading the log back by what people ask for: newest first, never by counting or skipping."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, bindparam, func, select, true, union_all
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
# How many values are looked up one by one; SQLite refuses more than 500 parts of one query.
_ONE_BY_ONE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to look for; what is empty matches everything. ``before`` is a leaf index.

    Any of ``subjects`` and any of ``actions`` will do.

    ``since`` (included) and ``until`` (not included) are seconds since 1970. Leaves follow each
    other in time, so both are looked up once and become indexes; where an operator accepted a clock
    that stepped back, what lies around that step may be missed.
    """

    subjects: tuple[str, ...] | None = None
    request: str = ""
    actor: str = ""
    actions: tuple[str, ...] = ()
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
    given = _given(wanted)
    if first is None or wanted.before == 0 or not all(given.values()):
        return Page(leaves=(), next=None)
    asked, forms = _asked(wanted, given, limit, first), _forms(given, wanted, first)
    read = session.connection().execute
    rows = read(forms.rows, asked).all()
    leaves = tuple(row.leaf for row in rows[:limit])
    if len(rows) > limit:
        return Page(leaves=leaves, next=rows[limit - 1].seq)
    if len(given) <= 1:
        return Page(leaves=leaves, next=None)
    looked_at, last = read(forms.extent, asked).one()
    return Page(leaves=leaves, next=last if looked_at == LOOKED_AT else None)


def _given(wanted: Filter) -> Mapping[str, tuple[str, ...]]:
    """What each column may hold, where it matters; the most selective column comes first.

    Each value is a walk through an index of its own, so a column with fewer values goes before.
    """
    conditions = {
        "request": (wanted.request,) if wanted.request else (),
        "actor": (wanted.actor,) if wanted.actor else (),
        "action": wanted.actions,
    }
    given = {column: values for column, values in conditions.items() if values}
    given |= {} if wanted.subjects is None else {"subject": wanted.subjects}
    return dict(sorted(given.items(), key=lambda pair: len(pair[1])))


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


def _asked(
    wanted: Filter, given: Mapping[str, tuple[str, ...]], limit: int, first: int
) -> dict[str, object]:
    """The values of a form."""
    # One condition is answered by its index alone; a combination looks through a window.
    most = limit + 1 if len(given) <= 1 else LOOKED_AT
    asked: dict[str, object] = {"most": most, "rows": limit + 1}
    asked |= {"first": first} if first > 0 else {}
    asked |= {"before": wanted.before} if wanted.before is not None else {}
    for number, (column, values) in enumerate(given.items()):
        one_by_one = number == 0 and len(values) <= _ONE_BY_ONE
        each = {f"value{place}": value for place, value in enumerate(values)}
        asked |= each if one_by_one else {column: values}
    return asked


@dataclass(frozen=True, slots=True)
class Forms:
    """Two queries over one window of the log: the rows that fit, and how far the window goes."""

    rows: Select[Any]
    extent: Executable


def _forms(given: Mapping[str, tuple[str, ...]], wanted: Filter, first: int) -> Forms:
    by, *others = [*given] or [""]
    values = len(given[by]) if by else 0
    return made(by, values, tuple(others), first=first > 0, before=wanted.before is not None)


@lru_cache(maxsize=256)
def made(by: str, values: int, others: tuple[str, ...], *, first: bool, before: bool) -> Forms:
    """The forms, made once for each way of asking.

    The window holds what an index has: leaf indexes, and the columns that are probed. So a leaf is
    looked up only where it fits. Of several values each is looked up by itself and only as far as
    the page can need: databases would rather collect and sort all that they have of any of them.
    """
    conditions = _conditions(by, values) if by else [true()]
    windows = [_bounded(condition, others, first=first, before=before) for condition in conditions]
    newest = union_all(*(select(window.subquery()) for window in windows)).subquery()
    seen = select(newest).order_by(newest.c.seq.desc()).limit(bindparam("most")).subquery()
    fits = select(seen.c.seq)
    for column in others:
        fits = fits.where(seen.c[column].in_(bindparam(column, expanding=True)))
    fits = fits.order_by(seen.c.seq.desc()).limit(bindparam("rows"))
    rows = select(audit_event.c.seq, audit_event.c.leaf).where(audit_event.c.seq.in_(fits))
    extent = select(func.count(), func.min(seen.c.seq)).select_from(seen)
    return Forms(rows=rows.order_by(audit_event.c.seq.desc()), extent=extent)


def _conditions(by: str, values: int) -> list[ColumnElement[bool]]:
    column = audit_event.c[by]
    if values > _ONE_BY_ONE:
        return [column.in_(bindparam(by, expanding=True))]
    return [column == bindparam(f"value{number}") for number in range(values)]


def _bounded(
    condition: ColumnElement[bool], others: tuple[str, ...], *, first: bool, before: bool
) -> Select[Any]:
    columns = (audit_event.c[name] for name in ("seq", *others))
    window = select(*columns).where(condition)
    if first:
        window = window.where(audit_event.c.seq >= bindparam("first"))
    if before:
        window = window.where(audit_event.c.seq < bindparam("before"))
    return window.order_by(audit_event.c.seq.desc()).limit(bindparam("most"))
