"""Writers that are killed at any moment leave no gap, no fork, and no half of a change."""

from pathlib import Path

from sqlalchemy import select

from crypto import merkle
from crypto.checkpoint import open_checkpoint
from crypto.leaf import encode_leaf
from crypto.note import NoteVerifier
from service.storage.database import Database
from service.storage.log_tables import audit_checkpoint
from service.storage.signer import Signer
from tests.storage.killing import kill_writers
from tests.storage.whole_log import check_whole_log, probe_numbers, probe_tables


def test_killed_writers_leave_a_whole_log(
    database: Database, signer: Signer, database_url: str, state_dir: Path
) -> None:
    probe_tables.create_all(database.engine)
    said = kill_writers(database_url, state_dir, kills=10)
    signer.check(database)
    signer.checkpoint(database)

    leaves = check_whole_log(database)
    written = sorted(int(str(leaf.details["number"])) for leaf in leaves)
    assert written == probe_numbers(
        database
    )  # each event with its state, each state with its event
    assert set(said) <= set(written)
    assert len({number // 1_000_000 for number in written}) == 12

    hashes = [merkle.leaf_hash(encode_leaf(leaf)) for leaf in leaves]
    verifier = NoteVerifier.from_vkey(signer.verifier_key)
    with database.read() as session:
        notes = session.connection().scalars(select(audit_checkpoint.c.note)).all()
    assert len(notes) > 10
    for note in notes:
        checkpoint = open_checkpoint(note, verifier)
        assert merkle.root(hashes[: checkpoint.size]) == checkpoint.root
