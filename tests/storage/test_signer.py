"""The signer: what it signs, and every way in which it refuses to contradict itself."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from crypto import merkle
from crypto.errors import VerificationError
from crypto.note import NoteSigner, NoteVerifier
from crypto.proof import parse_receipt
from service.storage import log
from service.storage.database import Database
from service.storage.errors import (
    ForkError,
    GuardMissingError,
    KeyExposedError,
    KeyMismatchError,
    KeyMissingError,
    LogExistsError,
    LogMissingError,
    RewoundError,
    SignerError,
)
from service.storage.log_tables import audit_checkpoint, audit_event, audit_head, audit_node
from service.storage.signer import Signer
from tests.conftest import ORIGIN, HandClock
from tests.storage.rewriting import hashes_of, leaves_of, opened, overwrite
from tests.storage.whole_log import write


def test_a_checkpoint_covers_what_is_committed(
    database: Database, signer: Signer, clock: HandClock
) -> None:
    assert opened(signer, signer.checkpoint(database)).size == 0
    for total in (1, 2, 302):
        write(database, clock, total - len(hashes_of(database)))
        checkpoint = opened(signer, signer.checkpoint(database))
        assert checkpoint.origin == ORIGIN
        assert (checkpoint.size, checkpoint.root) == (total, merkle.root(hashes_of(database)))


def test_a_checkpoint_is_made_once_for_each_size_and_kept(
    database: Database, signer: Signer, clock: HandClock, state_dir: Path
) -> None:
    write(database, clock)
    note = signer.checkpoint(database)
    clock.advance(hours=1)
    assert signer.checkpoint(database) == note
    assert Signer.load(state_dir, ORIGIN, clock).checkpoint(database) == note
    assert (state_dir / "log.guard").read_text() == note
    with database.read() as session:
        (row,) = session.connection().execute(select(audit_checkpoint)).all()
    assert (row.size, row.note) == (1, note)
    assert row.signed_at == int(clock().timestamp()) - 3600


def test_a_receipt_verifies_for_its_leaf(
    database: Database, signer: Signer, clock: HandClock
) -> None:
    write(database, clock, 300)
    leaves = leaves_of(database)
    verifier = NoteVerifier.from_vkey(signer.verifier_key)
    for index in (0, 255, 256, 299):
        receipt = parse_receipt(signer.proof(database, index))
        assert receipt.verify(leaves[index], verifier).size == 300
        with pytest.raises(VerificationError):
            receipt.verify(leaves[1], verifier)
    with pytest.raises(ValueError, match="outside the tree"):
        signer.proof(database, 300)


def test_key_and_guard_are_their_owner_s_alone(signer: Signer, state_dir: Path) -> None:
    for name in ("log.key", "log.guard"):
        assert (state_dir / name).stat().st_mode & 0o777 == 0o600


def test_the_database_names_the_key_that_signs_it(database: Database, signer: Signer) -> None:
    with database.read() as session:
        assert log.head(session).verifier_key == signer.verifier_key
    assert signer.verifier_key.startswith(f"{ORIGIN}+")
    signer.check(database)


# ------------------------------------------------------------------ starting


def test_a_log_is_not_started_twice(
    database: Database, signer: Signer, state_dir: Path, clock: HandClock
) -> None:
    key = (state_dir / "log.key").read_bytes()
    with pytest.raises(LogExistsError):
        Signer.create(database, state_dir, ORIGIN, clock)
    assert (state_dir / "log.key").read_bytes() == key
    with pytest.raises(LogExistsError):  # nor over a log whose state folder is lost
        Signer.create(database, state_dir.parent, ORIGIN, clock)
    signer.check(database)


def test_a_start_that_was_interrupted_goes_on(
    empty_database: Database, state_dir: Path, clock: HandClock
) -> None:
    key = NoteSigner.generate(ORIGIN)
    overwrite(state_dir / "log.key", key.private_key.reveal())
    signer = Signer.create(empty_database, state_dir, ORIGIN, clock)
    assert signer.verifier_key == key.verifier.vkey
    with empty_database.engine.begin() as connection:
        connection.execute(delete(audit_head))
    Signer.create(empty_database, state_dir, ORIGIN, clock).check(empty_database)


def test_a_lost_database_is_not_replaced_by_an_empty_log_of_the_same_name(
    database: Database, signer: Signer, state_dir: Path, clock: HandClock
) -> None:
    write(database, clock, 3)
    signer.checkpoint(database)
    with database.engine.begin() as connection:
        for table in (audit_event, audit_head, audit_node, audit_checkpoint):
            connection.execute(delete(table))
    with pytest.raises(RewoundError, match="0 entries, and a checkpoint over 3"):
        Signer.create(database, state_dir, ORIGIN, clock)
    with pytest.raises(LogMissingError):
        signer.check(database)


# ------------------------------------------------------------------ many at once


def test_threads_and_signers_that_share_a_guard_never_contradict_each_other(
    database: Database, signer: Signer, clock: HandClock, state_dir: Path
) -> None:
    signers = [signer, Signer.load(state_dir, ORIGIN, clock), Signer.load(state_dir, ORIGIN, clock)]
    notes, failed = [], []

    def work(mine: Signer) -> None:
        try:
            for _ in range(8):
                write(database, clock)
                notes.append(mine.checkpoint(database))
        except Exception as error:  # noqa: BLE001 - shown below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in signers * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    hashes = hashes_of(database)
    assert len(hashes) == len(notes) == 48
    for checkpoint in (opened(signer, note) for note in notes):
        assert merkle.root(hashes[: checkpoint.size]) == checkpoint.root
    assert opened(signer, signer.checkpoint(database)).size == 48


HERE = Path("here")


@pytest.mark.parametrize(
    ("refusal", "fact", "order"),
    [
        (
            KeyMissingError(HERE),
            "key here is missing",
            "put back the copy of log.key that",
        ),
        (KeyExposedError(HERE), "key here is open", "run 'chmod 600' on it, and ask who"),
        (
            KeyMismatchError("why"),
            "not fit (why)",
            "find out which of log.key, the guard",
        ),
        (
            GuardMissingError(HERE),
            "guard here is",
            "save there the checkpoint of the newest",
        ),
        (RewoundError(1, 2), "has 1 entries, and a", "put back a newer copy of the database; only"),
        (ForkError(2), "its first 2 entries", "stop the service, keep this database as evidence"),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, SignerError) else None,
)
def test_every_refusal_says_what_to_do(refusal: SignerError, fact: str, order: str) -> None:
    said, _, advice = str(refusal).partition(f": {order}")
    assert fact in said
    assert advice
    assert advice.endswith(refusal.advice.never)
