"""The heads of the log that statements name: whether this log ever had them."""

from sqlalchemy.orm import Session

from crypto.checkpoint import Checkpoint
from crypto.epoch import read_epoch
from crypto.note import NoteVerifier
from crypto.statement import Statement
from service.domain import errors
from service.storage import log, proofs
from service.storage.epochs import first_leaves


def check_head_of(session: Session, statement: Statement) -> None:
    """Refuse a statement whose head this log never had; one that an epoch gives up is known.

    Raises:
        LogForkedError: it lies above the log, or has another root.
        LogDamagedError: a hash that must be there is missing.
    """
    size = statement.payload.get("log_size", 0)
    if size == 0:
        return
    root = bytes.fromhex(statement.payload["log_root"])
    if size <= log.head(session).size and proofs.Reader(session).root(size) == root:
        return
    if not _given_up(session, size, root):
        raise errors.LogForkedError


def _given_up(session: Session, size: int, root: bytes) -> bool:
    leaves = first_leaves(session)
    if not leaves:
        return False
    verifier = NoteVerifier.from_vkey(log.head(session).verifier_key)
    seen = Checkpoint(origin=verifier.name, size=size, root=root)
    return any(read_epoch(leaf, verifier).admits(seen) for leaf in leaves)
