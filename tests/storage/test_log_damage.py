"""Rows and hashes of a log that do not fit each other are found."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, select, update

from service.storage import log, log_rows, proofs
from service.storage.database import Database
from service.storage.errors import LogDamagedError
from service.storage.log_tables import audit_event, audit_head, audit_node
from tests.conftest import HandClock
from tests.storage.whole_log import write

Tamper = Callable[[Connection], object]


def _set(**values: object) -> Tamper:
    statement = update(audit_event).where(audit_event.c.seq == 2).values(values)
    return lambda connection: connection.execute(statement)


_first_leaf = select(audit_event.c.leaf).where(audit_event.c.seq == 1).scalar_subquery()
_full_node = select(audit_node.c.hash).scalar_subquery()
ROW_TAMPERING: dict[str, Tamper] = {
    "actor": _set(actor="somebody else"),
    "action": _set(action="session:ended"),
    "subject": _set(subject="210987654321"),
    "request": _set(request="another"),
    "time": _set(at=0),
    "leaf": _set(leaf=b"{}"),
    "leaf of another": _set(leaf=_first_leaf),
    "hash": _set(leaf_hash=bytes(32)),
    "moved": _set(seq=9),
    "missing": lambda database: database.execute(delete(audit_event).where(audit_event.c.seq == 2)),
    "tail": lambda database: database.execute(delete(audit_event).where(audit_event.c.seq > 2)),
}


@pytest.mark.parametrize("tamper", ROW_TAMPERING.values(), ids=ROW_TAMPERING)
def test_a_row_that_differs_from_its_leaf_is_found(
    database: Database, clock: HandClock, tamper: Tamper
) -> None:
    write(database, clock, 5)
    with database.read() as session:
        assert list(log_rows.newest(session)) == []
    with database.engine.begin() as connection:
        tamper(connection)
    with database.read() as session:
        assert list(log_rows.newest(session)) != []


def _set_head(**values: object) -> Tamper:
    return lambda database: database.execute(update(audit_head).values(values))


HEAD_TAMPERING: dict[str, Tamper] = {
    "tail": lambda database: database.execute(delete(audit_event).where(audit_event.c.seq > 260)),
    "edge": lambda database: database.execute(
        update(audit_event).where(audit_event.c.seq == 260).values(leaf_hash=bytes(32))
    ),
    "node": lambda database: database.execute(update(audit_node).values(hash=bytes(32))),
    "no node": lambda database: database.execute(delete(audit_node)),
    "frontier": _set_head(frontier=bytes(64)),
    "frontier of another size": _set_head(frontier=bytes(32)),
    "longer": _set_head(size=272),
    "shorter": _set_head(size=256, frontier=_full_node),
}


@pytest.mark.parametrize("tamper", HEAD_TAMPERING.values(), ids=HEAD_TAMPERING)
def test_hashes_that_do_not_lead_to_the_head_are_found(
    database: Database, clock: HandClock, tamper: Tamper
) -> None:
    write(database, clock, 264)
    with database.read() as session:
        assert proofs.check_head(session).size == 264
    with database.engine.begin() as connection:
        tamper(connection)
    with database.read() as session, pytest.raises(LogDamagedError):
        proofs.check_head(session)


def test_a_proof_over_a_missing_leaf_is_not_made(database: Database, clock: HandClock) -> None:
    write(database, clock, 5)
    with database.engine.begin() as connection:
        ROW_TAMPERING["missing"](connection)
    with database.read() as session:
        with pytest.raises(LogDamagedError):
            proofs.Reader(session).inclusion(0, 5)
        with pytest.raises(LogDamagedError):
            proofs.Reader(session).consistency(1, 5)
        with pytest.raises(LogDamagedError):  # the next leaf must not slip into its place
            proofs.Reader(session).root(3)
        with pytest.raises(LogDamagedError, match="entry 2 is missing"):
            log.read_leaves(session, 0, 5)
