"""A table with the columns and indexes of the log's, and a plain INSERT of one row into it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    insert,
    literal_column,
    select,
    table,
)

from tests.benchmarks.bare.engine import engine_of

_metadata = MetaData()
EVENTS = Table(
    "bare_event",
    _metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Index("bare_actor", "actor", "seq", "action", "subject"),
    Index("bare_action", "action", "seq", "subject"),
    Index("bare_subject", "subject", "seq", "action"),
    Index("bare_request", "request", "seq"),
    Index("bare_at", "at", "seq"),
)
_INSERT = insert(EVENTS)


class Inserts:
    """The table, on an engine of its own."""

    def __init__(self, url: str) -> None:
        self._engine = engine_of(url)
        _metadata.create_all(self._engine)

    def copy(self, source: str) -> None:
        """Bring it to as many rows as the table of this name in the same database has."""
        columns: list[ColumnElement[Any]] = [literal_column(column.name) for column in EVENTS.c]
        with self._engine.begin() as connection:
            there = connection.execute(select(func.count()).select_from(EVENTS)).scalar_one()
            missing = (
                select(*columns).select_from(table(source)).where(literal_column("seq") >= there)
            )
            connection.execute(insert(EVENTS).from_select([c.name for c in EVENTS.c], missing))

    def insert(self, row: Mapping[str, object]) -> None:
        """One row in one transaction."""
        with self._engine.begin() as connection:
            connection.execute(_INSERT, row)

    def dispose(self) -> None:
        """Close its connections."""
        self._engine.dispose()
