"""Appending to the log beside inserting the same rows, with the same indexes, into another table.

Each is one event in one transaction; the bare one keeps no tree, no head and no time in order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, func, insert, select
from sqlalchemy.sql.elements import quoted_name

from crypto.leaf import Leaf, encode_leaf
from crypto.merkle import leaf_hash
from service.domain.events import Action, Event
from service.storage import log
from service.storage.base import NAMES, Base
from service.storage.database import Database
from service.storage.log_tables import audit_event
from service.storage.signer import Signer
from tests.benchmarks.figures import Row, Timed, again, in_turn
from tests.conftest import log_tables, people_tables, tables

__all__ = ["log_tables", "people_tables", "tables"]  # so that Base knows every table

SMALL, LARGE = 10_000, 1_000_000
UNUSED = 2**40  # more than any log here has
ROUNDS = 400
BATCH = 2000
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PEOPLE = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(20)]
ACTIONS = list(Action)


def _event(number: int) -> Event:
    return Event(
        action=ACTIONS[number % len(ACTIONS)],
        actor=PEOPLE[number % len(PEOPLE)],
        subject=f"{number % 30:012}",
        request=f"{number // 8:08x}-0000-4000-8000-000000000001",
        details={"state": "pending", "counted": 1, "needed": 2},
    )


def _bare_table() -> Table:
    copy = audit_event.to_metadata(MetaData(naming_convention=NAMES), name="bare_event")
    copy.primary_key.name = quoted_name("pk_bare_event", quote=None)
    for index in copy.indexes:
        index.name = quoted_name(f"bare_{index.name}", quote=None)
    return copy


class Twin:
    """A log, and a table like its own without anything around it.

    ``at`` is the time of what is appended, not before the last event's.
    """

    def __init__(self, database: Database, at: datetime = AT) -> None:
        self.database = database
        self.bare = _bare_table()
        self.bare.create(database.engine)
        self._insert = insert(self.bare)
        with database.read() as session:
            self._next = log.head(session).size
        self._at = at
        self._spare = 0

    def fill(self, size: int) -> None:
        """Bring both to so many events."""
        while self._next < size:
            events = [_event(self._next + number) for number in range(BATCH)]
            with self.database.write() as session:
                log.append(session, events, at=self._at)
            self._next += BATCH
        self.copy()

    def copy(self) -> None:
        """Bring the table to as many events as the log has."""
        with self.database.engine.begin() as connection:
            there = connection.execute(select(func.count()).select_from(self.bare)).scalar_one()
            missing = select(audit_event).where(audit_event.c.seq >= there)
            columns = [column.name for column in self.bare.c]
            connection.execute(insert(self.bare).from_select(columns, missing))

    def append(self) -> None:
        """One event, as an act appends it."""
        with self.database.write() as session:
            log.append(session, [_event(self._next)], at=self._at)
        self._next += 1

    def insert(self) -> None:
        """The same row, as nobody would append it."""
        with self.database.engine.begin() as connection:
            connection.execute(self._insert, _row(self.bare, UNUSED + self._spare))
        self._spare += 1


def _row(table: Table, number: int) -> dict[str, Any]:
    event = _event(number)
    leaf = Leaf(
        seq=number,
        at=AT,
        actor=event.actor,
        action=str(event.action),
        subject=event.subject,
        request=event.request,
        details=event.details,
        statement=b"",
    )
    data = encode_leaf(leaf)
    values = {name: getattr(leaf, name) for name in ("seq", "actor", "action", "subject")}
    copies = {"request": leaf.request, "at": int(AT.timestamp())}
    return values | copies | {"leaf": data, "leaf_hash": leaf_hash(data)}


def _pairs(twin: Twin) -> Iterator[tuple[Timed, Timed]]:
    return again(twin.append, twin.insert, ROUNDS)


@contextmanager
def _twin(url: str, state_dir: Path) -> Iterator[Twin]:
    state_dir.mkdir(mode=0o700, exist_ok=True)
    database = Database(url, state_dir)
    try:
        Base.metadata.create_all(database.engine)
        Signer.create(database, state_dir, "benchmark.example/log", lambda: AT)
        yield Twin(database)
    finally:
        database.dispose()


def row_of(twin: Twin, name: str, wish: float) -> Row:
    """One line, at the size that they have."""
    return in_turn(name, _pairs(twin), at_least=wish)


def row_at(url: str, state_dir: Path, name: str, wish: float) -> Row:
    """One line, at the smaller size."""
    with _twin(url, state_dir) as twin:
        twin.fill(SMALL)
        return row_of(twin, name, wish)


def rows(url: str, state_dir: Path, name: str, wish: float) -> Iterator[Row]:
    """One line for each size."""
    with _twin(url, state_dir) as twin:
        for size in (SMALL, LARGE):
            twin.fill(size)
            yield row_of(twin, f"append at {size:,}, {name}", wish)
