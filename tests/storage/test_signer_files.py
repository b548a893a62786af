"""The signer's key and guard: what is no good is refused, and what a killed writer left is not."""

from pathlib import Path

import pytest
from sqlalchemy import select

from crypto import merkle
from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.note import NoteSigner
from crypto.proof import parse_receipt
from service.storage.database import Database
from service.storage.errors import (
    GuardMissingError,
    KeyExposedError,
    KeyMismatchError,
    KeyMissingError,
)
from service.storage.log_tables import audit_checkpoint
from service.storage.signer import Signer
from tests.conftest import ORIGIN, HandClock
from tests.storage.rewriting import opened, overwrite
from tests.storage.whole_log import write


def test_a_missing_key_is_refused(signer: Signer, state_dir: Path, clock: HandClock) -> None:
    (state_dir / "log.key").unlink()
    with pytest.raises(KeyMissingError, match=r"put back the copy of log\.key"):
        Signer.load(state_dir, ORIGIN, clock)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o777])
def test_a_key_that_others_may_use_is_refused(
    signer: Signer, state_dir: Path, clock: HandClock, mode: int
) -> None:
    (state_dir / "log.key").chmod(mode)
    with pytest.raises(KeyExposedError, match="chmod 600"):
        Signer.load(state_dir, ORIGIN, clock)


@pytest.mark.parametrize("data", [b"", b"\xff", b"PRIVATE+KEY+x", bytes(32)])
def test_a_file_that_is_no_key_is_refused_without_showing_it(
    signer: Signer, state_dir: Path, clock: HandClock, data: bytes
) -> None:
    overwrite(state_dir / "log.key", data)
    with pytest.raises(KeyMismatchError, match="is not a key"):
        Signer.load(state_dir, ORIGIN, clock)


def test_another_origin_is_refused(signer: Signer, state_dir: Path, clock: HandClock) -> None:
    with pytest.raises(KeyMismatchError, match="LOG_ORIGIN"):
        Signer.load(state_dir, "breakglass.example/other", clock)


def test_another_log_s_key_is_refused_by_guard_and_by_database(
    database: Database, signer: Signer, state_dir: Path, clock: HandClock
) -> None:
    write(database, clock)
    signer.checkpoint(database)
    other = NoteSigner.generate(ORIGIN)
    overwrite(state_dir / "log.key", other.private_key.reveal())
    stranger = Signer.load(state_dir, ORIGIN, clock)
    for refused in (stranger.check, stranger.checkpoint):
        with pytest.raises(KeyMismatchError, match="not a checkpoint signed by"):
            refused(database)
    empty = Checkpoint(origin=ORIGIN, size=0, root=merkle.EMPTY_ROOT)
    overwrite(state_dir / "log.guard", sign_checkpoint(empty, other).encode())
    for refused in (stranger.check, stranger.checkpoint):
        with pytest.raises(KeyMismatchError, match="belongs to another key"):
            refused(database)


@pytest.mark.parametrize("data", [b"", b"\xff", b"breakglass.example/log\n0\n"])
def test_a_guard_that_is_no_checkpoint_is_refused(
    database: Database, signer: Signer, state_dir: Path, data: bytes
) -> None:
    overwrite(state_dir / "log.guard", data)
    with pytest.raises(KeyMismatchError, match="guard"):
        signer.check(database)


def test_a_guard_that_was_edited_is_refused(
    database: Database, signer: Signer, state_dir: Path, clock: HandClock
) -> None:
    write(database, clock, 3)
    note = signer.checkpoint(database)
    (_, _, signature) = note.partition("\n\n")
    empty = Checkpoint(origin=ORIGIN, size=0, root=merkle.EMPTY_ROOT)
    overwrite(state_dir / "log.guard", f"{empty.text}\n{signature}".encode())
    with pytest.raises(KeyMismatchError, match="not a checkpoint signed by"):
        signer.check(database)


def test_a_missing_guard_is_refused_until_a_kept_checkpoint_stands_in(
    database: Database, signer: Signer, state_dir: Path, clock: HandClock
) -> None:
    write(database, clock)
    mailed = signer.checkpoint(database)
    write(database, clock)
    signer.checkpoint(database)
    (state_dir / "log.guard").unlink()
    write(database, clock)
    for refused in (signer.check, signer.checkpoint):
        with pytest.raises(GuardMissingError, match="newest notice"):
            refused(database)
    overwrite(state_dir / "log.guard", mailed.encode())
    signer.check(database)
    assert opened(signer, signer.checkpoint(database)).size == 3


def test_what_a_killed_guard_writer_left_does_no_harm(
    database: Database, signer: Signer, state_dir: Path, clock: HandClock
) -> None:
    (state_dir / "log.guard.new").write_bytes(b"half a no")
    write(database, clock)
    assert opened(signer, signer.checkpoint(database)).size == 1
    write(database, clock, 9)  # a longer note, for which the file is made anew
    assert opened(signer, signer.checkpoint(database)).size == 10
    assert not (state_dir / "log.guard.new").exists()


def test_a_note_of_the_same_length_is_written_in_place_and_any_other_anew(
    database: Database, signer: Signer, state_dir: Path, clock: HandClock
) -> None:
    guard, files = state_dir / "log.guard", []
    for count in (1, 7, 1, 1):  # sizes 1, 8, 9 and 10
        write(database, clock, count)
        note = signer.checkpoint(database)
        assert guard.read_text() == note
        assert guard.stat().st_mode & 0o777 == 0o600
        files.append(guard.stat().st_ino)
    assert files[0] == files[1] == files[2] != files[3]


def test_a_receipt_s_checkpoint_is_guarded_at_once_and_kept_by_the_next_look(
    database: Database, signer: Signer, state_dir: Path, clock: HandClock
) -> None:
    write(database, clock)
    note = parse_receipt(signer.proof(database, 0)).checkpoint
    assert (state_dir / "log.guard").read_text() == note
    assert signer.checkpoint(database) == note
    with database.read() as session:
        assert session.connection().scalars(select(audit_checkpoint.c.note)).all() == [note]
