"""A guard that machines share: one history, however many sign, and nothing signed in doubt."""

import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from crypto.checkpoint import open_checkpoint
from crypto.merkle import verify_consistency
from crypto.note import NoteVerifier
from service.storage import log, proofs
from service.storage.database import Database
from service.storage.errors import (
    ForkError,
    GuardMissingError,
    GuardMovedError,
    GuardUnreachableError,
    KeyMismatchError,
    RewoundError,
)
from service.storage.log_tables import audit_checkpoint
from service.storage.shared_guard import SharedGuard
from service.storage.signer import Signer
from tests.conftest import ORIGIN, HandClock
from tests.fakes.store import FakeStore
from tests.storage.rewriting import leaves_of, rewrite
from tests.storage.whole_log import write


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def shared(empty_database: Database, state_dir: Path, clock: HandClock, store: FakeStore) -> Signer:
    guard = SharedGuard(store, state_dir / "log.lock")
    return Signer.create(empty_database, state_dir, ORIGIN, clock, guard)


def machine(
    number: int, state_dir: Path, tmp_path: Path, clock: HandClock, store: FakeStore
) -> Signer:
    """Another machine: the same key and store, and nothing else in common."""
    folder = tmp_path / f"machine {number}"
    folder.mkdir()
    shutil.copy(state_dir / "log.key", folder / "log.key")
    return Signer.load(folder, ORIGIN, clock, SharedGuard(store, folder / "log.lock"))


def test_a_log_starts_with_an_empty_checkpoint_in_the_store(
    shared: Signer, empty_database: Database, store: FakeStore, state_dir: Path
) -> None:
    shared.check(empty_database)
    assert store.data is not None
    assert store.data.decode().startswith(f"{ORIGIN}\n0\n")
    assert not (state_dir / "log.guard").exists()


def test_the_usual_signature_costs_one_call(
    shared: Signer, empty_database: Database, store: FakeStore, clock: HandClock
) -> None:
    write(empty_database, clock)
    shared.checkpoint(empty_database)
    store.calls.clear()
    write(empty_database, clock)
    shared.checkpoint(empty_database)
    shared.checkpoint(empty_database)  # nothing new
    assert store.calls == ["put"]


def test_machines_take_turns_and_each_continues_what_the_other_signed(
    shared: Signer,
    empty_database: Database,
    store: FakeStore,
    clock: HandClock,
    state_dir: Path,
    tmp_path: Path,
) -> None:
    other = machine(2, state_dir, tmp_path, clock, store)
    for signer in (shared, other, shared, other, other, shared):
        write(empty_database, clock)
        note = signer.checkpoint(empty_database)
        assert store.data == note.encode()
    assert [data.decode().split("\n")[1] for data in store.written] == list("0123456")


def test_signers_of_several_machines_never_fork(
    shared: Signer,
    empty_database: Database,
    store: FakeStore,
    clock: HandClock,
    state_dir: Path,
    tmp_path: Path,
) -> None:
    machines = [machine(n, state_dir, tmp_path, clock, store) for n in range(3)]
    faults: list[BaseException] = []
    notes: list[str] = []

    def work(signer: Signer) -> None:
        try:
            for _ in range(12):
                write(empty_database, clock)
                notes.append(signer.checkpoint(empty_database))
        except BaseException as fault:  # noqa: BLE001  # shown by the test
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(signer,)) for signer in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    verifier = NoteVerifier.from_vkey(shared.verifier_key)
    signed = [open_checkpoint(data.decode(), verifier) for data in store.written]
    assert [c.size for c in signed] == sorted({c.size for c in signed})
    assert set(notes) <= {data.decode() for data in store.written}
    with empty_database.read() as session:
        size = log.head(session).size
        kept = session.connection().scalars(select(audit_checkpoint.c.note)).all()
        reader = proofs.Reader(session)
        final = signed[-1]
        for earlier in signed[1:-1]:
            path = reader.consistency(earlier.size, final.size)
            verify_consistency(earlier.size, final.size, earlier.root, final.root, path)
    assert size == 36 == final.size
    assert set(kept) == set(notes)


def test_a_machine_whose_database_was_rewound_signs_nothing(
    shared: Signer,
    empty_database: Database,
    store: FakeStore,
    clock: HandClock,
    state_dir: Path,
    tmp_path: Path,
) -> None:
    """Its own memory is as old as its database: only what all share knows better."""
    other = machine(2, state_dir, tmp_path, clock, store)
    write(empty_database, clock, 5)
    other.checkpoint(empty_database)
    older = leaves_of(empty_database)
    write(empty_database, clock, 5)
    newest = shared.checkpoint(empty_database)
    rewrite(empty_database, older)
    with pytest.raises(RewoundError):
        shared.checkpoint(empty_database)
    clock.advance(seconds=1)
    write(empty_database, clock, 1)
    with pytest.raises(RewoundError):  # it had signed for 5, and writes on that condition
        other.checkpoint(empty_database)
    write(empty_database, clock, 9)
    with pytest.raises(ForkError):
        other.proof(empty_database, 0)
    assert store.data == newest.encode()


def test_while_the_store_is_silent_nothing_is_signed_and_nobody_waits_twice(
    shared: Signer,
    empty_database: Database,
    store: FakeStore,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr("service.storage.shared_guard.time.monotonic", lambda: now[0])
    write(empty_database, clock)
    shared.checkpoint(empty_database)
    write(empty_database, clock)
    before = store.data
    store.fault = OSError(0, "no answer")
    store.calls.clear()
    for _ in range(5):
        with pytest.raises(GuardUnreachableError, match="does not answer"):
            shared.proof(empty_database, 0)
    assert store.calls == ["put"]
    assert store.data == before
    store.fault = None
    now[0] = 11.0
    assert shared.proof(empty_database, 0)


def test_a_write_whose_answer_was_lost_is_found_again(
    shared: Signer,
    empty_database: Database,
    store: FakeStore,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr("service.storage.shared_guard.time.monotonic", lambda: now[0])
    write(empty_database, clock)
    store.late = OSError(0, "timed out")
    with pytest.raises(GuardUnreachableError):
        shared.checkpoint(empty_database)
    written = store.data
    store.late = None
    now[0] = 11.0
    assert shared.checkpoint(empty_database).encode() == written


def test_a_store_that_is_empty_or_holds_anything_else_is_refused(
    shared: Signer, empty_database: Database, store: FakeStore, clock: HandClock
) -> None:
    write(empty_database, clock)
    store.data = None
    for refused in (shared.check, shared.checkpoint):
        with pytest.raises(GuardMissingError, match="s3://guards/log"):
            refused(empty_database)
    store.data = b"\xff"
    with pytest.raises(KeyMismatchError, match="s3://guards/log"):
        shared.check(empty_database)


def test_whoever_is_always_second_gives_up(
    shared: Signer, empty_database: Database, store: FakeStore, clock: HandClock
) -> None:
    write(empty_database, clock)

    def put(_data: bytes, _tag: str | None) -> None:
        return None

    store.put = put  # type: ignore[method-assign,assignment]
    with pytest.raises(GuardMovedError):
        shared.checkpoint(empty_database)
