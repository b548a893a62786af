"""Rosters: rows in, domain values out. A digest names its bytes, so what is parsed stays parsed."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from crypto.encoding import parse_canonical
from crypto.statement import Statement, parse
from service.domain import errors
from service.domain.roster import Roster
from service.storage.tables import RosterRow

ACCEPTED = "accepted"
DRAFT = "draft"
ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A roster that collects signatures; ``signed`` joins those that are there, if any."""

    roster: Roster
    body: bytes
    signed: Statement | None


@lru_cache(maxsize=256)
def _roster(digest: str, body: bytes) -> Roster:
    return Roster.from_payload(parse_canonical(body), digest)


def newest(session: Session, account: str) -> Roster | None:
    """The account's newest roster that custodians have signed."""
    row = session.scalar(_of(account, ACCEPTED).order_by(RosterRow.version.desc()).limit(1))
    return _roster(row.digest, row.body) if row else None


def _of(account: str, state: str) -> Select[RosterRow]:
    return select(RosterRow).where(RosterRow.account == account, RosterRow.state == state)


def get(session: Session, digest: str) -> Roster:
    """An accepted roster by its digest.

    Raises:
        NotFoundError: there is none.
    """
    row = session.get(RosterRow, digest)
    if row is None or row.state != ACCEPTED:
        raise errors.NotFoundError
    return _roster(row.digest, row.body)


def chain(session: Session, account: str) -> list[Statement]:
    """All accepted rosters of an account as signed, oldest first."""
    rows = session.scalars(_of(account, ACCEPTED).order_by(RosterRow.version))
    return [parse(row.signatures) for row in rows]


def draft(session: Session, account: str) -> Draft | None:
    """The one open draft of an account."""
    row = session.scalar(_of(account, DRAFT))
    if row is None:
        return None
    return Draft(
        roster=_roster(row.digest, row.body),
        body=row.body,
        signed=parse(row.signatures) if row.signatures else None,
    )


def save_draft(session: Session, roster: Roster, body: bytes) -> None:
    """Open a draft; an older one of the account is abandoned.

    Raises:
        ReplayedError: this very roster was drafted before.
    """
    if session.get(RosterRow, roster.digest) is not None:
        raise errors.ReplayedError
    session.execute(
        update(RosterRow)
        .where(RosterRow.account == roster.account, RosterRow.state == DRAFT)
        .values(state=ABANDONED)
    )
    session.add(
        RosterRow(
            digest=roster.digest,
            account=roster.account,
            version=roster.version,
            state=DRAFT,
            body=body,
        )
    )


def save_signatures(session: Session, signed: Statement, *, accepted: bool) -> None:
    """Store a draft's signatures, and that it counts from now on when it does."""
    row = session.get(RosterRow, signed.digest)
    if row is None or row.state != DRAFT:
        raise errors.NotFoundError
    row.signatures = signed.raw
    row.state = ACCEPTED if accepted else DRAFT


def all_newest(session: Session) -> list[Roster]:
    """The newest accepted roster of every account."""
    found: dict[str, Roster] = {}
    accepted = select(RosterRow).where(RosterRow.state == ACCEPTED)
    for row in session.scalars(accepted.order_by(RosterRow.version)):
        found[row.account] = _roster(row.digest, row.body)
    return [found[account] for account in sorted(found)]
