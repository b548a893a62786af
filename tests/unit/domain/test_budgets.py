"""What is counted, and that nothing of an emergency is."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from service.domain import errors
from service.domain.budgets import BUDGETS, HOUR, OPERATING, OWN, SEALING, Budget, budgets_of
from service.domain.events import ACTIONS, Action

COUNTED = [action for budget in BUDGETS for action in budget.actions]
# Each has another bound: a request, a draft, an envelope, a link, or a person who signed in.
BOUND_OTHERWISE = {
    Action.IDENTITY_ENROLLED,
    Action.IDENTITY_REPLACED,
    Action.SESSIONS_ENDED,
    Action.ROLE_WITHDRAWN,
    Action.PASSKEY_FELL_BACK,  # as many as failed sign-ins of one person
    Action.OFFLINE_PAPERS,  # three for each envelope
    Action.ROSTER_SIGNED,
    Action.ROSTER_ACCEPTED,
    Action.ENVELOPE_CONFIRMED,
    Action.LOG_EPOCH_BEGAN,
    Action.CLOCK_ACCEPTED,
    Action.LINE_REGISTERED,  # with the account's own entry, which is counted
}


@pytest.mark.parametrize("budget", BUDGETS)
def test_the_last_one_in_the_budget_is_accepted_and_the_next_is_not(budget: Budget) -> None:
    budget.check(budget.most)
    with pytest.raises(errors.TooManyActsError):
        budget.check(budget.most + 1)


def test_the_budgets_are_those_of_the_protocol() -> None:
    """Numbers that a person's devices and other programs may count on."""
    assert [budget.most for budget in (OWN, SEALING, OPERATING)] == [60, 120, 600]
    assert timedelta(hours=1) == HOUR
    text = " ".join(Path("docs/protocol.md").read_text(encoding="utf-8").split())
    budgets = text.partition("**Budgets.**")[2].partition("**")[0]
    assert re.findall(r"\b\d+\b", budgets)[:3] == ["60", "120", "600"]


def test_no_act_is_paid_twice_and_none_is_free_of_notices() -> None:
    assert len(COUNTED) == len(set(COUNTED))
    assert all(ACTIONS[action].announced for action in COUNTED)


@pytest.mark.parametrize("action", [a for a in Action if a.value.startswith("request:")])
def test_nothing_of_a_request_is_ever_counted(action: Action) -> None:
    assert budgets_of([action]) == []


def test_whatever_people_do_and_others_are_told_is_counted_or_bound_otherwise() -> None:
    told = {
        action
        for action, about in ACTIONS.items()
        if about.announced and about.by != "service" and not action.value.startswith("request:")
    }
    assert told == set(COUNTED) | BOUND_OTHERWISE


def test_several_acts_ask_each_budget_once() -> None:
    assert budgets_of([Action.SLOT_ADDED, Action.BUNDLE_FETCHED]) == [OWN]
    assert budgets_of([Action.ENVELOPE_SEALED, Action.ROSTER_DRAFTED]) == [SEALING, OPERATING]
