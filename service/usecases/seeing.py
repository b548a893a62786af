"""Who may see an account. To everybody else it does not exist."""

from sqlalchemy.orm import Session

from service.domain import errors
from service.domain.roster import Roster
from service.storage import accounts, rosters
from service.usecases.context import Caller


def check_sees(session: Session, caller: Caller, account: str) -> None:
    """Refuse those whom no roster and no draft of the account names, unless they keep watch.

    Operators and auditors see every account; shares and releases they never see.

    Raises:
        NotFoundError: the account is unknown, or not theirs to see.
    """
    accounts.get(session, account)
    if not caller.operator and not caller.auditor and not named(session, account, caller.person):
        raise errors.NotFoundError


def check_named(session: Session, caller: Caller, account: str) -> None:
    """Refuse everybody whom no roster and no draft names, those who keep watch included.

    For whatever carries ciphertext: an operator holds the database already, and gets no help.

    Raises:
        NotFoundError: the account is unknown, or not theirs.
    """
    if not named(session, account, caller.person):
        raise errors.NotFoundError


def named(session: Session, account: str, person: str) -> bool:
    """Whether the newest roster or the open draft of an account names a person."""
    draft = rosters.draft(session, account)
    found = (rosters.newest(session, account), draft.roster if draft else None)
    return any(person in roster.members for roster in found if roster is not None)


def newest_roster(session: Session, account: str) -> Roster:
    """The account's newest roster.

    Raises:
        NoRosterError: custodians have signed none.
    """
    roster = rosters.newest(session, account)
    if roster is None:
        raise errors.NoRosterError
    return roster
