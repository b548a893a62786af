"""Envelopes: a row's state, its manifest as signed, and the receipts for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, select, update
from sqlalchemy.orm import Session

from crypto.statement import Statement
from service.domain import errors
from service.domain.credential import IN_FORCE, Envelope, EnvelopeState, confirmed
from service.domain.people import GroupName
from service.storage import rosters, statements
from service.storage.base import table_of
from service.storage.query_cache import found_so_far
from service.storage.statements import Received
from service.storage.tables import EnvelopeRow, SealedShareRow

_TABLE = table_of(EnvelopeRow)
_SHARES = table_of(SealedShareRow)
_INSERT = insert(_TABLE)
_INSERT_SHARES = insert(_SHARES)
_WITHOUT_CONTENT = select(*(column for column in _TABLE.c if column.name != "content"))
_BY_ID = _WITHOUT_CONTENT.where(_TABLE.c.id == bindparam("id"))
_BY_MANIFEST = _WITHOUT_CONTENT.where(_TABLE.c.digest == bindparam("digest"))
_OF_ACCOUNT = _WITHOUT_CONTENT.where(_TABLE.c.account == bindparam("account")).order_by(
    _TABLE.c.version.desc()
)
_NEWER = _OF_ACCOUNT.where(_TABLE.c.version > bindparam("version"))
_UNFINISHED = _OF_ACCOUNT.where(_TABLE.c.state != EnvelopeState.SUPERSEDED)
_UNFINISHED_OF = _WITHOUT_CONTENT.where(
    _TABLE.c.account.in_(bindparam("accounts", expanding=True)),
    _TABLE.c.state != EnvelopeState.SUPERSEDED,
).order_by(_TABLE.c.version.desc())
_CONTENT = select(_TABLE.c.content).where(_TABLE.c.id == bindparam("id"))
_GROUPS = {group.value: group for group in GroupName}
_SAVE = update(_TABLE).where(
    _TABLE.c.id == bindparam("saved"), _TABLE.c.revision == bindparam("expected")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An envelope with the statements that it is based on."""

    envelope: Envelope
    manifest: Statement
    receipts: tuple[Statement, ...]
    entered_at: datetime


@lru_cache(maxsize=256)
def _as_sealed(manifest: Statement) -> Envelope:
    return Envelope.from_payload(manifest.payload, manifest.digest)


def stored(received: Sequence[Received], *, state: str, revision: int) -> Stored:
    """Join an envelope's row with the statements that were received about its manifest."""
    manifest = next(r for r in received if r.statement.kind == "manifest")
    receipts = tuple(r.statement for r in received if r.statement.kind == "custody-receipt")
    payloads = [receipt.payload for receipt in receipts]
    envelope = replace(
        _as_sealed(manifest.statement),
        state=EnvelopeState(state),
        receipts=frozenset([(_GROUPS[said["group"]], said["custodian"]) for said in payloads]),
        seq=manifest.seq,
        revision=revision,
    )
    return Stored(
        envelope=envelope,
        manifest=manifest.statement,
        receipts=receipts,
        entered_at=manifest.at,
    )


def known(session: Session) -> dict[str, Stored]:
    """The envelopes that a snapshot has shown with all their receipts, by manifest."""
    return found_so_far(session, "envelopes")


def _all_stored(session: Session, rows: Sequence[Row[Any]]) -> list[Stored]:
    found = known(session)
    asked = [row for row in rows if row.digest not in found]
    received = statements.about_each(session, [row.digest for row in asked])
    for row in asked:
        found[row.digest] = stored(received[row.digest], state=row.state, revision=row.revision)
    return [found[row.digest] for row in rows]


def by_manifest(session: Session, digest: str) -> Stored:
    """The envelope of a manifest.

    Raises:
        NotFoundError: no such manifest is stored.
    """
    rows = session.connection().execute(_BY_MANIFEST, {"digest": digest}).all()
    found = _all_stored(session, rows)
    if not found:
        raise errors.NotFoundError
    return found[0]


def get(session: Session, envelope: str) -> Stored:
    """An envelope by its id.

    Raises:
        NotFoundError: there is none.
    """
    found = _all_stored(session, session.connection().execute(_BY_ID, {"id": envelope}).all())
    if not found:
        raise errors.NotFoundError
    return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """What of an account counts: the highest version, and the one that is ready or exposed."""

    newest: Envelope | None
    in_force: Envelope | None


def current(session: Session, account: str) -> Current:
    """The account's newest envelope and the one in force, of which there is at most one."""
    return current_of(session, [account])[account]


def current_of(session: Session, accounts: Collection[str]) -> Mapping[str, Current]:
    """The same of several accounts, in two queries."""
    return {account: _current(found) for account, found in _unfinished(session, accounts).items()}


def _current(found: Sequence[Envelope]) -> Current:
    # The newest one is never superseded: only a newer one does that.
    in_force = [envelope for envelope in found if envelope.state in IN_FORCE]
    return Current(newest=found[0] if found else None, in_force=in_force[0] if in_force else None)


def newest(session: Session, account: str) -> Envelope | None:
    """The account's envelope with the highest version."""
    return current(session, account).newest


def in_force(session: Session, account: str) -> Envelope | None:
    """The account's envelope that is ready or exposed."""
    return current(session, account).in_force


def relevant(session: Session, account: str) -> list[Stored]:
    """Newest first: those not superseded, and the last superseded one that was in force.

    It stays until someone has shown that the newer one signs in.
    """
    rows = session.connection().execute(_OF_ACCOUNT, {"account": account}).all()
    living = [row for row in rows if row.state != EnvelopeState.SUPERSEDED]
    over = [row for row in rows if row.state == EnvelopeState.SUPERSEDED]
    found = _all_stored(session, [*living, *over[:1]])
    unfinished_ = [one.envelope for one in found[: len(living)]]
    found_so_far(session, "unfinished envelopes")[account] = unfinished_
    last = _last_in_force(session, over, found[len(living) :])
    return sorted([*found[: len(living)], *last], key=lambda one: -one.envelope.version)


def _last_in_force(
    session: Session, over: Sequence[Row[Any]], read: Sequence[Stored]
) -> Sequence[Stored]:
    """The newest superseded one that custodians had confirmed; others never were in force."""
    for row in over:
        [one] = (
            read if read and read[0].envelope.digest == row.digest else _all_stored(session, [row])
        )
        if confirmed(one.envelope, rosters.get(session, one.envelope.roster)):
            return [one]
    return []


def of_account(session: Session, account: str) -> list[Envelope]:
    """Every envelope of the account, newest first."""
    rows = session.connection().execute(_OF_ACCOUNT, {"account": account}).all()
    return [stored_.envelope for stored_ in _all_stored(session, rows)]


def unfinished(session: Session, account: str) -> Sequence[Envelope]:
    """Every envelope of the account that is not superseded, newest first."""
    return _unfinished(session, [account])[account]


def newer_than(session: Session, envelope: Envelope) -> list[Envelope]:
    """The account's envelopes with a higher version, superseded ones too, newest first."""
    given = {"account": envelope.account, "version": envelope.version}
    rows = session.connection().execute(_NEWER, given).all()
    return [stored_.envelope for stored_ in _all_stored(session, rows)]


def _unfinished(session: Session, accounts: Collection[str]) -> Mapping[str, Sequence[Envelope]]:
    known: dict[str, Sequence[Envelope]] = found_so_far(session, "unfinished envelopes")
    asked = [account for account in accounts if account not in known]
    if asked:
        rows = session.connection().execute(*_asks_for_unfinished(asked)).all()
        found: dict[str, list[Envelope]] = {account: [] for account in asked}
        for row, stored_ in zip(rows, _all_stored(session, rows), strict=True):
            found[row.account].append(stored_.envelope)
        known |= found
    return {account: known[account] for account in accounts}


def _asks_for_unfinished(accounts: Sequence[str]) -> tuple[Select[Any], dict[str, object]]:
    if len(accounts) == 1:
        return _UNFINISHED, {"account": accounts[0]}
    return _UNFINISHED_OF, {"accounts": accounts}


def add(
    session: Session, envelope: Envelope, *, content: bytes, shares: Mapping[str, bytes]
) -> None:
    """Store a new envelope with its ciphertexts; ``shares`` by custodian."""
    row = {
        "id": envelope.id,
        "digest": envelope.digest,
        "account": envelope.account,
        "version": envelope.version,
        "state": envelope.state.value,
        "content": content,
    }
    session.connection().execute(_INSERT, row)
    lines = [
        {
            "envelope": envelope.id,
            "custodian": line.custodian,
            "group": line.group.value,
            "blob": shares[line.custodian],
        }
        for line in envelope.shares
    ]
    session.connection().execute(_INSERT_SHARES, lines)


def exists(session: Session, envelope: str) -> bool:
    """Whether an envelope's id is taken."""
    return session.get(EnvelopeRow, envelope) is not None


def save(session: Session, before: Envelope, after: Envelope) -> None:
    """Replace ``before`` by ``after``, unless someone else was faster.

    Raises:
        ConflictError: the stored revision is no longer ``before.revision``.
    """
    values = {
        "saved": before.id,
        "expected": before.revision,
        "state": after.state.value,
        "revision": before.revision + 1,
    }
    # Compare-and-set, although callers hold the account's lock: one who forgot it is refused.
    if session.connection().execute(_SAVE, values).rowcount != 1:
        raise errors.ConflictError


def content(session: Session, envelope: str) -> bytes:
    """The ciphertext of an envelope.

    Raises:
        NotFoundError: there is none.
    """
    content = session.connection().execute(_CONTENT, {"id": envelope}).scalar()
    if content is None:
        raise errors.NotFoundError
    return bytes(content)


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
