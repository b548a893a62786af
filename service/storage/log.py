"""The append-only log in the database: starting it, appending events, reading leaves.

An event is appended in the transaction of the change that it records, as its last statements: a
committed change without its leaf does not exist. Three bars prevent a fork: the log's lock,
the compare-and-set on the head, and the primary key on the leaf's index.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from crypto.errors import MalformedError
from crypto.leaf import Leaf, encode_leaf
from crypto.merkle import Frontier, leaf_hash
from service.domain.events import Event
from service.storage.compiled import CompiledStatement
from service.storage.errors import (
    ClockMovedError,
    LogDamagedError,
    LogExistsError,
    LogMissingError,
)
from service.storage.log_tables import audit_event, audit_head, audit_node

_LOCK_NUMBER = int.from_bytes(b"bg1 log", "big")
_LOCK = f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})"
_READ_HEAD = select(audit_head)
# The lock, whose waiters come in turn, and then the row's own, which is no one else's by then.
_TAKE_HEAD = text(
    f"WITH turn AS MATERIALIZED ({_LOCK}) "  # noqa: S608 - a number of ours
    "SELECT audit_head.* FROM turn, audit_head FOR UPDATE OF audit_head"
).columns(*audit_head.c)
_INSERT_EVENTS = insert(audit_event)
_INSERT_NODES = insert(audit_node)
_MOVE = (
    update(audit_head)
    .where(audit_head.c.id == literal_column("1"), audit_head.c.size == bindparam("old_size"))
    .values({name: bindparam(f"head_{name}") for name in ("size", "last_at", "frontier")})
)
_INSERT = insert(audit_event).values(
    {column.name: bindparam(f"event_{column.name}") for column in audit_event.c}
)
_INSERT_EVENT = CompiledStatement(_INSERT)
_MOVE_HEAD = CompiledStatement(_MOVE)
# Both at once, which PostgreSQL can: a round trip less while the log is locked.
_ENTER_ONE = CompiledStatement(_MOVE.add_cte(_INSERT.cte("entered")))
_READ_AT = (
    select(audit_event.c.leaf)
    .where(audit_event.c.seq.in_(bindparam("places", expanding=True)))
    .order_by(audit_event.c.seq)
)
_READ_TIME = select(audit_head.c.size, audit_head.c.last_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The size and edge of the log. ``last_at`` is the last event's time, or None before one."""

    size: int
    last_at: datetime | None
    frontier: Frontier
    verifier_key: str


def start(session: Session, verifier_key: str) -> None:
    """Start an empty log that only the key behind ``verifier_key`` may sign.

    Raises:
        LogExistsError: there is one.
    """
    connection = session.connection()
    if _is_postgresql(connection):
        connection.execute(text(_LOCK))
    if connection.execute(_READ_HEAD).first() is not None:
        raise LogExistsError
    row = {"id": 1, "size": 0, "last_at": 0, "frontier": b"", "verifier_key": verifier_key}
    connection.execute(insert(audit_head), [row])


def head(session: Session) -> Head:
    """Return the size and edge of the log.

    Raises:
        LogMissingError: no log was started in this database.
        LogDamagedError: the stored frontier does not fit the size.
    """
    return _head(session.connection().execute(_READ_HEAD).first())


def _head(row: Row[Any] | None) -> Head:
    if row is None:
        raise LogMissingError
    try:
        frontier = Frontier.from_bytes(row.size, row.frontier)
    except MalformedError:
        raise LogDamagedError("its frontier does not fit its size") from None
    return Head(
        size=row.size,
        last_at=datetime.fromtimestamp(row.last_at, UTC) if row.size else None,
        frontier=frontier,
        verifier_key=row.verifier_key,
    )


def last_at(session: Session) -> datetime | None:
    """Return the last event's time alone, or None while there is none.

    Raises:
        LogMissingError: no log was started in this database.
    """
    row = session.connection().execute(_READ_TIME).first()
    if row is None:
        raise LogMissingError
    return datetime.fromtimestamp(row.last_at, UTC) if row.size else None


def append(
    session: Session, events: Sequence[Event], *, at: datetime, restart_clock: bool = False
) -> list[int]:
    """Append events, all at one time, and return their leaf indexes.

    Call it last in the transaction: from here to its end the log is locked. ``at`` is whole
    seconds in UTC. With ``restart_clock`` time may step back, once: only for the event by which a
    person accepts the clock.

    Raises:
        ClockMovedError: ``at`` is before the last event's time. Nothing was written.
        MalformedError: an event has no leaf, for its size or its characters.
        RuntimeError: called inside a savepoint, whose rollback would leave the log's lock and head
            to a change that did not happen.
        BusyError, LogMissingError, LogDamagedError: see there.
    """
    if session.in_nested_transaction():
        raise RuntimeError("the log is appended to outside savepoints")
    if not events:
        return []
    # Before the log's lock: what the act writes may wait for other locks, and those come first.
    session.flush()
    connection = session.connection()
    current = _take(connection)
    if current.last_at is not None and at < current.last_at and not restart_clock:
        raise ClockMovedError(current.last_at)
    rows = [_row(event, seq, at) for seq, event in enumerate(events, current.size)]
    _write(connection, current, rows)
    return [row["seq"] for row in rows]


def read_leaves(session: Session, start: int, count: int) -> list[bytes]:
    """Return up to ``count`` leaves from index ``start`` on; fewer only at the end of the log.

    Raises:
        LogDamagedError: a leaf is missing among them.
    """
    query = (
        select(audit_event.c.seq, audit_event.c.leaf)
        .where(audit_event.c.seq >= start, audit_event.c.seq < start + count)
        .order_by(audit_event.c.seq)
    )
    leaves = []
    for expected, row in enumerate(session.connection().execute(query), start):
        if row.seq != expected:
            raise LogDamagedError(f"entry {expected} is missing")
        leaves.append(row.leaf)
    return leaves


def leaves_at(session: Session, places: Collection[int]) -> list[bytes]:
    """Return the leaves at these indexes, ascending; those that there are not are left out."""
    if not places:
        return []
    rows = session.connection().execute(_READ_AT, {"places": sorted(places)})
    return [row.leaf for row in rows]


def lock(session: Session) -> None:
    """Take the log's turn early, for a caller who must know its size before appending.

    Raises:
        BusyError, LogMissingError, LogDamagedError: see there.
    """
    _take(session.connection())


def _take(connection: Connection) -> Head:
    """Wait for our turn to write the log and return its head; it ends with the transaction.

    The statement began before the lock was ours, so it sees the head as it was then. But a row that
    it locks (``FOR UPDATE``, in READ COMMITTED) is read again if someone has changed it since:
    what comes back is the head as the writer before us left it. On SQLite every writer has the
    whole database.
    """
    take = _TAKE_HEAD if _is_postgresql(connection) else _READ_HEAD
    return _head(connection.execute(take).first())


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _row(event: Event, seq: int, at: datetime) -> dict[str, Any]:
    leaf = Leaf(
        seq=seq,
        at=at,
        actor=event.actor,
        action=str(event.action),
        subject=event.subject,
        request=event.request,
        details=event.details,
        statement=event.statement,
    )
    data = encode_leaf(leaf)
    return copies(leaf) | {"leaf": data, "leaf_hash": leaf_hash(data)}


def copies(leaf: Leaf) -> dict[str, Any]:
    """Return the search columns of a leaf."""
    return {
        "seq": leaf.seq,
        "at": int(leaf.at.timestamp()),
        "actor": leaf.actor,
        "action": leaf.action,
        "subject": leaf.subject,
        "request": leaf.request,
    }


def _write(connection: Connection, current: Head, rows: list[dict[str, Any]]) -> None:
    frontier, full = current.frontier.extend(row["leaf_hash"] for row in rows)
    if full:
        nodes = [{"level": node.level, "idx": node.index, "hash": node.hash} for node in full]
        connection.execute(_INSERT_NODES, nodes)
    moved = {
        "old_size": current.size,
        "head_size": frontier.size,
        "head_last_at": rows[-1]["at"],
        "head_frontier": frontier.to_bytes(),
    }
    # The head moves only from the size that was read: without the lock, one of two would fork it.
    if _enter(connection, moved, rows) != 1:
        raise LogDamagedError("someone appended to it without its lock")


def _enter(connection: Connection, moved: dict[str, Any], rows: list[dict[str, Any]]) -> int:
    """Insert the leaves and move the head from its old size; return how many heads moved."""
    if len(rows) > 1:
        connection.execute(_INSERT_EVENTS, rows)
        return _MOVE_HEAD.run(connection, moved)
    event = {f"event_{name}": value for name, value in rows[0].items()}
    if _is_postgresql(connection):
        return _ENTER_ONE.run(connection, event | moved)
    _INSERT_EVENT.run(connection, event)
    return _MOVE_HEAD.run(connection, moved)
