"""Rosters: rows in, domain values out. A digest names its bytes, so what is parsed stays parsed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from crypto.encoding import parse_canonical
from crypto.statement import Statement
from service.domain import errors
from service.domain.roster import Roster
from service.storage import identities
from service.storage.base import table_of
from service.storage.query_cache import cached, found_so_far
from service.storage.statements import parsed
from service.storage.tables import RosterRow

ACCEPTED = "accepted"
DRAFT = "draft"
ABANDONED = "abandoned"

_TABLE = table_of(RosterRow)
_INSERT = insert(_TABLE)
_BY_DIGESTS = select(_TABLE).where(_TABLE.c.digest.in_(bindparam("digests", expanding=True)))
_CHAIN = (
    select(_TABLE)
    .where(_TABLE.c.account == bindparam("account"), _TABLE.c.state.in_((ACCEPTED, DRAFT)))
    .order_by(_TABLE.c.version)
)
_ANOTHER = _TABLE.alias("another")
_NEWEST_VERSION = (
    select(func.max(_ANOTHER.c.version))
    .where(_ANOTHER.c.account == _TABLE.c.account, _ANOTHER.c.state == ACCEPTED)
    .scalar_subquery()
)
_CURRENT = select(_TABLE).where(
    (_TABLE.c.state == DRAFT)
    | ((_TABLE.c.state == ACCEPTED) & (_TABLE.c.version == _NEWEST_VERSION))
)
_CURRENT_OF = _CURRENT.where(_TABLE.c.account == bindparam("account"))
_CHANGE = update(_TABLE).where(_TABLE.c.digest == bindparam("changed"))
_ABANDON = (
    update(_TABLE)
    .where(_TABLE.c.account == bindparam("of"), _TABLE.c.state == DRAFT)
    .values(state=ABANDONED)
)


_READ: dict[str, Roster] = {}  # by digest; filled by several threads, each with the same values
_MOST_READ = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A roster that collects signatures; ``signed`` joins those that are there, if any."""

    roster: Roster
    body: bytes
    signed: Statement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """What of an account counts: the newest roster that custodians have signed, and the draft."""

    newest: Roster | None = None
    draft: Draft | None = None

    def names(self, person: str) -> bool:
        """Whether the newest roster or the open draft names a person."""
        found = (self.newest, self.draft.roster if self.draft else None)
        return any(person in roster.members for roster in found if roster is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """All accepted rosters of an account as signed, oldest first, and the identities they name.

    Also those that the open draft names.
    """

    rosters: list[bytes]
    identities: list[bytes]


_payload = lru_cache(maxsize=1024)(parse_canonical)


def _rosters(session: Session, rows: Collection[Row[Any]]) -> Mapping[str, Roster]:
    """Read rows, by their digests; a digest pins the identities too, so what is read stays read."""
    found = {row.digest: known for row in rows if (known := _READ.get(row.digest))}
    fresh = [row for row in rows if row.digest not in found]
    if fresh:
        named = {d for row in fresh for d in identities.digests_of(_payload(row.body))}
        keys = identities.keys(session, named)
        read = {r.digest: Roster.from_payload(_payload(r.body), r.digest, keys) for r in fresh}
        if len(_READ) + len(read) > _MOST_READ:
            _READ.clear()
        _READ.update(read)
        found |= read
    return found


def _current(rows: Collection[Row[Any]], read: Mapping[str, Roster]) -> Current:
    newest = next((row for row in rows if row.state == ACCEPTED), None)
    draft = next((row for row in rows if row.state == DRAFT), None)
    return Current(
        newest=read[newest.digest] if newest else None,
        draft=_draft(draft, read[draft.digest]) if draft else None,
    )


def _draft(row: Row[Any], roster: Roster) -> Draft:
    return Draft(
        roster=roster,
        body=row.body,
        signed=parsed(row.signatures) if row.signatures else None,
    )


def current(session: Session, account: str) -> Current:
    """What counts in one account."""
    known: dict[str, Current] = found_so_far(session, "current rosters")
    if account not in known:
        rows = session.connection().execute(_CURRENT_OF, {"account": account}).all()
        known[account] = _current(rows, _rosters(session, rows))
    return known[account]


def every_current(session: Session) -> Mapping[str, Current]:
    """What counts in every account that has a roster or a draft of one, sorted by account."""
    found = cached(session, "every current roster", lambda: _every_current(session))
    found_so_far(session, "current rosters").update(found)
    return found


def _every_current(session: Session) -> Mapping[str, Current]:
    rows: dict[str, list[Row[Any]]] = {}
    found = session.connection().execute(_CURRENT).all()
    for row in found:
        rows.setdefault(row.account, []).append(row)
    read = _rosters(session, found)
    return {account: _current(rows[account], read) for account in sorted(rows)}


def newest(session: Session, account: str) -> Roster | None:
    """The account's newest roster that custodians have signed."""
    return current(session, account).newest


def draft(session: Session, account: str) -> Draft | None:
    """The one open draft of an account."""
    return current(session, account).draft


def accepted(session: Session, digests: Collection[str]) -> Mapping[str, Roster]:
    """Accepted rosters by their digests.

    Raises:
        NotFoundError: one of them is none.
    """
    if not digests:
        return {}
    rows = session.connection().execute(_BY_DIGESTS, {"digests": list(digests)}).all()
    found = _rosters(session, [row for row in rows if row.state == ACCEPTED])
    if found.keys() != set(digests):
        raise errors.NotFoundError
    return found


def get(session: Session, digest: str) -> Roster:
    """An accepted roster by its digest.

    Raises:
        NotFoundError: there is none.
    """
    return accepted(session, [digest])[digest]


def chain(session: Session, account: str) -> Chain:
    """All accepted rosters of an account as signed, with every identity it takes to verify them."""
    rows = session.connection().execute(_CHAIN, {"account": account}).all()
    counting = [row for row in rows if row.state == DRAFT] + [
        row for row in rows[::-1] if row.state == ACCEPTED
    ]
    found_so_far(session, "current rosters")[account] = _current(
        counting, _rosters(session, counting[:2])
    )
    named = {d for row in rows for d in identities.digests_of(_payload(row.body))}
    return Chain(
        rosters=[row.signatures for row in rows if row.state == ACCEPTED],
        identities=identities.signed(session, named),
    )


def save_draft(session: Session, roster: Roster, body: bytes) -> None:
    """Open a draft; an older one of the account is abandoned.

    Raises:
        ReplayedError: this very roster was drafted before.
    """
    connection = session.connection()
    if connection.execute(_BY_DIGESTS, {"digests": [roster.digest]}).first() is not None:
        raise errors.ReplayedError
    connection.execute(_ABANDON, {"of": roster.account})
    row = {
        "digest": roster.digest,
        "account": roster.account,
        "version": roster.version,
        "state": DRAFT,
        "body": body,
    }
    connection.execute(_INSERT, row)


def save_signatures(session: Session, signed: Statement, *, accepted: bool) -> None:
    """Store a draft's signatures, and that it counts from now on when it does."""
    values = {
        "changed": signed.digest,
        "signatures": signed.raw,
        "state": ACCEPTED if accepted else DRAFT,
    }
    changed = session.connection().execute(_CHANGE.where(_TABLE.c.state == DRAFT), values)
    if changed.rowcount != 1:
        raise errors.NotFoundError


def all_newest(session: Session) -> list[Roster]:
    """The newest accepted roster of every account."""
    found = every_current(session).values()
    return [current.newest for current in found if current.newest is not None]
