"""Each row of the log against its own leaf: the columns beside a leaf are copies to search by.

A change to one of them moves no root, so proofs alone would not show it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from crypto.encoding import TEXT_LIMIT, b64decode
from crypto.errors import MalformedError
from crypto.leaf import LEAF_LIMIT, parse_leaf
from crypto.merkle import leaf_hash
from crypto.plain import DETAIL, NUMBER, TEXT, in_order, names_of
from service.storage import log
from service.storage.errors import LogMissingError
from service.storage.log_tables import audit_event, audit_head

_LEAF = re.compile(
    rf'\{{"action":"(?P<action>{TEXT})","actor":"(?P<actor>{TEXT})","at":"(?P<at>{TEXT})",'
    rf'"details":\{{(?P<details>(?:{DETAIL}(?:,{DETAIL})*+)?+)\}},'
    rf'"request":"(?P<request>{TEXT})","seq":(?P<seq>{NUMBER}),'
    rf'"statement":"(?P<statement>{TEXT})","subject":"(?P<subject>{TEXT})"\}}'
)
_COPIES = ("action", "actor", "request", "subject", "seq", "at")

BLOCK = 1000  # rows in memory at once
NEWEST = 1000  # entries that a quick look reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong. ``leaf`` is the entry it is about, or the first of several."""

    leaf: int
    message: str


def head(session: Session) -> Row[Any]:
    """The head as it is stored, whatever it says.

    Raises:
        LogMissingError: no log was started.
    """
    row = session.connection().execute(select(audit_head)).first()
    if row is None:
        raise LogMissingError
    return row


def size(session: Session) -> int:
    """How many entries the head says that there are.

    Raises:
        LogMissingError: no log was started.
    """
    return int(head(session).size)


def rows(session: Session, start: int) -> Iterator[Row[Any]]:
    """All rows from an index on, a block of them in memory at a time."""
    while True:
        query = select(audit_event).where(audit_event.c.seq >= start).order_by(audit_event.c.seq)
        rows = session.connection().execute(query.limit(BLOCK)).all()
        if not rows:
            return
        yield from rows
        start = rows[-1].seq + 1


def gap(start: int, end: int) -> Fault:
    """What to say where ``start`` was to come, and ``end`` came."""
    if end < start:
        return Fault(leaf=end, message=f"entry {end} is where the log has no place for it")
    what = f"entry {start} is" if end == start + 1 else f"entries {start} to {end - 1} are"
    return Fault(leaf=start, message=f"{what} missing")


def newest(session: Session, count: int = NEWEST) -> Iterator[Fault]:
    """Yield what is wrong with the rows of the newest entries alone, in a time that does not grow.

    Raises:
        LogMissingError: no log was started.
    """
    end = size(session)
    start = max(0, end - count)
    expected = start
    for row in rows(session, start):
        if row.seq != expected:
            yield gap(expected, row.seq)
        yield from row_faults(row)
        expected = row.seq + 1
    if expected < end:
        yield gap(expected, end)


def row_faults(row: Row[Any]) -> Iterator[Fault]:
    """Hold one row of ``audit_event`` against its own leaf."""
    if is_right(row):
        return
    if row.leaf_hash != leaf_hash(row.leaf):
        yield Fault(leaf=row.seq, message=f"entry {row.seq}: its hash is not that of its leaf")
    try:
        copies = log.copies(parse_leaf(row.leaf))
    except MalformedError as refused:
        yield Fault(leaf=row.seq, message=f"entry {row.seq} is no leaf: {refused}")
        return
    for name, said in copies.items():
        if getattr(row, name) != said:
            yield Fault(
                leaf=row.seq,
                message=f"entry {row.seq}: its column '{name}' is not what its leaf says",
            )


def is_right(row: Row[Any]) -> bool:
    """Whether a row is its leaf's, without parsing the leaf; False proves nothing."""
    leaf = row.leaf
    found = _LEAF.fullmatch(leaf.decode("ascii", "replace"))
    if found is None or row.leaf_hash != leaf_hash(leaf):
        return False
    said = (row.action, row.actor, row.request, row.subject, str(row.seq), _written(row.at))
    return (
        found.group(*_COPIES) == said
        and len(leaf) - len(found["statement"]) <= TEXT_LIMIT
        and len(leaf) <= LEAF_LIMIT
        and in_order(names_of(found["details"]))
        and _is_base64(found["statement"])
    )


def _written(at: int) -> str | None:
    """As a leaf has it, or None if no leaf could."""
    try:
        return datetime.fromtimestamp(at, UTC).isoformat().removesuffix("+00:00") + "Z"
    except (OverflowError, ValueError, OSError):
        return None


def _is_base64(text: str) -> bool:
    try:
        b64decode(text)
    except MalformedError:
        return False
    return True
