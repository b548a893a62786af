"""Whoever holds the log's key can sign any history; the replay refuses one that breaks a rule."""

import pytest

from service.client.audit.replay.replay import _CAUSED, _SIGNED, _UNSIGNED
from service.client.foundation.errors import ClientRefusal
from tests.cast import ACCOUNT
from tests.client.audit.exports import encoded, leaves, place, replayed, story
from tests.client.audit.rewrites import forged, released

NOT_TOLD = {
    "bundle:fetched",
    "line:announced",
    "line:registered",
    "log:epoch-began",
    "offline:papers",
    "identity:replaced",
    "invitation:created",
    "role:withdrawn",
    "slot:added",
    "slot:replaced",
    "slot:removed",
}


def test_the_real_services_log_is_right_in_every_leaf() -> None:
    world = replayed(story())
    assert world.tally["leaves"] == len(story())
    assert world.tally["releases"] == 3
    assert world.tally["offline releases"] == 1
    assert world.tally["quorums"] == 5


def test_the_story_has_every_act_that_the_replay_knows() -> None:
    told = {leaf.action for leaf in leaves()}
    known = {action.value for action in (*_SIGNED, *_UNSIGNED, *_CAUSED)}
    assert known - told == NOT_TOLD


def test_a_request_that_is_over_is_forgotten() -> None:
    world = replayed(story())
    account = world.accounts[ACCOUNT]
    opened = {leaf.request for leaf in leaves() if leaf.action == "request:opened"}
    assert len(account.requests) < len(opened) / 2
    assert {r.state.value for r in account.requests.values()} == {
        "pending",
        "review_due",
        "rotation_due",
    }
    assert account.heard.keys() <= account.requests.keys()


# ---------------------------------------------------------------- histories that never were


SIGNED = sorted(action.value for action in _SIGNED if action.value not in NOT_TOLD)


@pytest.mark.parametrize("action", SIGNED)
def test_a_forged_signature_of_any_kind_is_refused_at_its_leaf(action: str) -> None:
    index = next(leaf.seq for leaf in leaves() if leaf.action == action and leaf.statement)
    with pytest.raises(ClientRefusal) as caught:
        replayed(encoded(forged(index)(leaves())))
    assert caught.value.message.startswith(f"leaf {index} ")


def test_the_first_roster_is_compared_with_the_auditors_notes() -> None:
    digest = str(leaves()[place("roster:accepted")].details["roster"])
    assert replayed(story(), **{ACCOUNT: digest}).anchors
    with pytest.raises(ClientRefusal) as caught:
        replayed(story(), **{ACCOUNT: "0" * 64})
    assert caught.value.code == "roster-anchor"


def test_a_tail_in_which_something_is_missing_is_refused() -> None:
    with pytest.raises(ClientRefusal) as caught:
        replayed(story()[: released() + 1])
    assert caught.value.code == "consequence-missing"
