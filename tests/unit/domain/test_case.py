"""What time does to a request, and who may release it or take it back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.domain import errors
from service.domain.case import AFTER_ALL, NEXT_SEQ, cancel, event, release, restart_clock, settle
from service.domain.events import SERVICE, Action
from service.domain.request import COLLECTING, Request, State
from tests.cast import ACCOUNT, CUSTODIANS
from tests.unit.domain.builders import (
    LIFETIME,
    SECOND,
    START,
    WINDOW,
    P,
    approvals,
    case,
    decision,
    envelope,
    request,
    roster,
)

QUORUM = approvals("ann", "bob", "dea", "eli")
WITHDRAWN = decision("ann", seq=20, approves=False)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    "now", [START, START + timedelta(seconds=LIFETIME - 1), START + timedelta(seconds=LIFETIME)]
)
def test_a_request_expires_at_the_end_of_its_lifetime(state: State, now: datetime) -> None:
    asked = case(state=state)
    after, events = settle(asked, now)
    if state not in COLLECTING or now < asked.request.expires_at:
        assert (after, events) == (asked.request, [])
        return
    assert after == replace(asked.request, state=State.EXPIRED)
    assert events == [event(Action.REQUEST_EXPIRED, after)]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_window_ends_by_itself_though_the_lifetime_is_over(state: State, seconds: int) -> None:
    now = START + timedelta(days=1)
    asked = case(state=state, released_at=now - timedelta(seconds=WINDOW + seconds))
    after, events = settle(asked, now)
    if state is State.RELEASED and seconds >= 0:
        assert after == replace(asked.request, state=State.ROTATION_DUE)
        assert events == [event(Action.REQUEST_WINDOW_ENDED, after)]
    elif state not in COLLECTING:
        assert (after, events) == (asked.request, [])


@pytest.mark.parametrize("state", State)
def test_a_clock_that_was_set_back_ends_whatever_time_would_end(state: State) -> None:
    before = request(state=state, released_at=START)
    after, events = restart_clock(before)
    if state in COLLECTING:
        assert after == replace(before, state=State.EXPIRED)
        assert events == [event(Action.REQUEST_EXPIRED, after)]
    elif state is State.RELEASED:
        assert after == replace(before, state=State.ROTATION_DUE)
        assert events == [event(Action.REQUEST_WINDOW_ENDED, after)]
    else:
        assert (after, events) == (before, [])


# --- releasing and taking back ---


def test_a_release_needs_the_quorum_and_says_when_it_was() -> None:
    asked = case(decisions=QUORUM, state=State.APPROVED)
    now = START + timedelta(minutes=9)
    assert release(asked, now=now) == replace(asked.request, state=State.RELEASED, released_at=now)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": State.PENDING, "decisions": QUORUM}, "no-quorum"),
        ({"state": State.PENDING}, "no-quorum"),
        # whatever the state says, the count decides
        ({"state": State.APPROVED, "decisions": QUORUM[:3]}, "no-quorum"),
        ({"state": State.APPROVED, "decisions": QUORUM, "requester": "ann"}, "no-quorum"),
        (
            {
                "state": State.APPROVED,
                "decisions": (*QUORUM, WITHDRAWN),
            },
            "no-quorum",
        ),
        ({"state": State.EXPIRED, "decisions": QUORUM}, "expired"),
        *[
            ({"state": state, "decisions": QUORUM}, "wrong-state")
            for state in State
            if state not in {State.PENDING, State.APPROVED, State.EXPIRED}
        ],
    ],
)
def test_what_is_not_released(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(errors.Refusal) as refused:
        release(case(**changes), now=START)
    assert refused.value.code == code


def test_a_release_is_counted_with_the_rosters_that_are_named() -> None:
    asked = case(decisions=QUORUM, state=State.APPROVED)
    stricter = roster(thresholds=(3, 2))
    for name in ("roster", "envelope_roster"):
        swapped: dict[str, Any] = {name: stricter}
        with pytest.raises(errors.NoQuorumError):
            release(replace(asked, **swapped), now=START)
    elsewhere = replace(asked, envelope=envelope(digest="manifest-2"))
    with pytest.raises(errors.WrongEnvelopeError):
        release(elsewhere, now=START)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("drill", [False, True])
def test_the_ground_changes_only_under_what_collects(state: State, drill: bool) -> None:
    before = request(state=state, drill=drill)
    if state not in COLLECTING:
        with pytest.raises(errors.Refusal):
            cancel(before, why="roster-changed")
        return
    after, [said] = cancel(before, why="roster-changed")
    assert after == replace(before, state=State.CANCELLED)
    assert (said.action, said.details["why"]) == (Action.REQUEST_CANCELLED, "roster-changed")


# --- the case itself ---


def test_a_case_counts_now_or_at_a_leaf() -> None:
    asked = case(decisions=(*approvals(*CUSTODIANS), WITHDRAWN))
    assert asked.quorum().counted[P] == {"bob", "cem"}
    assert asked.quorum(11).counted[P] == {"ann"}
    assert NEXT_SEQ < AFTER_ALL < 2**53


def test_a_late_approval_is_no_part_of_the_count() -> None:
    late = replace(QUORUM[3], at=START + timedelta(seconds=LIFETIME))
    assert not case(decisions=(*QUORUM[:3], late)).quorum().met
    in_time = replace(late, at=late.at - SECOND)
    assert case(decisions=(*QUORUM[:3], in_time)).quorum().met


def test_an_event_says_which_request_and_its_state() -> None:
    asked: Request = request(state=State.ROTATION_DUE, drill=True)
    plain = event(Action.REQUEST_ROTATED, asked)
    assert (plain.actor, plain.subject, plain.request) == (SERVICE, ACCOUNT, "request-1")
    assert (plain.details, plain.statement) == ({"state": "rotation_due", "drill": True}, b"")
    signed = event(
        Action.REQUEST_APPROVED, asked, actor="ann", statement=b"s", details={"group": "mfa"}
    )
    assert (signed.actor, signed.statement) == ("ann", b"s")
    assert signed.details == {"state": "rotation_due", "drill": True, "group": "mfa"}
