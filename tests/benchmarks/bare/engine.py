"""An engine of SQLAlchemy with the durability that the service asks of its own.

A commit is on the disk when it returns, and a writer on SQLite has the whole database. A test
compares these settings with those of the service.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_SQLITE = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
)
_POSTGRESQL = (
    "SET lock_timeout = '5s'",
    "SET idle_in_transaction_session_timeout = '10s'",
    "SET synchronous_commit = on",
)


def engine_of(url: str) -> Engine:
    """Open a SQLite file or PostgreSQL; dispose of it when done."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"isolation_level": None, "timeout": 5.0})
        _on_connect(engine, _SQLITE)
        engine.dialect.do_begin = _begin  # type: ignore[assignment]  # an event costs more
        return engine
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"), isolation_level="READ COMMITTED"
    )
    _on_connect(engine, _POSTGRESQL)
    return engine


def _begin(connection: "PoolProxiedConnection") -> None:
    cursor = connection.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    cursor.close()


def _on_connect(engine: Engine, settings: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: "DBAPIConnection", _entry: "ConnectionPoolEntry") -> None:
        cursor = connection.cursor()
        for setting in settings:
            cursor.execute(setting)
        cursor.close()
        connection.commit()
