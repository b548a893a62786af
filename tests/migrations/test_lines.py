"""An account's id gets room for a line's number; whatever is there stays, and refers on."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from service.storage.database import Database
from tests.cast import ACCOUNT
from tests.migrations.test_migrations import to

LINE = f"{ACCOUNT}.999"
REGISTER = text("INSERT INTO account (id, sns_topic_arn, registered_at) VALUES (:id, '', 0)")
ROSTER = text("INSERT INTO roster VALUES (:digest, :account, 1, 'draft', :blob, :blob)")


@pytest.fixture
def older(database_url: str, state_dir: Path) -> Database:
    database = Database(database_url, state_dir)
    to(database, "0006")
    with database.write() as session:
        session.execute(REGISTER, {"id": ACCOUNT})
        session.execute(ROSTER, {"digest": "a" * 64, "account": ACCOUNT, "blob": b"{}"})
    return database


def known(database: Database) -> list[tuple[str, str]]:
    query = "SELECT account.id, roster.digest FROM roster JOIN account ON account = account.id"
    with database.read() as session:
        return sorted((row[0], row[1]) for row in session.execute(text(query)))


def test_what_is_there_stays_and_a_line_has_room(older: Database) -> None:
    before = known(older)
    to(older, "0007")
    with older.write() as session:
        session.execute(REGISTER, {"id": LINE})
        session.execute(ROSTER, {"digest": "b" * 64, "account": LINE, "blob": b"{}"})
    assert known(older) == [*before, (LINE, "b" * 64)]
    if older.engine.dialect.name == "sqlite":
        with older.read() as session:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    older.dispose()


def test_down_keeps_what_fits_and_refuses_what_does_not(older: Database) -> None:
    before = known(older)
    to(older, "0007")
    to(older, "0006", up=False)
    assert known(older) == before
    to(older, "0007")
    with older.write() as session:
        session.execute(REGISTER, {"id": LINE})
    if older.engine.dialect.name == "postgresql":  # SQLite bounds no text
        with pytest.raises(DataError):
            to(older, "0006", up=False)
    older.dispose()
