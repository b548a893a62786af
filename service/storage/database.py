"""One door to the database: a transaction that writes, or one that only reads.

SQLite and PostgreSQL differ here and nowhere else. Both promise the same: what is committed stays
committed through a power cut (the log's signer relies on it), a writer that waits too long gives
up, and a reader sees one moment and cannot write.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service.storage.errors import BusyError
from service.storage.file_lock import FileLock
from service.storage.query_cache import KEPT

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

WRITER_TIMEOUT = 5.0  # seconds that a writer waits for another one

# Lost only to us: lock not available, deadlock, serialisation. The same work may be tried again.
_BUSY_STATES = frozenset({"55P03", "40P01", "40001"})
_SQLITE_BUSY = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_BUSY_RECOVERY"})

_SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL may lose a commit at a power cut, and rewind a signed log
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # deleted resealed shares are overwritten
    "PRAGMA trusted_schema=OFF",
)
# For the life of a connection rather than SET LOCAL: the same in every transaction, at no cost.
_POSTGRESQL_SETTINGS = (
    f"SET lock_timeout = '{WRITER_TIMEOUT:.0f}s'",
    "SET idle_in_transaction_session_timeout = '10s'",  # a stalled holder cannot keep the log
    "SET synchronous_commit = on",
)


class Database:
    """The database at a URL; ``state_dir`` is where SQLite's writers find their lock.

    Transactions do not nest: on SQLite a thread that asks for a second one while it holds the first
    waits for itself, and gets BusyError.

    Raises:
        ValueError: neither a SQLite file nor PostgreSQL.
    """

    def __init__(self, url: str, state_dir: Path) -> None:
        parsed = make_url(url)
        kind = parsed.get_backend_name()
        if kind == "sqlite" and parsed.database not in {None, "", ":memory:"}:
            self._writer_lock: FileLock | None = FileLock(state_dir / "writer.lock", WRITER_TIMEOUT)
            self.engine = _sqlite_engine(parsed, "BEGIN IMMEDIATE", *_SQLITE_SETTINGS)
            self._reader = _sqlite_engine(
                parsed, "BEGIN", *_SQLITE_SETTINGS, "PRAGMA query_only=ON"
            )
            self._looker = self._reader
        elif kind == "postgresql":
            self._writer_lock = None
            self.engine = _postgresql_engine(parsed)
            self._reader = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._looker = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        else:
            raise ValueError("the database is a SQLite file or PostgreSQL")

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are committed at the end of the block, all or none.

        Raises:
            BusyError: other writers kept their locks for five seconds, or two deadlocked.
        """
        with self._turn(), _transaction(self.engine) as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees the database as it is at the first query, and cannot write."""
        with _transaction(self._reader) as session:
            session.info[KEPT] = {}
            yield session

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """Give a connection for one query that reads, and no more: each call of the API makes one.

        A single query sees one moment by itself, so PostgreSQL is spared a transaction around it.
        """
        with _one_way_of_being_busy(), self._looker.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close all idle connections."""
        self.engine.dispose()
        self._reader.dispose()

    def _turn(self) -> AbstractContextManager[None]:
        return self._writer_lock.hold() if self._writer_lock else nullcontext()


def _sqlite_engine(url: URL, begin: str, *settings: str) -> Engine:
    engine = create_engine(
        url,
        # The driver's own idea of when a transaction starts is off; ours is below.
        connect_args={"isolation_level": None, "timeout": WRITER_TIMEOUT},
        hide_parameters=True,
    )
    _set_on_connect(engine, settings)
    # Not by an event: with a listener to one thing, every query looks for listeners to others.
    engine.dialect.do_begin = partial(_begin, begin)  # type: ignore[method-assign]
    return engine


def _begin(statement: str, connection: "PoolProxiedConnection") -> None:
    cursor = connection.cursor()
    cursor.execute(statement)
    cursor.close()


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",  # the head of the log is read after its lock is held
        pool_pre_ping=True,
        hide_parameters=True,
    )
    _set_on_connect(engine, _POSTGRESQL_SETTINGS)
    return engine


def _set_on_connect(engine: Engine, settings: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: "DBAPIConnection", _entry: "ConnectionPoolEntry") -> None:
        cursor = connection.cursor()
        for statement in settings:
            cursor.execute(statement)
        cursor.close()
        connection.commit()


class _Session(Session):
    """A session on a connection whose transaction is begun and ended around it.

    Plain queries take the connection itself, and most transactions have no others: what a session
    does for mapped objects then costs nothing.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, expire_on_commit=False)
        self._connection = connection

    def connection(self, *_: object, **__: object) -> Connection:
        """Return the connection of the transaction."""
        return self._connection

    def close(self) -> None:
        """Let go of mapped objects; there are none unless the session began to keep track."""
        if self.in_transaction():
            super().close()


@contextmanager
def _transaction(engine: Engine) -> Iterator[Session]:
    """Commit at the end of the block."""
    with (
        _one_way_of_being_busy(),
        engine.begin() as connection,
        _Session(connection) as session,
    ):
        yield session
        # The connection commits, not the session: what is still in it would be lost.
        session.flush()


@contextmanager
def _one_way_of_being_busy() -> Iterator[None]:
    """Turn the engines' several ways of being busy into one."""
    try:
        yield
    except OperationalError as error:
        state = getattr(error.orig, "sqlstate", None)
        name = getattr(error.orig, "sqlite_errorname", None)
        if state in _BUSY_STATES or name in _SQLITE_BUSY:
            raise BusyError from None
        raise
