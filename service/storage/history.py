"""Reading the log back by what people ask for: newest first, never by counting or skipping."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from service.storage.log_tables import audit_event

# How many entries of the most selective index are looked at for one page, so that a combination
# that matches nothing costs no more than one that does.
LOOKED_AT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to look for; empty texts match everything. ``before`` is a leaf index."""

    subjects: tuple[str, ...] | None = None
    request: str = ""
    actor: str = ""
    action: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Leaves as they were hashed, newest first; ``next`` continues, None at the end."""

    leaves: tuple[bytes, ...]
    next: int | None


def page(session: Session, wanted: Filter, *, limit: int) -> Page:
    """One page of at most ``limit`` leaves; it can be empty and still have a ``next``."""
    conditions = {"request": wanted.request, "actor": wanted.actor, "action": wanted.action}
    given = {name: value for name, value in conditions.items() if value}
    rows = _window(session, wanted, given, limit)
    found = [row for row in rows if _matches(row, given, wanted.subjects)]
    if len(found) > limit:
        return Page(leaves=tuple(r["leaf"] for r in found[:limit]), next=found[limit - 1]["seq"])
    ended = len(rows) < _looked_at(wanted, given, limit)
    return Page(leaves=tuple(r["leaf"] for r in found), next=None if ended else rows[-1]["seq"])


def _looked_at(wanted: Filter, given: dict[str, str], limit: int) -> int:
    """One condition is answered by its index alone; a combination looks through a window."""
    together = len(given) + (wanted.subjects is not None)
    return limit + 1 if together <= 1 else LOOKED_AT


def _window(
    session: Session, wanted: Filter, given: dict[str, str], limit: int
) -> Sequence[RowMapping]:
    window = select(audit_event).order_by(audit_event.c.seq.desc())
    if wanted.before is not None:
        window = window.where(audit_event.c.seq < wanted.before)
    if given:
        # The first one given is the most selective: a request, then a person, then an action.
        name, value = next(iter(given.items()))
        window = window.where(audit_event.c[name] == value)
    elif wanted.subjects is not None:
        window = window.where(audit_event.c.subject.in_(wanted.subjects))
    rows = session.connection().execute(window.limit(_looked_at(wanted, given, limit)))
    return rows.mappings().all()


def _matches(row: RowMapping, given: dict[str, str], subjects: tuple[str, ...] | None) -> bool:
    if subjects is not None and row["subject"] not in subjects:
        return False
    return all(row[name] == value for name, value in given.items())
