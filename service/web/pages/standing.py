"""What a person is in an account, as a page that acts needs to know before it is shown.

What is read here only decides which page is shown; each act verifies again on its person's device.
"""

from service.domain import errors
from service.domain.people import GroupName
from service.domain.roster import Roster
from service.domain.words import GROUPS, group
from service.usecases import accounts, rosters
from service.usecases.accounts import Account
from service.web.current import caller, ctx
from service.web.pages import said
from service.wire.accounts import Rosters


def account_for(account: str, role: str, refusal: str) -> Account:
    """The account, for a person who has ``role`` in its roster and begins something new in it.

    Raises:
        LineRetiredError: its people have ended this line.
        NotFoundError: not theirs to see. NoRosterError: custodians have signed none.
        NotInRosterError: ``refusal``, for those who see the account in another role.
    """
    detail = accounts.show(ctx(), caller(), account)
    if not detail.roster_version:
        raise errors.NoRosterError
    if role not in detail.roles:
        raise errors.NotInRosterError(refusal)
    if detail.retired_since:
        raise errors.LineRetiredError
    return detail


def group_in(detail: Account) -> str:
    """The group in which the caller is a custodian, in words.

    Raises:
        NotInRosterError: they are none.
    """
    for name, words in GROUPS.items():
        if f"custodian:{name}" in detail.roles:
            return words
    raise errors.NotInRosterError("the account's roster names you in neither group")


def roster_of(shown: Rosters) -> Roster | None:
    """The newest roster in force."""
    found = said.rosters(shown.chain[-1:], shown.identities)
    return found[0] if found else None


def newest(account: str) -> Roster:
    """The newest roster of an account that the caller sees.

    Raises:
        NoRosterError: custodians have signed none.
    """
    found = roster_of(rosters.show(ctx(), caller(), account))
    if found is None:
        raise errors.NoRosterError
    return found


def names(roster: Roster, people: tuple[str, ...]) -> list[str]:
    """What the roster calls people."""
    return [roster.members[person].name for person in people]


def needed(roster: Roster) -> str:
    """How many of each group have to agree: ``2 of the password group and 2 of the MFA group``."""
    return " and ".join(
        f"{roster.groups[name].threshold} of the {group(name)}" for name in GroupName
    )
