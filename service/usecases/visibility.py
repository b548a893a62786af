"""Who may see an account. To everyone else it does not exist."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.domain import errors
from service.domain.roster import Roster
from service.storage import accounts, rosters
from service.storage.query_cache import found_so_far
from service.usecases.context import Caller


def check_sees(session: Session, caller: Caller, account: str) -> rosters.Current:
    """Refuse those whom no roster and no draft of the account names, except operators and auditors.

    Operators and auditors see every account; shares and releases they never see. Returns what
    counts in the account.

    Raises:
        NotFoundError: the account is unknown, or not theirs to see.
    """
    found = rosters.current(session, account)
    if caller.operator or caller.auditor:
        accounts.get(session, account)
    elif not found.names(caller.person):
        raise errors.NotFoundError
    return found


def check_named(session: Session, caller: Caller, account: str) -> None:
    """Refuse everyone whom the roster in force does not name, operators and auditors included.

    For whatever carries ciphertext: an operator holds the database already, and gets no help. A
    draft is the operator's word alone, so it opens nothing here.

    Raises:
        NotFoundError: the account is unknown, or not theirs.
    """
    roster = rosters.newest(session, account)
    if roster is None or caller.person not in roster.members:
        raise errors.NotFoundError


def naming(session: Session, person: str) -> Sequence[str]:
    """The accounts whose newest roster or open draft names a person."""
    known: dict[str, list[str]] = found_so_far(session, "accounts that name")
    if person not in known:
        found = rosters.every_current(session)
        known[person] = [account for account, current in found.items() if current.names(person)]
    return known[person]


def visible(session: Session, caller: Caller) -> Sequence[str]:
    """The accounts that the caller may see."""
    if caller.operator or caller.auditor:
        return [row.id for row in accounts.everything(session)]
    return naming(session, caller.person)


def names(session: Session, caller: Caller) -> dict[str, str]:
    """What the accounts that the caller may see are called; empty before they have a roster."""
    current, none = rosters.every_current(session), rosters.Current()
    newest = {account: current.get(account, none).newest for account in visible(session, caller)}
    return {account: roster.name if roster else "" for account, roster in newest.items()}


def newest_roster(session: Session, account: str) -> Roster:
    """The account's newest roster.

    Raises:
        NoRosterError: custodians have signed none.
    """
    roster = rosters.newest(session, account)
    if roster is None:
        raise errors.NoRosterError
    return roster


def roster_for(session: Session, caller: Caller, account: str) -> Roster:
    """The account's newest roster, for a person who is about to sign something under it.

    Whom it does not name hears that only if they may see the account; to a stranger it is unknown.

    Raises:
        NotFoundError: not theirs to see. NoRosterError: custodians have signed none.
    """
    roster = rosters.newest(session, account)
    if roster is None or caller.person not in roster.members:
        check_sees(session, caller, account)
    if roster is None:
        raise errors.NoRosterError
    return roster
