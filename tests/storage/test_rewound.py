"""A log that was rewound or rewritten behind the signer's back is refused."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from crypto import merkle
from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.errors import VerificationError
from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from service.storage import proofs
from service.storage.database import Database
from service.storage.errors import ForkError, LogDamagedError, RewoundError
from service.storage.log_tables import audit_checkpoint, audit_event
from service.storage.signer import Signer
from tests.conftest import ORIGIN, HandClock
from tests.storage.rewriting import edited, leaves_of, opened, overwrite, rewrite
from tests.storage.whole_log import check_whole_log, write


def check_refused(signer: Signer, database: Database, refusal: type[Exception]) -> None:
    """The running signer and a freshly started one refuse, and sign nothing."""
    with database.read() as session:
        notes = session.connection().scalars(select(audit_checkpoint.c.note)).all()
    for refused in (signer.check, signer.checkpoint, lambda place: signer.proof(place, 0)):
        with pytest.raises(refusal):
            refused(database)
    with database.read() as session:
        assert session.connection().scalars(select(audit_checkpoint.c.note)).all() == notes


def test_a_restored_older_database_is_refused_also_with_new_events_on_top(
    database: Database, signer: Signer, clock: HandClock, state_dir: Path
) -> None:
    write(database, clock, 270)
    older = leaves_of(database)
    write(database, clock, 10)
    guarded = signer.checkpoint(database)
    rewrite(database, older)
    check_refused(signer, database, RewoundError)
    clock.advance(seconds=1)
    write(database, clock, 9)
    check_refused(signer, database, RewoundError)
    write(database, clock, 1)
    check_refused(signer, database, ForkError)
    write(database, clock, 5)
    check_refused(Signer.load(state_dir, ORIGIN, clock), database, ForkError)
    assert (state_dir / "log.guard").read_text() == guarded


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_restored_file_is_refused(
    database: Database, signer: Signer, clock: HandClock, state_dir: Path
) -> None:
    write(database, clock, 3)
    database.dispose()
    shutil.copy(state_dir / "breakglass.db", state_dir.parent / "backup.db")
    write(database, clock, 1)
    signer.checkpoint(database)
    database.dispose()
    shutil.copy(state_dir.parent / "backup.db", state_dir / "breakglass.db")
    check_refused(Signer.load(state_dir, ORIGIN, clock), database, RewoundError)


@pytest.mark.parametrize("place", [0, 5, 269])
@pytest.mark.parametrize("more", [0, 1, 300])
def test_a_rewritten_leaf_with_everything_recomputed_is_refused(
    database: Database, signer: Signer, clock: HandClock, place: int, more: int
) -> None:
    write(database, clock, 270)
    signer.checkpoint(database)
    rewrite(database, edited(leaves_of(database), place))
    write(database, clock, more)
    check_whole_log(database)  # by itself it looks right
    check_refused(signer, database, ForkError)


def test_a_rewrite_of_what_was_never_signed_passes_and_is_for_witnesses_to_find(
    database: Database, signer: Signer, clock: HandClock
) -> None:
    write(database, clock, 3)
    signer.checkpoint(database)
    write(database, clock, 3)
    rewrite(database, edited(leaves_of(database), 4))
    assert opened(signer, signer.checkpoint(database)).size == 6


def test_an_operator_with_the_key_and_a_new_guard_is_exposed_by_a_checkpoint_outside(
    database: Database, signer: Signer, clock: HandClock, state_dir: Path
) -> None:
    write(database, clock, 8)
    outside = opened(signer, signer.checkpoint(database))
    write(database, clock, 3)
    rewrite(database, edited(leaves_of(database), 7))
    key = NoteSigner.from_private_key(SecretBytes((state_dir / "log.key").read_bytes()))
    empty = Checkpoint(origin=ORIGIN, size=0, root=merkle.EMPTY_ROOT)
    overwrite(state_dir / "log.guard", sign_checkpoint(empty, key).encode())
    signed = opened(signer, signer.checkpoint(database))
    with database.read() as session:
        proof = proofs.Reader(session).consistency(outside.size, signed.size)
    with pytest.raises(VerificationError):
        merkle.verify_consistency(outside.size, signed.size, outside.root, signed.root, proof)


def test_a_dropped_tail_is_refused(database: Database, signer: Signer, clock: HandClock) -> None:
    write(database, clock, 5)
    signer.checkpoint(database)
    with database.engine.begin() as connection:
        connection.execute(delete(audit_event).where(audit_event.c.seq == 4))
    with pytest.raises(LogDamagedError):
        signer.check(database)
    write(database, clock)
    check_refused(signer, database, LogDamagedError)
