"""Accounts, and the lock under which everything of one account changes."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.domain import errors
from service.storage.tables import AccountRow, EnvelopeRow, RequestRow


def lock(session: Session, account: str) -> AccountRow:
    """Take an account's row until the transaction ends. First in the order: account, then log.

    On SQLite the whole transaction is exclusive already.

    Raises:
        NotFoundError: no such account is registered.
    """
    return _locked(session, select(AccountRow).where(AccountRow.id == account))


def lock_of_request(session: Session, request: str) -> AccountRow:
    """Take the account's row of a request; otherwise as :func:`lock`."""
    joined = select(AccountRow).join(RequestRow, RequestRow.account == AccountRow.id)
    return _locked(session, joined.where(RequestRow.id == request))


def lock_of_manifest(session: Session, manifest: str) -> AccountRow:
    """Take the account's row of a manifest's envelope; otherwise as :func:`lock`."""
    joined = select(AccountRow).join(EnvelopeRow, EnvelopeRow.account == AccountRow.id)
    return _locked(session, joined.where(EnvelopeRow.digest == manifest))


def _locked(session: Session, query: Select[AccountRow]) -> AccountRow:
    row = session.scalar(query.with_for_update(of=AccountRow))
    if row is None:
        raise errors.NotFoundError
    return row


def get(session: Session, account: str) -> AccountRow:
    """One account.

    Raises:
        NotFoundError: no such account is registered.
    """
    row = session.get(AccountRow, account)
    if row is None:
        raise errors.NotFoundError
    return row


def everything(session: Session) -> list[AccountRow]:
    """All accounts, sorted by id."""
    return list(session.scalars(select(AccountRow).order_by(AccountRow.id)))
