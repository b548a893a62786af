"""Who may lose a role: anybody who has it, but for the last operator who can sign in."""

import pytest

from service.domain import errors
from service.domain.person import Person
from service.domain.roles import Role, check_withdrawal, without

BOTH = Person(id="p", email="p@corp.example", name="Ann", operator=True, auditor=True)


@pytest.mark.parametrize(
    ("holders", "enrolled", "fits"),
    [
        ({"ann", "bob"}, {"ann", "bob"}, True),
        ({"ann", "bob"}, {"bob"}, True),
        ({"ann", "bob"}, {"ann"}, False),  # bob was invited and cannot sign in
        ({"ann", "bob"}, set(), False),
        ({"ann"}, {"ann", "eve"}, False),  # eve is no operator
    ],
)
def test_an_operator_who_can_sign_in_is_left(
    holders: set[str], enrolled: set[str], *, fits: bool
) -> None:
    if fits:
        check_withdrawal(Role.OPERATOR, "ann", holders=holders, enrolled=enrolled)
        return
    with pytest.raises(errors.LastOperatorError):
        check_withdrawal(Role.OPERATOR, "ann", holders=holders, enrolled=enrolled)


def test_there_may_be_no_auditor() -> None:
    check_withdrawal(Role.AUDITOR, "ann", holders={"ann"}, enrolled={"ann"})


@pytest.mark.parametrize("role", Role)
def test_nobody_loses_what_they_do_not_have(role: Role) -> None:
    with pytest.raises(errors.WrongStateError, match=f"does not have the role {role.value}"):
        check_withdrawal(role, "ann", holders={"bob"}, enrolled={"bob"})


def test_one_role_is_lost_and_the_rest_stays() -> None:
    assert without(BOTH, Role.OPERATOR) == Person(
        id="p", email="p@corp.example", name="Ann", operator=False, auditor=True
    )
    assert without(BOTH, Role.AUDITOR).operator
    assert not without(BOTH, Role.AUDITOR).auditor
