"""Envelopes: a row's state, its manifest as signed, and the receipts for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from crypto.statement import Statement
from service.domain import errors
from service.domain.credential import IN_FORCE, Envelope, EnvelopeState
from service.domain.people import GroupName
from service.storage import statements
from service.storage.tables import EnvelopeRow, SealedShareRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An envelope with the statements that it stands on."""

    envelope: Envelope
    manifest: Statement
    receipts: tuple[Statement, ...]
    entered_at: datetime


def _stored(session: Session, row: EnvelopeRow) -> Stored:
    received = statements.about(session, row.digest)
    manifest = next(r for r in received if r.statement.kind == "manifest")
    receipts = tuple(r.statement for r in received if r.statement.kind == "custody-receipt")
    envelope = replace(
        Envelope.from_payload(manifest.statement.payload, row.digest),
        state=EnvelopeState(row.state),
        receipts=frozenset(
            (GroupName(s.payload["group"]), s.payload["custodian"]) for s in receipts
        ),
        seq=manifest.seq,
        revision=row.revision,
    )
    return Stored(
        envelope=envelope,
        manifest=manifest.statement,
        receipts=receipts,
        entered_at=manifest.at,
    )


def by_manifest(session: Session, digest: str) -> Stored:
    """The envelope of a manifest.

    Raises:
        NotFoundError: no such manifest is stored.
    """
    return _found(session, session.scalar(select(EnvelopeRow).where(EnvelopeRow.digest == digest)))


def get(session: Session, envelope: str) -> Stored:
    """An envelope by its id.

    Raises:
        NotFoundError: there is none.
    """
    return _found(session, session.get(EnvelopeRow, envelope))


def _found(session: Session, row: EnvelopeRow | None) -> Stored:
    if row is None:
        raise errors.NotFoundError
    return _stored(session, row)


def newest(session: Session, account: str) -> Envelope | None:
    """The account's envelope with the highest version."""
    row = session.scalar(_of(account).limit(1))
    return _stored(session, row).envelope if row else None


def in_force(session: Session, account: str) -> Envelope | None:
    """The account's envelope that is ready or exposed; there is at most one."""
    states = [state.value for state in IN_FORCE]
    row = session.scalar(_of(account).where(EnvelopeRow.state.in_(states)).limit(1))
    return _stored(session, row).envelope if row else None


def _of(account: str) -> Select[EnvelopeRow]:
    newest_first = select(EnvelopeRow).where(EnvelopeRow.account == account)
    return newest_first.order_by(EnvelopeRow.version.desc())


def relevant(session: Session, account: str) -> list[Stored]:
    """Newest first: those not superseded, and the last superseded one.

    The last superseded one stays until somebody has shown that the newer one signs in.
    """
    found: list[Stored] = []
    for row in session.scalars(_of(account)):
        found.append(_stored(session, row))
        if row.state == EnvelopeState.SUPERSEDED:
            break
    return found


def unfinished(session: Session, account: str) -> list[Envelope]:
    """Every envelope of the account that is not superseded."""
    rows = session.scalars(_of(account).where(EnvelopeRow.state != EnvelopeState.SUPERSEDED))
    return [_stored(session, row).envelope for row in rows]


def add(
    session: Session, envelope: Envelope, *, content: bytes, shares: Mapping[str, bytes]
) -> None:
    """Store a new envelope with its ciphertexts; ``shares`` by custodian."""
    session.add(
        EnvelopeRow(
            id=envelope.id,
            digest=envelope.digest,
            account=envelope.account,
            version=envelope.version,
            state=envelope.state.value,
            content=content,
        )
    )
    session.flush()
    session.add_all(
        SealedShareRow(
            envelope=envelope.id,
            custodian=line.custodian,
            group=line.group.value,
            blob=shares[line.custodian],
        )
        for line in envelope.shares
    )


def exists(session: Session, envelope: str) -> bool:
    """Whether an envelope's id is taken."""
    return session.get(EnvelopeRow, envelope) is not None


def save(session: Session, before: Envelope, after: Envelope) -> None:
    """Replace ``before`` by ``after``, unless somebody else was faster.

    Raises:
        ConflictError: the stored revision is no longer ``before.revision``.
    """
    done = session.execute(
        update(EnvelopeRow)
        .where(EnvelopeRow.id == before.id, EnvelopeRow.revision == before.revision)
        .values(state=after.state.value, revision=before.revision + 1)
    )
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        raise errors.ConflictError


def content(session: Session, envelope: str) -> bytes:
    """The ciphertext of an envelope.

    Raises:
        NotFoundError: there is none.
    """
    row = session.get(EnvelopeRow, envelope)
    if row is None:
        raise errors.NotFoundError
    return row.content


def sealed_shares(session: Session, envelope: str) -> dict[str, bytes]:
    """The sealed shares of an envelope, by custodian."""
    rows = session.scalars(select(SealedShareRow).where(SealedShareRow.envelope == envelope))
    return {row.custodian: row.blob for row in rows}


def sealed_share(session: Session, envelope: str, custodian: str) -> tuple[GroupName, bytes]:
    """One custodian's sealed share and its group.

    Raises:
        NotFoundError: the envelope holds none for this person.
    """
    row = session.get(SealedShareRow, (envelope, custodian))
    if row is None:
        raise errors.NotFoundError
    return GroupName(row.group), row.blob
