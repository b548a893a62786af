"""The signer: what it signs, and every way in which it refuses to contradict itself."""

import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from crypto import merkle
from crypto.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from crypto.errors import VerificationError
from crypto.leaf import encode_leaf, parse_leaf
from crypto.note import NoteSigner, NoteVerifier
from crypto.proof import parse_receipt
from crypto.secret import SecretBytes
from service.storage import log, proofs
from service.storage.database import Database
from service.storage.errors import (
    ForkError,
    GuardMissingError,
    KeyExposedError,
    KeyMismatchError,
    KeyMissingError,
    LogDamagedError,
    LogExistsError,
    LogMissingError,
    RewoundError,
    SignerError,
)
from service.storage.log_tables import audit_checkpoint, audit_event, audit_head, audit_node
from service.storage.signer import Signer
from tests.conftest import ORIGIN, HandClock
from tests.storage.whole_log import an_event, check_whole_log


def write(database: Database, clock: HandClock, count: int = 1) -> None:
    with database.write() as session:
        log.append(session, [an_event(number) for number in range(count)], at=clock())


def opened(signer: Signer, note: str) -> Checkpoint:
    return open_checkpoint(note, NoteVerifier.from_vkey(signer.verifier_key))


def hashes_of(database: Database) -> list[bytes]:
    with database.read() as session:
        return list(map(merkle.leaf_hash, log.read_leaves(session, 0, 10_000)))


def rewrite(database: Database, leaves: list[bytes]) -> None:
    """Put these leaves in the log's place, everything recomputed: what an operator could do."""
    with database.engine.begin() as connection:
        connection.execute(delete(audit_event))
        connection.execute(delete(audit_node))
        frontier, full = merkle.Frontier().extend(map(merkle.leaf_hash, leaves))
        for data in leaves:
            leaf = parse_leaf(data)
            row = {name: getattr(leaf, name) for name in ("seq", "actor", "action", "subject")}
            row |= {"request": leaf.request, "at": int(leaf.at.timestamp()), "leaf": data}
            connection.execute(insert(audit_event), [row | {"leaf_hash": merkle.leaf_hash(data)}])
        for node in full:
            values = {"level": node.level, "idx": node.index, "hash": node.hash}
            connection.execute(insert(audit_node), [values])
        connection.execute(
            update(audit_head).values(size=frontier.size, frontier=frontier.to_bytes())
        )


def leaves_of(database: Database) -> list[bytes]:
    return [encode_leaf(leaf) for leaf in check_whole_log(database)]


def edited(leaves: list[bytes], index: int) -> list[bytes]:
    changed = leaves[index].replace(b'"actor":"service"', b'"actor":"another"')
    assert changed != leaves[index]
    return [*leaves[:index], changed, *leaves[index + 1 :]]


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


# ------------------------------------------------------------------ key and guard


def overwrite(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600)


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


# ------------------------------------------------------------------ rewinding and rewriting


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


def test_every_refusal_says_what_to_do(tmp_path: Path) -> None:
    for refusal in (
        KeyMissingError(tmp_path),
        KeyExposedError(tmp_path),
        KeyMismatchError("why"),
        GuardMissingError(tmp_path),
        RewoundError(1, 2),
        ForkError(2),
    ):
        assert isinstance(refusal, SignerError)
        assert any(word in str(refusal) for word in ("put back", "run", "checkpoint", "correct"))
