"""Recording an act in the log beside a plain INSERT of the same row into another table.

Ours is one event with a signed statement and a notice in one transaction, as every act records it:
the time is read, the log locked, the leaf built, hashed and entered, the head moved, the statement
kept, the notice queued. The bare row is ready before its time is taken: see ``bare.inserts``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Insert, func, insert, literal, select

from crypto.identity import Identity
from crypto.leaf import Leaf, encode_leaf
from crypto.merkle import leaf_hash
from crypto.randomness import random_uuid
from crypto.statement import sign
from service.domain.events import Action, Event
from service.storage import log, proofs, statements
from service.storage.base import Base, table_of
from service.storage.database import Database
from service.storage.log_tables import audit_event
from service.storage.signer import Signer
from service.storage.tables import OutboxRow, StatementRow
from service.usecases.context import Context
from tests.benchmarks.bare.inserts import Inserts
from tests.benchmarks.figures import WARM, Row, Timed, in_turn
from tests.conftest import log_tables, people_tables, tables
from tests.usecases.world import make_world

__all__ = ["log_tables", "people_tables", "tables"]  # so that Base knows every table

SMALL, LARGE = 10_000, 1_000_000
UNUSED = 2**40  # more than any log here has
ROUNDS = 400
BATCH = 2000
STATED = 4  # of so many events of the past one has a statement
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PEOPLE = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(20)]
ACTIONS = list(Action)
_SIZE = select(func.count()).select_from(audit_event)


def _past(number: int) -> Event:
    return Event(
        action=ACTIONS[number % len(ACTIONS)],
        actor=PEOPLE[number % len(PEOPLE)],
        subject=f"{number % 30:012}",
        request=f"{number // 8:08x}-0000-4000-8000-000000000001",
        details={"state": "pending", "counted": 1, "needed": 2},
    )


def approval(number: int, me: Identity, head: tuple[int, bytes]) -> Event:
    """An approval as ``decisions`` records it, whose statement was parsed when it was posted.

    ``head`` is the size and root of the log that the custodian's device has verified.
    """
    size, root = head
    person = PEOPLE[number % len(PEOPLE)]
    fields = {
        "request": f"{number:064x}",
        "group": "password",
        "custodian": person,
        "decision": "approve",
        "reason": "",
        "resealed_share_digest": "ab" * 32,
        "log_size": size,
        "log_root": root.hex(),
    }
    statement = sign("decision", fields, identity=me, at=AT)
    statements.posted(statement.raw)
    return Event(
        action=Action.REQUEST_APPROVED,
        actor=person,
        subject=f"{number % 30:012}",
        request=random_uuid(),
        details={"group": "password", "counted": 1, "needed": 2, "state": "pending"},
        statement=statement.raw,
    )


class Twin:
    """A log, and a bare table that holds the same rows.

    ``ctx`` has a clock that stands at the last event, or after it.
    """

    def __init__(self, ctx: Context, url: str) -> None:
        self._ctx = ctx
        self._bare = Inserts(url)
        self._me = Identity.generate()
        self._used = 0
        with ctx.database.read() as session:
            self._size = log.head(session).size
        self._filled = 0

    def fill(self, size: int) -> None:
        """Bring both to so many events, with statements and notices of that past."""
        database = self._ctx.database
        while self._size < size:
            events = [_past(self._size + number) for number in range(BATCH)]
            with database.write() as session:
                log.append(session, events, at=AT)
            self._size += BATCH
        self.copy()

    def copy(self) -> None:
        """Bring the bare table, the statements and the notices to as much as the log has."""
        with self._ctx.database.engine.begin() as connection:
            for query in _fillings(self._filled, connection.dialect.name):
                connection.execute(query)
            self._filled = connection.execute(_SIZE).scalar_one()
        self._bare.copy(audit_event.name)

    def pairs(self) -> Iterator[tuple[Timed, Timed]]:
        """One act and one insert, each with what it writes ready at hand."""
        with self._ctx.database.read() as session:
            head = self._size, proofs.Reader(session).root(self._size)
        for _ in range(ROUNDS + WARM):
            event = approval(self._used, self._me, head)
            row = _row(event, UNUSED + self._used)
            self._used += 1
            yield partial(self._record, event), partial(self._bare.insert, row)

    def _record(self, event: Event) -> None:
        with self._ctx.write() as unit:
            unit.record(event)

    def dispose(self) -> None:
        """Close the bare table's connections."""
        self._bare.dispose()


def _fillings(start: int, dialect: str) -> Iterator[Insert]:
    """Notices of all events from an index on, long sent, and statements of one in ``STATED``."""
    outbox, kept, event = table_of(OutboxRow), table_of(StatementRow), audit_event.c
    since = event.seq >= start
    sent: dict[str, ColumnElement[Any]] = {
        "leaf": event.seq,
        "channel": literal("past"),
        "state": literal("sent"),
        "attempts": literal(1),
        "next_attempt_at": literal(0),
        "fault": literal(""),
    }
    yield insert(outbox).from_select(list(sent), select(*sent.values()).where(since))
    hexed = func.lower(func.hex(event.leaf_hash))
    if dialect == "postgresql":
        hexed = func.encode(event.leaf_hash, "hex")
    said: dict[str, ColumnElement[Any]] = {
        "digest": hexed,
        "kind": literal("decision"),
        "about": event.request,
        "person": event.actor,
        "seq": event.seq,
        "at": event.at,
        "raw": event.leaf,
    }
    there = select(kept.c.seq)
    one_in_some = since & (event.seq % STATED == 0) & event.seq.not_in(there)
    yield insert(kept).from_select(list(said), select(*said.values()).where(one_in_some))


def _row(event: Event, number: int) -> dict[str, object]:
    leaf = Leaf(
        seq=number,
        at=AT,
        actor=event.actor,
        action=str(event.action),
        subject=event.subject,
        request=event.request,
        details=event.details,
        statement=event.statement,
    )
    data = encode_leaf(leaf)
    return log.copies(leaf) | {"leaf": data, "leaf_hash": leaf_hash(data)}


@contextmanager
def _twin(url: str, state_dir: Path) -> Iterator[Twin]:
    state_dir.mkdir(mode=0o700, exist_ok=True)
    database = Database(url, state_dir)
    try:
        Base.metadata.create_all(database.engine)
        signer = Signer.create(database, state_dir, "benchmark.example/log", lambda: AT)
        twin = Twin(make_world(database, signer, state_dir, lambda: AT).ctx, url)
        yield twin
        twin.dispose()
    finally:
        database.dispose()


def row_of(twin: Twin, name: str, kind: str) -> Row:
    """One line, at the size that they have."""
    return in_turn(name, kind, twin.pairs())


def row_at(url: str, state_dir: Path, name: str, kind: str) -> Row:
    """One line, at the smaller size."""
    with _twin(url, state_dir) as twin:
        twin.fill(SMALL)
        return row_of(twin, name, kind)


def rows(url: str, state_dir: Path, name: str) -> Iterator[Row]:
    """One line for each size."""
    with _twin(url, state_dir) as twin:
        for size in (SMALL, LARGE):
            twin.fill(size)
            yield row_of(twin, f"append at {size:,}, {name}", f"append, {name}")
