"""The check of the whole log: each fault is named once, with its entry, and nothing else is."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from crypto.checkpoint import Checkpoint
from crypto.merkle import Frontier
from crypto.note import NoteVerifier
from service.storage import log, log_check
from service.storage.database import Database
from service.storage.log_tables import audit_checkpoint, audit_event, audit_head, audit_node
from service.storage.signer import Signer
from tests.conftest import HandClock
from tests.storage.whole_log import an_event

Tamper = Callable[[Connection], object]
SIZE = 600
_OTHER_LEAF = select(audit_event.c.leaf).where(audit_event.c.seq == 4).scalar_subquery()


def write(database: Database, clock: HandClock, count: int) -> None:
    with database.write() as session:
        log.append(session, [an_event(number) for number in range(count)], at=clock())


@pytest.fixture
def checked(database: Database, signer: Signer, clock: HandClock) -> Database:
    """600 entries, with signed checkpoints over 0, 100, 101 and 600 of them."""
    for size in (0, 100, 101, SIZE):
        with database.read() as session:
            missing = size - log.head(session).size
        write(database, clock, missing)
        clock.advance(seconds=1)
        signer.checkpoint(database)
    return database


def faults(database: Database, signer: Signer, guarded: Checkpoint | None = None) -> list[str]:
    verifier = NoteVerifier.from_vkey(signer.verifier_key)
    with database.read() as session:
        found = list(log_check.check(session, verifier, guarded or signer.guarded()))
    return [fault.message for fault in found]


def row(seq: int, **values: object) -> Tamper:
    return lambda c: c.execute(update(audit_event).where(audit_event.c.seq == seq).values(values))


def head(**values: object) -> Tamper:
    return lambda c: c.execute(update(audit_head).values(values))


def dropped(condition: object) -> Tamper:
    return lambda c: c.execute(delete(audit_event).where(condition))  # type: ignore[arg-type]


def signed(size: int, **values: object) -> Tamper:
    return lambda c: c.execute(
        update(audit_checkpoint).where(audit_checkpoint.c.size == size).values(values)
    )


_DIFFERS = "entry {}: its column '{}' is not what its leaf says"
_HEAD = "the log's head has other hashes than its 600 entries"

_NO_NOTE = (
    "the stored checkpoint of 101 entries: not a note: a text, a blank line, and lines of "
    "signatures"
)

ONE_FAULT: dict[str, tuple[Tamper, str]] = {
    "actor": (row(3, actor="nobody"), _DIFFERS.format(3, "actor")),
    "action": (row(3, action="session:ended"), _DIFFERS.format(3, "action")),
    "subject": (row(3, subject="nobody"), _DIFFERS.format(3, "subject")),
    "request": (row(3, request="another"), _DIFFERS.format(3, "request")),
    "leaf": (row(3, leaf=b"{}"), "entry 3 is no leaf: a leaf must have exactly its eight fields"),
    "a hash": (row(3, leaf_hash=b"x"), "entry 3: its hash is not that of its leaf"),
    "a node": (
        lambda c: c.execute(update(audit_node).values(hash=bytes(32)).where(audit_node.c.idx == 1)),
        "the stored hash over entries 256 to 511 is not that of these entries",
    ),
    "a node that is gone": (
        lambda c: c.execute(delete(audit_node).where(audit_node.c.idx == 0)),
        "the stored hash over entries 0 to 255 is missing",
    ),
    "a node too many": (
        lambda c: c.execute(insert(audit_node).values(level=2, idx=0, hash=bytes(32))),
        "a stored hash of level 2 is of entries that the log does not have (number 0)",
    ),
    "the edge": (head(frontier=bytes(32 * 4)), _HEAD),
    "the head's time": (head(last_at=5), "the log's head has another time than its last entry"),
    "the head's key": (
        head(verifier_key="x"),
        "the log names another key than the one that signs it",
    ),
    "an early end": (
        dropped(audit_event.c.seq >= 550),
        "entries 550 to 599 are missing",
    ),
    "a gap": (dropped(audit_event.c.seq == 300), "entry 300 is missing"),
    "a checkpoint's root": (
        signed(101, root=bytes(32)),
        "the stored checkpoint of 101 entries: its columns are not what its note says",
    ),
    "a checkpoint's note": (signed(101, note="nothing"), _NO_NOTE),
}


def test_a_whole_log_has_no_fault(checked: Database, signer: Signer) -> None:
    assert faults(checked, signer) == []


def test_an_empty_log_has_no_fault(database: Database, signer: Signer) -> None:
    assert faults(database, signer) == []
    signer.checkpoint(database)
    assert faults(database, signer) == []


@pytest.mark.parametrize("what", ONE_FAULT)
def test_each_fault_is_named_with_its_entry(checked: Database, signer: Signer, what: str) -> None:
    tamper, message = ONE_FAULT[what]
    with checked.engine.begin() as connection:
        tamper(connection)
    found = faults(checked, signer)
    assert message in found, found
    expected = {"an early end": 2, "leaf": 2}.get(what, 1)
    assert len(found) == expected, found


def test_a_leaf_exchanged_with_its_hash_is_found_by_what_was_signed(
    checked: Database, signer: Signer
) -> None:
    """Whoever edits row and hash alike is betrayed by nodes, by checkpoints and by the head."""
    with checked.engine.begin() as connection:
        hash_of_4 = connection.scalar(select(audit_event.c.leaf_hash).where(audit_event.c.seq == 4))
        row(100, leaf=_OTHER_LEAF, leaf_hash=hash_of_4)(connection)
    found = faults(checked, signer)
    assert _DIFFERS.format(100, "seq") in found
    assert (
        "the stored checkpoint of 101 entries signs another history: something between entry 100 "
        "and entry 100 was changed after it was signed"
    ) in found
    assert "the stored hash over entries 0 to 255 is not that of these entries" in found
    assert _HEAD in found


def test_the_edge_is_compared_though_nothing_is_signed_at_it(
    checked: Database, signer: Signer, clock: HandClock
) -> None:
    write(checked, clock, 7)
    assert faults(checked, signer) == []
    with checked.engine.begin() as connection:
        head(frontier=bytes(32 * (SIZE + 7).bit_count()))(connection)
    assert faults(checked, signer) == ["the log's head has other hashes than its 607 entries"]


def test_the_guard_is_compared_though_no_checkpoint_of_its_size_is_stored(
    checked: Database, signer: Signer
) -> None:
    guarded = Checkpoint(origin="x", size=150, root=bytes(32))
    (found,) = faults(checked, signer, guarded)
    assert found == (
        "the guard's checkpoint of 150 entries signs another history: something between entry 101 "
        "and entry 149 was changed after it was signed"
    )


def test_entries_behind_the_head_are_found(checked: Database, signer: Signer) -> None:
    with checked.engine.begin() as connection:
        head(size=599)(connection)
    assert "entry 599 is beyond the log's head" in faults(checked, signer)


def test_time_that_went_back_is_found(checked: Database, signer: Signer, clock: HandClock) -> None:
    with checked.write() as session:
        clock.advance(hours=-1)
        log.append(session, [an_event()], at=clock(), restart_clock=True)
    assert faults(checked, signer) == ["entry 600: its time is before that of the entry before it"]


def test_progress_counts_every_entry_once(checked: Database, signer: Signer) -> None:
    write_more = SIZE + 1500
    ticks: list[int] = []
    clock = HandClock()
    clock.advance(days=1)
    write(checked, clock, 1500)
    verifier = NoteVerifier.from_vkey(signer.verifier_key)
    with checked.read() as session:
        assert list(log_check.check(session, verifier, None, ticks.append)) == []
    assert sum(ticks) == write_more
    assert len(ticks) == 3


def test_a_tail_that_was_cut_off_whole_is_found_by_the_guard(
    checked: Database, signer: Signer
) -> None:
    """Rows, nodes, head and checkpoints all rewound together: only the guard remembers."""
    with checked.read() as session:
        before = [row.size for row in session.connection().execute(select(audit_checkpoint.c.size))]
    assert max(before) == SIZE
    with checked.engine.begin() as connection:
        connection.execute(delete(audit_event).where(audit_event.c.seq >= 100))
        connection.execute(delete(audit_node))
        connection.execute(delete(audit_checkpoint).where(audit_checkpoint.c.size > 100))
        leaves = connection.scalars(
            select(audit_event.c.leaf_hash).order_by(audit_event.c.seq)
        ).all()
        tree, _ = Frontier().extend(leaves)
        last = connection.scalar(select(audit_event.c.at).where(audit_event.c.seq == 99))
        head(size=100, frontier=tree.to_bytes(), last_at=last)(connection)
    assert faults(checked, signer) == [
        "the log ends before entry 100, and the guard's checkpoint covers 600 entries"
    ]
