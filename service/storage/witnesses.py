"""What witnesses have said of the log, and the state of each of them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crypto.checkpoint import Checkpoint
from crypto.cosignature import Cosignature
from service.storage.log_tables import audit_checkpoint, audit_cosignature, witness_standing

_MOST = 15  # with the log's own, as many signatures as every reader of notes accepts
SILENT = "silent"
REFUSES = "refuses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The state of one witness; times are seconds since 1970, by the service's clock.

    ``size`` is what it cosigned last and ``cosigned_at`` when, 0 if never. ``trouble`` is
    ``silent``, ``refuses`` or empty, ``since`` when that began, ``told`` what was announced of it.
    """

    witness: str
    size: int = 0
    cosigned_at: int = 0
    trouble: str = ""
    fault: str = ""
    since: int = 0
    failures: int = 0
    next_at: int = 0
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A signed checkpoint as the log keeps it; ``signed_at`` is in seconds since 1970."""

    size: int
    note: str
    signed_at: int


def standing(session: Session, witness: str) -> Standing:
    """The state of the witness with this verifier key; a new one has never cosigned."""
    found = select(witness_standing).where(witness_standing.c.witness == witness)
    row = session.connection().execute(found).mappings().first()
    return Standing(witness=witness) if row is None else Standing(**row)


def heard(session: Session) -> Sequence[str]:
    """The verifier keys of all witnesses that have ever cosigned this log, sorted."""
    found = select(witness_standing.c.witness).where(witness_standing.c.cosigned_at > 0)
    return sorted(session.connection().execute(found).scalars())


def locked(session: Session, witness: str) -> Standing:
    """The same, and until the transaction ends no one else writes about this witness.

    Workers on several machines may hear of a new witness at the same moment: its first row is made
    in a savepoint, since an error would end PostgreSQL's transaction.
    """
    connection = session.connection()
    found = select(witness_standing).where(witness_standing.c.witness == witness).with_for_update()
    row = connection.execute(found).mappings().first()
    if row is None:
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(witness_standing), [asdict(Standing(witness=witness))])
        row = connection.execute(found).mappings().one()
    return Standing(**row)


def put(session: Session, now: Standing) -> None:
    """Write down the state of a witness that is ``locked``."""
    moved = update(witness_standing).where(witness_standing.c.witness == now.witness)
    session.connection().execute(moved.values(asdict(now)))


def keep(session: Session, checkpoint: Checkpoint, said: Cosignature) -> None:
    """Keep a cosignature that was verified, beside its checkpoint; a later one replaces it.

    Its witness is ``locked``, so no one else keeps one of the same witness meanwhile.
    """
    size, witness = checkpoint.size, said.witness.vkey
    values = {"root": checkpoint.root, "line": said.line, "at": said.at}
    place = audit_cosignature.c
    moved = update(audit_cosignature).where(place.size == size, place.witness == witness)
    if session.connection().execute(moved.values(values)).rowcount == 0:
        row = {"size": size, "witness": witness, **values}
        session.connection().execute(insert(audit_cosignature), [row])


def lines(session: Session, checkpoint: Checkpoint) -> str:
    """The signature lines of witnesses of exactly this checkpoint, at most 15, or nothing."""
    place = audit_cosignature.c
    found = (
        select(place.line)
        .where(place.size == checkpoint.size, place.root == checkpoint.root)
        .order_by(place.at.desc(), place.witness)
        .limit(_MOST)
    )
    return "".join(session.connection().execute(found).scalars())


def word(session: Session, witness: str, size: int) -> str:
    """The checkpoint of ``size`` entries as the log keeps it, with this witness's line under it.

    Nothing if it has not cosigned exactly that one.
    """
    said = audit_cosignature.c
    found = select(audit_checkpoint.c.note + said.line).where(
        said.size == size,
        said.witness == witness,
        audit_checkpoint.c.size == said.size,
        audit_checkpoint.c.root == said.root,
    )
    return session.connection().execute(found).scalar() or ""


def newest_note(session: Session) -> str:
    """The newest checkpoint that a witness has cosigned, without their lines; or nothing."""
    found = select(audit_checkpoint.c.note).where(audit_checkpoint.c.size == _newest_size())
    return session.connection().execute(found).scalar() or ""


def newest_kept(session: Session) -> Kept | None:
    """The newest checkpoint that the log keeps; None before it was ever signed."""
    columns = [audit_checkpoint.c[name] for name in ("size", "note", "signed_at")]
    found = select(*columns).order_by(audit_checkpoint.c.size.desc()).limit(1)
    row = session.connection().execute(found).mappings().first()
    return None if row is None else Kept(**row)


def _newest_size() -> Any:  # noqa: ANN401  # SQLAlchemy's scalar subquery
    largest: Select[tuple[int]] = select(func.max(audit_cosignature.c.size))
    return largest.scalar_subquery()
