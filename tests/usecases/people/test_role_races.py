"""Operators who take back each other's role at one moment: somebody is left."""

from functools import partial

import pytest

from service.domain import errors
from service.storage import people
from service.usecases import invitations, roles
from service.usecases.context import Context
from service.wire.people import NewInvitation, RoleWithdrawal
from tests.usecases.people import acts, test_races
from tests.usecases.people.test_races import at_once

OPERATOR = RoleWithdrawal(role="operator")


@pytest.fixture(autouse=True)
def _more_may_lose(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = (*test_races.LOST, errors.NotAllowedError, errors.LastOperatorError)
    monkeypatch.setattr(test_races, "LOST", lost)


def test_two_operators_withdraw_each_other_and_one_is_left(ctx: Context) -> None:
    for round_ in range(4):
        pair = [acts.enrol(ctx, f"{name}{round_}", operator=True) for name in ("Olga", "Otto")]
        olga, otto = (acts.caller(ctx, who) for who in pair)
        came = at_once(
            partial(roles.withdraw, ctx, olga, otto.person, OPERATOR),
            partial(roles.withdraw, ctx, otto, olga.person, OPERATOR),
        )
        assert sorted(came) == ["done", "not-allowed"]
        with ctx.read() as unit:
            operators, _ = people.roles(unit.session)
        assert len(operators & {olga.person, otto.person}) == 1


def test_the_last_two_cannot_both_step_down(ctx: Context) -> None:
    pair = [acts.enrol(ctx, name, operator=True) for name in ("Olga", "Otto")]
    olga, otto = (acts.caller(ctx, who) for who in pair)
    came = at_once(
        partial(roles.withdraw, ctx, olga, olga.person, OPERATOR),
        partial(roles.withdraw, ctx, otto, otto.person, OPERATOR),
    )
    assert sorted(came) == ["done", "last-operator"]


def test_no_act_of_an_operator_follows_their_withdrawal_in_the_log(ctx: Context) -> None:
    olga = acts.caller(ctx, acts.enrol(ctx, "Olga", operator=True))
    for round_ in range(6):
        otto = acts.caller(ctx, acts.enrol(ctx, f"Otto{round_}", operator=True))
        bodies = [NewInvitation(email=f"x{round_}-{n}@corp.example", name="X") for n in range(3)]
        at_once(
            *[partial(invitations.invite, ctx, otto, body) for body in bodies],
            partial(roles.withdraw, ctx, olga, otto.person, OPERATOR),
        )
        story = [
            leaf.action for leaf in acts.leaves(ctx) if otto.person in {leaf.actor, leaf.subject}
        ]
        after = story[story.index("role:withdrawn") + 1 :]
        assert after == []
