"""What the database knows of the log's epochs, and what an older copy still continues."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.epoch import read_epoch
from crypto.errors import CryptoError
from crypto.leaf import Leaf, parse_leaf
from crypto.note import NoteVerifier
from service.domain.events import Action
from service.storage import proofs
from service.storage.errors import ForkError
from service.storage.log_tables import audit_checkpoint, audit_event

MOST = 8  # of the newest epochs are shown to a client


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """A signed checkpoint that the log does not continue, as a note too.

    ``continues`` is how many leaves the log still has as they were signed.
    """

    abandoned: Checkpoint
    note: str
    continues: int


def first_leaves(session: Session) -> list[Leaf]:
    """The first leaves of the newest epochs, newest first; mostly there are none."""
    return [parse_leaf(data) for data in first_leaves_raw(session)]


def first_leaves_raw(session: Session) -> list[bytes]:
    """The same as the bytes that were hashed."""
    query = select(audit_event.c.leaf).where(audit_event.c.action == Action.LOG_EPOCH_BEGAN.value)
    query = query.order_by(audit_event.c.seq.desc()).limit(MOST)
    return list(session.connection().execute(query).scalars())


def number_at(session: Session, leaf: int) -> int:
    """In which epoch a leaf is, from 1."""
    query = select(func.count()).where(
        audit_event.c.action == Action.LOG_EPOCH_BEGAN.value, audit_event.c.seq <= leaf
    )
    return 1 + int(session.connection().execute(query).scalar_one())


def continues(session: Session, verifier: NoteVerifier, size: int, given_up: int) -> int:
    """How many of its entries this log still has as they were signed before it was put back.

    By the newest checkpoint that it keeps. If that one covers more than what is given up, the log
    went on since; then an earlier epoch says where the past divides, and without one nothing does.

    Raises:
        ForkError: it does not continue its own newest checkpoint. That is no older copy.
    """
    signed = _kept(session, verifier, size)
    if signed < given_up:
        return signed
    divided = [
        epoch.continues
        for leaf in first_leaves(session)
        if (epoch := read_epoch(leaf, verifier)).continues < given_up
    ]
    return min(divided, default=0)


def _kept(session: Session, verifier: NoteVerifier, size: int) -> int:
    query = select(audit_checkpoint.c.size, audit_checkpoint.c.note)
    query = query.where(audit_checkpoint.c.size <= size).order_by(audit_checkpoint.c.size.desc())
    row = session.connection().execute(query.limit(1)).first()
    if row is None or row.size == 0:
        return 0
    try:
        signed = open_checkpoint(row.note, verifier)
    except CryptoError:
        raise ForkError(row.size) from None
    if signed.size != row.size or proofs.Reader(session).root(row.size) != signed.root:
        raise ForkError(row.size)
    return signed.size
