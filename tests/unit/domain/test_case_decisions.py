"""What a custodian's decision does, and which are refused."""

from dataclasses import replace
from typing import Any

import pytest

from service.domain import errors
from service.domain.case import (
    NEXT_SEQ,
    decide,
    reachable,
)
from service.domain.quorum import Decision
from service.domain.request import COLLECTING, State
from tests.unit.domain.builders import (
    LIFETIME,
    START,
    WINDOW,
    M,
    P,
    approvals,
    case,
    decision,
    next_roster,
    roster,
)

QUORUM = approvals("pat", "per", "max", "mia")
FIRST_DENIAL = roster(
    policy={"request_lifetime": LIFETIME, "release_window": WINDOW, "denials": "first"}
)


def deny(person: str, **changes: Any) -> Decision:
    return decision(person, **({"seq": NEXT_SEQ, "approves": False} | changes))


def approve(person: str, **changes: Any) -> Decision:
    return decision(person, **({"seq": NEXT_SEQ} | changes))


@pytest.mark.parametrize(
    ("before", "given", "state"),
    [
        ((), approve("pat"), State.PENDING),
        (approvals("pat", "per", "pia"), approve("max"), State.PENDING),
        (approvals("pat", "per", "max"), approve("mia"), State.APPROVED),
        (approvals("max", "mia", "pat"), approve("per"), State.APPROVED),
        # one denial leaves two of three
        ((), deny("pat"), State.PENDING),
        (approvals("pat"), deny("pat"), State.PENDING),
        ((decision("pat", approves=False),), approve("pat"), State.PENDING),
        ((*approvals("per", "max", "mia"), deny("pat", seq=20)), approve("pat"), State.APPROVED),
        # the second of a group puts its threshold out of reach
        ((decision("pat", approves=False),), deny("per"), State.DENIED),
        ((decision("max", approves=False),), deny("moa"), State.DENIED),
        ((decision("pat", approves=False),), deny("max"), State.PENDING),
    ],
)
def test_what_a_decision_does_while_pending(
    before: tuple[Decision, ...], given: Decision, state: State
) -> None:
    asked = case(decisions=before)
    after, _ = decide(asked, given)
    assert after == replace(asked.request, state=state, decisions=(*before, given))


@pytest.mark.parametrize(
    ("before", "given", "state"),
    [
        (QUORUM, approve("pia"), State.APPROVED),
        (QUORUM, deny("pia"), State.APPROVED),
        (QUORUM, deny("pat"), State.PENDING),
        (QUORUM, deny("mia"), State.PENDING),
        ((*QUORUM, decision("pia", seq=20)), deny("pat"), State.APPROVED),
        ((*QUORUM, deny("pia", seq=20)), deny("pat"), State.DENIED),
        ((*QUORUM, deny("moa", seq=20)), deny("pat"), State.PENDING),
    ],
)
def test_what_a_decision_does_while_approved(
    before: tuple[Decision, ...], given: Decision, state: State
) -> None:
    asked = case(decisions=before, state=State.APPROVED)
    after, _ = decide(asked, given)
    assert after == replace(asked.request, state=state, decisions=(*before, given))


@pytest.mark.parametrize("state", sorted(COLLECTING))
def test_where_the_policy_says_so_the_first_denial_ends_it(state: State) -> None:
    asked = case(FIRST_DENIAL, decisions=QUORUM, state=state)
    assert decide(asked, deny("moa"))[0].state is State.DENIED
    asked = case(FIRST_DENIAL, decisions=approvals("pat"))
    assert decide(asked, approve("per"))[0].state is State.PENDING


@pytest.mark.parametrize("drill", [False, True])
def test_while_the_window_is_open_approvals_are_taken_and_move_nothing(drill: bool) -> None:
    asked = case(decisions=QUORUM, state=State.RELEASED, released_at=START, drill=drill)
    after, withdrawn = decide(asked, approve("moa"))
    assert after == replace(asked.request, decisions=(*QUORUM, approve("moa")))
    assert withdrawn == []


def test_only_what_a_denial_takes_back_is_withdrawn() -> None:
    first = decision("pat", seq=10)
    assert decide(case(decisions=(first,)), deny("pat"))[1] == [first]
    assert decide(case(), deny("pat"))[1] == []
    denied = decision("pat", seq=11, approves=False)
    assert decide(case(decisions=(first, denied)), approve("pat"))[1] == []


@pytest.mark.parametrize(
    ("changes", "given", "code"),
    [
        # the requester, even one who stands in a group
        ({"requester": "pat"}, approve("pat"), "self-approval"),
        ({"requester": "pat"}, deny("pat"), "self-approval"),
        ({}, approve("ria", group=P), "self-approval"),
        # who has no say, or none in this group
        ({}, approve("eve", group=P), "not-in-roster"),
        ({}, deny("eve", group=M), "not-in-roster"),
        ({}, approve("sam", group=P), "not-in-roster"),
        ({}, approve("pat", group=M), "wrong-group"),
        ({}, deny("mia", group=P), "wrong-group"),
        # the same word twice
        ({"decisions": approvals("pat")}, approve("pat"), "already-decided"),
        ({"decisions": (deny("pat", seq=10),)}, deny("pat"), "already-decided"),
        # no reason
        ({}, deny("pat", reason=""), "reason-needed"),
        ({}, deny("pat", reason=" \n"), "reason-needed"),
        # the state
        *[
            ({"state": state}, approve("pat"), "wrong-state")
            for state in State
            if state not in {State.PENDING, State.APPROVED, State.RELEASED, State.EXPIRED}
        ],
        *[
            ({"state": state}, deny("pat"), "wrong-state")
            for state in State
            if state not in {State.PENDING, State.APPROVED, State.EXPIRED}
        ],
        ({"state": State.EXPIRED}, approve("pat"), "expired"),
        ({"state": State.EXPIRED}, deny("pat"), "expired"),
    ],
)
def test_which_decisions_are_refused(changes: dict[str, Any], given: Decision, code: str) -> None:
    with pytest.raises(errors.Refusal) as refused:
        decide(case(**changes), given)
    assert refused.value.code == code


def test_without_a_share_one_may_deny_and_not_approve() -> None:
    newer = next_roster(roster(), keys={"pat": "2"}, password=("pat", "per", "pia", "pol"))
    asked = replace(case(roster=newer.digest), roster=newer)
    for person in ("pat", "pol"):
        assert decide(asked, deny(person, group=P))[0].decisions
        with pytest.raises(errors.NotInRosterError, match="holds no share"):
            decide(asked, approve(person, group=P))
    assert decide(asked, approve("per"))[0].decisions


@pytest.mark.parametrize(
    ("denials", "reached"),
    [
        ("", True),
        ("pat", True),
        ("pat max", True),
        ("pat per", False),
        ("mia moa", False),
        ("pat per pia max mia moa", False),
    ],
)
def test_what_can_still_be_reached(denials: str, reached: bool) -> None:
    words = [deny(person, seq=10 + n) for n, person in enumerate(denials.split())]
    assert reachable(case(decisions=tuple(words))) is reached
    changed_their_minds = [decision(person, seq=20) for person in denials.split()]
    assert reachable(case(decisions=(*words, *changed_their_minds)))


def test_reach_is_measured_by_both_rosters() -> None:
    stricter = next_roster(roster(), thresholds=(3, 2))
    asked = replace(case(roster=stricter.digest), roster=stricter)
    assert reachable(asked)
    assert not reachable(asked.with_request(replace(asked.request, decisions=(deny("pat"),))))
    newer = next_roster(roster(), keys={"pat": "2", "per": "2"})
    assert not reachable(replace(case(roster=newer.digest), roster=newer))


@pytest.mark.parametrize(("times", "again"), [(1, True), (2, True), (3, False)])
def test_who_has_approved_three_times_does_not_approve_again(times: int, again: bool) -> None:
    words = [
        decision("pat", seq=10 + 2 * turn + place, approves=approves)
        for turn in range(times)
        for place, approves in enumerate((True, False))
    ]
    asked = case(decisions=(*words, *approvals("max")))
    if again:
        decide(asked, approve("pat"))
    else:
        with pytest.raises(errors.WrongStateError):
            decide(asked, approve("pat"))
    decide(asked, approve("per"))  # others are free to
