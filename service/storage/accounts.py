"""Accounts, and the lock under which everything of one account changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from service.domain import errors
from service.domain.lines import ANNOUNCED_FOR, aws_account, number
from service.storage.base import table_of
from service.storage.query_cache import cached
from service.storage.tables import AccountRow, EnvelopeRow, RequestRow

_ACCOUNT, _REQUEST, _ENVELOPE = table_of(AccountRow), table_of(RequestRow), table_of(EnvelopeRow)
_LOCK_OF_REQUEST = (
    select(_ACCOUNT.c.id)
    .join(_REQUEST, _REQUEST.c.account == _ACCOUNT.c.id)
    .where(_REQUEST.c.id == bindparam("id"))
    .with_for_update(of=_ACCOUNT)
)
_LOCK_OF_MANIFEST = (
    select(_ACCOUNT.c.id)
    .join(_ENVELOPE, _ENVELOPE.c.account == _ACCOUNT.c.id)
    .where(_ENVELOPE.c.digest == bindparam("id"))
    .with_for_update(of=_ACCOUNT)
)
_EVERYTHING = select(_ACCOUNT.c.id, _ACCOUNT.c.sns_topic_arn).order_by(_ACCOUNT.c.id)
_CHANNEL = select(_ACCOUNT.c.sns_topic_arn).where(_ACCOUNT.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Account:
    """A registered account, and the topic of its own to which its notices go, if any."""

    id: str
    sns_topic_arn: str


def lock(session: Session, account: str) -> AccountRow:
    """Take an account's row until the transaction ends. First in the order: account, then log.

    On SQLite the whole transaction is exclusive already.

    Raises:
        NotFoundError: no such account is registered.
    """
    row = session.scalar(select(AccountRow).where(AccountRow.id == account).with_for_update())
    if row is None:
        raise errors.NotFoundError
    return row


def lock_of_request(session: Session, request: str) -> None:
    """Take the account's row of a request; otherwise as :func:`lock`.

    On SQLite this asks nothing, and the reader of the request finds out whether there is one.
    """
    if session.connection().dialect.name == "sqlite":
        return
    if session.connection().execute(_LOCK_OF_REQUEST, {"id": request}).first() is None:
        raise errors.NotFoundError


def lock_of_manifest(session: Session, manifest: str) -> None:
    """Take the account's row of a manifest's envelope; otherwise as :func:`lock`."""
    if session.connection().execute(_LOCK_OF_MANIFEST, {"id": manifest}).first() is None:
        raise errors.NotFoundError


def lines(session: Session, account: str) -> Sequence[AccountRow]:
    """All lines of the same AWS account, the first one first."""
    digits = aws_account(account)
    same = or_(AccountRow.id == digits, AccountRow.id.startswith(f"{digits}."))
    found = session.scalars(select(AccountRow).where(same)).all()
    return sorted(found, key=lambda row: number(row.id))


def announcing(session: Session) -> Sequence[AccountRow]:
    """The further lines that are still announced, locked."""
    further = and_(AccountRow.id.contains("."), AccountRow.announced_day < ANNOUNCED_FOR)
    query = select(AccountRow).where(further).order_by(AccountRow.id)
    return session.scalars(query.with_for_update()).all()


def channel(session: Session, account: str) -> str:
    """The topic to which the account's notices go; empty where none is set or no such account."""
    return session.connection().execute(_CHANNEL, {"id": account}).scalar() or ""


def get(session: Session, account: str) -> AccountRow:
    """One account.

    Raises:
        NotFoundError: no such account is registered.
    """
    row = session.get(AccountRow, account)
    if row is None:
        raise errors.NotFoundError
    return row


def everything(session: Session) -> Sequence[Account]:
    """All accounts, sorted by id."""
    return cached(session, "every account", lambda: _everything(session))


def _everything(session: Session) -> Sequence[Account]:
    return [Account(*row) for row in session.connection().execute(_EVERYTHING)]
