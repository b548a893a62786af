"""Taking back a role that an operator gave: who may lose which.

Roles are given by an invitation and fixed by the enrolment. They are no power in any roster, so
taking one back changes no account: everyone a roster names stays named.
"""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum

from service.domain import errors
from service.domain.person import Person


class Role(StrEnum):
    """What an invitation can make of a person, besides one whom rosters may name."""

    OPERATOR = "operator"
    AUDITOR = "auditor"


def check_withdrawal(
    role: Role, person: str, *, holders: Collection[str], enrolled: Collection[str]
) -> None:
    """Let ``person`` lose ``role``; one's own too.

    ``holders`` have the role, ``enrolled`` have keys: only they can sign in.

    Raises:
        WrongStateError: they do not have it.
        LastOperatorError: no operator would be left who can sign in.
    """
    if person not in holders:
        raise errors.WrongStateError(f"this person does not have the role {role.value}")
    left = set(holders) & set(enrolled) - {person}
    if role is Role.OPERATOR and not left:
        raise errors.LastOperatorError


def without(person: Person, role: Role) -> Person:
    """The same person without the role; another one stays."""
    return replace(
        person,
        operator=person.operator and role is not Role.OPERATOR,
        auditor=person.auditor and role is not Role.AUDITOR,
    )
