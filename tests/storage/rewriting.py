"""A log that a test writes, and rewrites as its operator could."""

from pathlib import Path

from sqlalchemy import delete, insert, update

from crypto import merkle
from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.leaf import encode_leaf, parse_leaf
from crypto.note import NoteVerifier
from service.storage import log
from service.storage.database import Database
from service.storage.log_tables import audit_event, audit_head, audit_node
from service.storage.signer import Signer
from tests.storage.whole_log import check_whole_log


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


def overwrite(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600)
