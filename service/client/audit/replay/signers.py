"""Who may sign a statement, by the roster that decides; a refusal names what differs."""

from collections.abc import Collection

from crypto import statement as statements
from crypto.errors import VerificationError
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.domain.people import GroupName, Member
from service.domain.roster import Roster


def signed_by_custodian(
    statement: Statement, roster: Roster, person: str, *, code: str, what: str
) -> GroupName:
    """Check that a custodian of the group that a statement names has signed it; return the group.

    Raises:
        ClientRefusal: with ``code``: the roster has the person in the other group, or not as a
            custodian, or not at all; or another key has signed.
    """
    group = GroupName(statement.payload["group"])
    own = roster.group_of(person)
    if own is not None and own is not group:
        raise ClientRefusal(
            code,
            f"{what} is for the {group.value} group, but the roster has "
            f"{roster.members[person].name} in the {own.value} group",
        )
    signed_in_role(
        statement, roster, person, "a custodian", roster.custodians, code=code, what=what
    )
    return group


def signed_in_role(
    statement: Statement,
    roster: Roster,
    person: str,
    role: str,
    holders: Collection[str],
    *,
    code: str,
    what: str,
) -> Member:
    """Check that someone who has a role in the roster has signed, with the key it has for them.

    Raises:
        ClientRefusal: with ``code``.
    """
    member = roster.members.get(person)
    if member is None:
        raise ClientRefusal(code, f"{what} names {person}, whom the roster does not name")
    if person not in holders:
        raise ClientRefusal(code, f"{what} names {member.name}, who is not {role} in the roster")
    try:
        statements.verify(statement, member.signing_key)
    except VerificationError:
        raise ClientRefusal(
            code, f"{what} was not signed with the key that the roster has for {member.name}"
        ) from None
    return member
