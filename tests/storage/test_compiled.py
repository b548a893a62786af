"""Statements written out once do what SQLAlchemy does with them, on both databases."""

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.storage.compiled import CompiledStatement
from service.storage.database import Database
from service.storage.log_tables import audit_event

_COLUMNS = [column.name for column in audit_event.c]
INSERT = insert(audit_event).values({name: bindparam(name) for name in _COLUMNS})
MOVE = (
    update(audit_event)
    .where(audit_event.c.actor == bindparam("whose"))
    .values(at=bindparam("moment"))
)
IN_ORDER = select(audit_event).order_by(audit_event.c.seq)
ROW = {
    "seq": 2**40,
    "at": 2**33,
    "actor": "100 % (a)s ?; -- ' :b",
    "action": "å",
    "subject": "",
    "request": "%(seq)s",
    "leaf": b"\x00\xff'",
    "leaf_hash": bytes(32),
}


def test_what_is_written_out_is_what_sqlalchemy_does(empty_database: Database) -> None:
    written, moved = CompiledStatement(INSERT), CompiledStatement(MOVE)
    with empty_database.write() as session:
        connection = session.connection()
        assert written.run(connection, ROW) == 1
        connection.execute(INSERT, {**ROW, "seq": 1})
        both = [dict(row) for row in connection.execute(IN_ORDER).mappings()]
        assert both == [{**ROW, "seq": 1}, ROW]
        assert moved.run(connection, {"whose": ROW["actor"], "moment": 5}) == 2
        assert moved.run(connection, {"whose": "nobody", "moment": 6}) == 0
        assert set(connection.execute(select(audit_event.c.at)).scalars()) == {5}


def test_what_the_database_refuses_is_an_error_as_ever(empty_database: Database) -> None:
    written = CompiledStatement(INSERT)
    with empty_database.write() as session:
        written.run(session.connection(), ROW)
        with pytest.raises(IntegrityError):
            written.run(session.connection(), ROW)
        session.connection().rollback()
