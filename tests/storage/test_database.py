"""The door to the database: all or nothing, one writer, readers that cannot write."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from service.storage.database import Database
from service.storage.errors import BusyError
from service.storage.file_lock import FileLock
from tests.storage.whole_log import change, probe, probe_numbers, probe_tables


@pytest.fixture(autouse=True)
def probes(empty_database: Database) -> None:
    probe_tables.create_all(empty_database.engine)


def test_a_block_that_ends_is_committed(empty_database: Database) -> None:
    with empty_database.write() as session:
        change(session, 1)
    assert probe_numbers(empty_database) == [1]


def test_a_block_that_raises_leaves_nothing(empty_database: Database) -> None:
    def fail(*numbers: int) -> None:
        with empty_database.write() as session:
            for number in numbers:
                change(session, number)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail(1)
    with pytest.raises(IntegrityError):
        fail(2, 2)
    assert probe_numbers(empty_database) == []


def test_a_reader_cannot_write(empty_database: Database) -> None:
    with pytest.raises(DBAPIError), empty_database.read() as session:
        change(session, 1)
    with empty_database.write() as session:  # the connection it used is not spoiled
        change(session, 2)
    assert probe_numbers(empty_database) == [2]


def test_a_reader_sees_one_moment_and_does_not_wait_for_a_writer(empty_database: Database) -> None:
    with empty_database.write() as writer:
        change(writer, 1)
        with empty_database.read() as reader:
            assert reader.connection().scalars(select(probe)).all() == []
    with empty_database.read() as reader:
        assert reader.connection().scalars(select(probe)).all() == [1]
        with empty_database.write() as writer:
            change(writer, 2)
        assert reader.connection().scalars(select(probe)).all() == [1]


SETTINGS: dict[str, dict[str, str | int]] = {
    "sqlite": {
        "PRAGMA journal_mode": "wal",
        "PRAGMA synchronous": 2,
        "PRAGMA foreign_keys": 1,
        "PRAGMA secure_delete": 1,
        "PRAGMA trusted_schema": 0,
    },
    "postgresql": {
        "SHOW transaction_isolation": "read committed",
        "SHOW synchronous_commit": "on",
        "SHOW lock_timeout": "5s",
        "SHOW idle_in_transaction_session_timeout": "10s",
    },
}


def test_every_writer_is_durable_and_gives_up_in_time(empty_database: Database) -> None:
    for _ in range(2):  # a pooled connection too, after a reader has used it
        with empty_database.write() as session:
            connection = session.connection()
            for query, expected in SETTINGS[connection.dialect.name].items():
                assert connection.scalar(text(query)) == expected
        with empty_database.read() as session:
            session.connection()


def test_a_fault_does_not_print_the_values_of_a_statement(empty_database: Database) -> None:
    with pytest.raises(IntegrityError) as fault, empty_database.write() as session:
        session.connection().execute(insert(probe), [{"number": 987654321}] * 2)
    assert "'number': 987654321" not in str(fault.value)
    assert "hide_parameters" in str(fault.value)


def test_writers_that_touch_one_row_take_turns(empty_database: Database) -> None:
    with empty_database.write() as session:
        change(session, 0)
    together = threading.Barrier(8)

    def add_one() -> None:
        together.wait()
        for _ in range(5):
            with empty_database.write() as session:
                query = select(probe.c.number).with_for_update()
                number = session.connection().scalars(query).one()
                session.connection().execute(probe.update(), {"number": number + 1})

    threads = [threading.Thread(target=add_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert probe_numbers(empty_database) == [40]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_has_sqlite_from_its_first_statement(empty_database: Database) -> None:
    """Else a transaction that begins by reading could fail when it comes to writing."""
    with empty_database.write() as session:
        session.connection().execute(select(probe))
        shell = sqlite3.connect(str(empty_database.engine.url.database), timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            shell.execute("INSERT INTO probe VALUES (1)")
        shell.close()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_writer_that_waits_too_long_gives_up_and_leaves_nothing(
    empty_database: Database,
) -> None:
    def wait() -> None:
        with empty_database.write() as session:
            change(session, 1)
            session.connection().execute(text("SET LOCAL lock_timeout = '50ms'"))
            session.connection().execute(text("SELECT pg_advisory_xact_lock(1)"))

    with empty_database.write() as holder:
        holder.connection().execute(text("SELECT pg_advisory_xact_lock(1)"))
        with pytest.raises(BusyError):
            wait()
    assert probe_numbers(empty_database) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_a_shell_has_locked_is_busy_too(
    empty_database: Database, state_dir: Path
) -> None:
    ours = Database(str(empty_database.engine.url), state_dir)
    event.listen(ours.engine, "connect", lambda opened, _: opened.execute("PRAGMA busy_timeout=50"))
    with empty_database.engine.begin() as shell:  # past the lock of our own writers
        shell.execute(insert(probe), [{"number": 1}])
        with pytest.raises(BusyError), ours.write() as session:
            change(session, 2)
    ours.dispose()
    assert probe_numbers(empty_database) == [1]


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_other_databases_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SQLite file or PostgreSQL"):
        Database(url, tmp_path)


def test_a_file_lock_excludes_threads_and_other_openers_and_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock, same, other = FileLock(path, 0.05), FileLock(path, 0.05), FileLock(tmp_path / "b", 0.05)
    with lock.hold():
        for busy in (lock, same):
            with pytest.raises(BusyError), busy.hold():
                pass
        with other.hold():
            pass
    with same.hold(), pytest.raises(BusyError), lock.hold():
        pass
    with lock.hold():
        pass
    assert path.stat().st_mode & 0o777 == 0o600
