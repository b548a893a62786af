"""The log in the database: appending, its bars, and what it shows of tampering."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, select

from crypto import merkle
from crypto.errors import MalformedError
from service.domain.events import Action, Event
from service.storage import log, proofs
from service.storage.database import Database
from service.storage.errors import ClockMovedError, LogDamagedError, LogExistsError, LogMissingError
from service.storage.log_tables import audit_node
from tests.conftest import HandClock
from tests.storage.whole_log import (
    an_event,
    change,
    check_whole_log,
    probe_numbers,
    probe_tables,
    rows,
    write,
)


@pytest.fixture(autouse=True)
def probes(empty_database: Database) -> None:
    probe_tables.create_all(empty_database.engine)


def test_indexes_follow_each_other_from_zero(database: Database, clock: HandClock) -> None:
    assert write(database, clock, 1) == [0]
    assert write(database, clock, 3) == [1, 2, 3]
    assert write(database, clock, 0) == []
    assert len(check_whole_log(database)) == 4


def test_a_leaf_says_what_happened(database: Database, clock: HandClock) -> None:
    happened = Event(
        action=Action.REQUEST_OPENED,
        actor="8d0be2a1-8a11-4f46-a2f7-7e4d7a2df5a5",
        subject="123456789012",
        request="6a1b9c6e-6a59-4ee6-9f0f-0d7b3a1c2d3e",
        details={"drill": False, "groups": ["mfa"]},
        statement=b'{"payload":""}',
    )
    with database.write() as session:
        log.append(session, [happened], at=clock())
    (leaf,) = check_whole_log(database)
    assert (leaf.seq, leaf.at, leaf.action) == (0, clock(), "request:opened")
    assert (leaf.actor, leaf.subject, leaf.request) == (
        happened.actor,
        happened.subject,
        happened.request,
    )
    assert (leaf.details, leaf.statement) == (happened.details, happened.statement)


def test_an_empty_log_has_no_time(database: Database) -> None:
    with database.read() as session:
        head = log.head(session)
    assert (head.size, head.last_at, head.frontier.root) == (0, None, merkle.EMPTY_ROOT)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.sampled_from([1, 2, 3, 254, 255, 256, 257]), min_size=1, max_size=4))
def test_batches_give_the_plainly_computed_root(
    database: Database, clock: HandClock, batches: list[int]
) -> None:
    for count in batches:
        clock.advance(seconds=1)
        write(database, clock, count, first=rows(database))
    check_whole_log(database)


def test_a_log_across_65_536_leaves_proves_every_step(database: Database, clock: HandClock) -> None:
    """No transaction waits long for this process: a busy machine makes it slow."""
    for count in (*[4369] * 15, 1, 1, 300):  # 65,535 first
        write(database, clock, count)
    hashes = [merkle.leaf_hash(leaf) for leaf in _leaves(database)]
    size, root = len(hashes), merkle.root(hashes)
    olds = (1, 255, 256, 257, 65_535, 65_536, 65_537, size)
    roots = {old: merkle.root(hashes[:old]) for old in olds}
    with database.read() as session:
        assert proofs.check_head(session).frontier.root == root
        for index in (0, 255, 256, 65_535, 65_536, size - 1):
            path = proofs.Reader(session).inclusion(index, size)
            merkle.verify_inclusion(hashes[index], index, size, path, root)
        for old in olds:
            proof = proofs.Reader(session).consistency(old, size)
            merkle.verify_consistency(old, size, roots[old], root, proof)
        nodes = session.connection().execute(select(audit_node.c.level, audit_node.c.idx)).all()
    assert sorted((level, idx) for level, idx in nodes) == [*((1, i) for i in range(257)), (2, 0)]


def _leaves(database: Database) -> list[bytes]:
    with database.read() as session:
        return log.read_leaves(session, 0, 1_000_000)


def test_leaves_are_read_in_pages(database: Database, clock: HandClock) -> None:
    write(database, clock, 5)
    with database.read() as session:
        assert [len(log.read_leaves(session, *page)) for page in ((0, 2), (3, 9), (5, 1))] == [
            2,
            2,
            0,
        ]
        assert log.read_leaves(session, 1, 2) == _leaves(database)[1:3]


def test_an_append_takes_few_statements(database: Database, clock: HandClock) -> None:
    write(database, clock, 254)
    statements: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _count(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement.partition(" ")[0])

    full = database.engine.dialect.name == "postgresql"
    take, one = ("WITH", ["WITH"]) if full else ("SELECT", ["INSERT", "UPDATE"])
    write(database, clock, 1)
    assert statements == [take, *one]
    statements.clear()
    write(database, clock, 2)
    assert statements == [take, "INSERT", "INSERT", "UPDATE"]
    event.remove(database.engine, "before_cursor_execute", _count)


def write_with(database: Database, clock: HandClock, *events: Event) -> None:
    """Change a state and append these events, then fail if there are none."""
    with database.write() as session:
        change(session, 1)
        log.append(session, events or [an_event()], at=clock())
        if not events:
            raise ZeroDivisionError


def test_a_change_that_fails_leaves_neither_state_nor_event(
    database: Database, clock: HandClock
) -> None:
    write(database, clock, 1)
    with pytest.raises(ZeroDivisionError):
        write_with(database, clock)
    assert (probe_numbers(database), len(check_whole_log(database))) == ([], 1)
    assert write(database, clock, 1) == [1]


def test_an_event_that_cannot_be_written_takes_its_change_with_it(
    database: Database, clock: HandClock
) -> None:
    for bad in (
        replace(an_event(), statement=bytes(50_000)),
        replace(an_event(), details={"half": 0.5}),  # type: ignore[dict-item]
        replace(an_event(), actor="\x1b[2J"),
    ):
        with pytest.raises(MalformedError):
            write_with(database, clock, an_event(), bad)
    assert (probe_numbers(database), check_whole_log(database)) == ([], [])


def test_a_savepoint_is_no_place_to_append(database: Database, clock: HandClock) -> None:
    with database.write() as session:
        with session.begin_nested(), pytest.raises(RuntimeError, match="savepoint"):
            log.append(session, [an_event()], at=clock())
        assert log.append(session, [an_event()], at=clock()) == [0]
    assert len(check_whole_log(database)) == 1


def test_a_reader_cannot_append(database: Database, clock: HandClock) -> None:
    with pytest.raises(Exception, match=r"read.?only"), database.read() as session:
        log.append(session, [an_event()], at=clock())
    assert check_whole_log(database) == []


def test_time_never_decreases_but_for_an_accepted_clock(
    database: Database, clock: HandClock
) -> None:
    write(database, clock, 1)
    last = clock()
    write(database, clock, 1)  # the same second is no step back
    clock.advance(seconds=-1)
    with pytest.raises(ClockMovedError) as moved:
        write(database, clock, 1)
    assert moved.value.last_at == last
    with database.write() as session:
        accepted = replace(an_event(), action=Action.CLOCK_ACCEPTED)
        assert log.append(session, [accepted], at=clock(), restart_clock=True) == [2]
    assert write(database, clock, 1) == [3]
    assert [leaf.at - last for leaf in check_whole_log(database)] == [
        timedelta(0),
        timedelta(0),
        timedelta(seconds=-1),
        timedelta(seconds=-1),
    ]


def test_a_database_without_log_says_so(empty_database: Database, clock: HandClock) -> None:
    with empty_database.read() as session, pytest.raises(LogMissingError, match="init"):
        log.head(session)
    with pytest.raises(LogMissingError):
        write(empty_database, clock, 1)


def test_a_second_log_is_not_started(database: Database, clock: HandClock) -> None:
    write(database, clock, 1)
    with pytest.raises(LogExistsError), database.write() as session:
        log.start(session, "another key")
    assert len(check_whole_log(database)) == 1


def test_threads_that_race_leave_no_gap_and_no_fork(database: Database, clock: HandClock) -> None:
    together, failed = threading.Barrier(8), []

    def work(worker: int) -> None:
        together.wait()
        try:
            for turn in range(12):
                number = worker * 100 + turn
                with database.write() as session:
                    change(session, number)
                    log.append(session, [an_event(number)], at=clock())
        except Exception as error:  # noqa: BLE001 - shown below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    numbers = [leaf.details["number"] for leaf in check_whole_log(database)]
    assert sorted(numbers) == probe_numbers(database)
    assert len(numbers) == 96


def test_a_head_that_moved_under_us_is_noticed(database: Database, clock: HandClock) -> None:
    """The second bar: somebody who ignores the lock cannot make two leaves of one index."""
    write(database, clock, 3)

    @event.listens_for(database.engine, "before_cursor_execute")
    def _move(conn: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if "INSERT INTO audit_event" in statement:
            conn.exec_driver_sql("UPDATE audit_head SET size = 2")

    with pytest.raises(LogDamagedError, match="without its lock"):
        write(database, clock, 1)
    event.remove(database.engine, "before_cursor_execute", _move)
    assert len(check_whole_log(database)) == 3
