"""What a custodian's decision does, and which are refused."""

from dataclasses import replace
from typing import Any

import pytest

from service.domain import errors
from service.domain.case import NEXT_SEQ, decide, reachable
from service.domain.quorum import Decision
from service.domain.request import COLLECTING, State
from tests.cast import POLICY
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

QUORUM = approvals("ann", "bob", "dea", "eli")
FIRST_DENIAL = roster(
    policy=POLICY | {"request_lifetime": LIFETIME, "release_window": WINDOW, "denials": "first"}
)


def deny(person: str, **changes: Any) -> Decision:
    return decision(person, **({"seq": NEXT_SEQ, "approves": False} | changes))


def approve(person: str, **changes: Any) -> Decision:
    return decision(person, **({"seq": NEXT_SEQ} | changes))


@pytest.mark.parametrize(
    ("before", "given", "state"),
    [
        ((), approve("ann"), State.PENDING),
        (approvals("ann", "bob", "cem"), approve("dea"), State.PENDING),
        (approvals("ann", "bob", "dea"), approve("eli"), State.APPROVED),
        (approvals("dea", "eli", "ann"), approve("bob"), State.APPROVED),
        # one denial leaves two of three
        ((), deny("ann"), State.PENDING),
        (approvals("ann"), deny("ann"), State.PENDING),
        ((decision("ann", approves=False),), approve("ann"), State.PENDING),
        ((*approvals("bob", "dea", "eli"), deny("ann", seq=20)), approve("ann"), State.APPROVED),
        # the second of a group puts its threshold out of reach
        ((decision("ann", approves=False),), deny("bob"), State.DENIED),
        ((decision("dea", approves=False),), deny("fay"), State.DENIED),
        ((decision("ann", approves=False),), deny("dea"), State.PENDING),
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
        (QUORUM, approve("cem"), State.APPROVED),
        (QUORUM, deny("cem"), State.APPROVED),
        (QUORUM, deny("ann"), State.PENDING),
        (QUORUM, deny("eli"), State.PENDING),
        ((*QUORUM, decision("cem", seq=20)), deny("ann"), State.APPROVED),
        ((*QUORUM, deny("cem", seq=20)), deny("ann"), State.DENIED),
        ((*QUORUM, deny("fay", seq=20)), deny("ann"), State.PENDING),
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
    assert decide(asked, deny("fay"))[0].state is State.DENIED
    asked = case(FIRST_DENIAL, decisions=approvals("ann"))
    assert decide(asked, approve("bob"))[0].state is State.PENDING


@pytest.mark.parametrize("drill", [False, True])
def test_while_the_window_is_open_approvals_are_taken_and_move_nothing(drill: bool) -> None:
    asked = case(decisions=QUORUM, state=State.RELEASED, released_at=START, drill=drill)
    after, withdrawn = decide(asked, approve("fay"))
    assert after == replace(asked.request, decisions=(*QUORUM, approve("fay")))
    assert withdrawn == []


def test_only_what_a_denial_takes_back_is_withdrawn() -> None:
    first = decision("ann", seq=10)
    assert decide(case(decisions=(first,)), deny("ann"))[1] == [first]
    assert decide(case(), deny("ann"))[1] == []
    denied = decision("ann", seq=11, approves=False)
    assert decide(case(decisions=(first, denied)), approve("ann"))[1] == []


@pytest.mark.parametrize(
    ("changes", "given", "code"),
    [
        # the requester, even one who stands in a group
        ({"requester": "ann"}, approve("ann"), "self-approval"),
        ({"requester": "ann"}, deny("ann"), "self-approval"),
        ({}, approve("gus", group=P), "self-approval"),
        # who has no say, or none in this group
        ({}, approve("eve", group=P), "not-in-roster"),
        ({}, deny("eve", group=M), "not-in-roster"),
        ({}, approve("sam", group=P), "not-in-roster"),
        ({}, approve("ann", group=M), "wrong-group"),
        ({}, deny("eli", group=P), "wrong-group"),
        # the same word twice
        ({"decisions": approvals("ann")}, approve("ann"), "already-decided"),
        ({"decisions": (deny("ann", seq=10),)}, deny("ann"), "already-decided"),
        # no reason
        ({}, deny("ann", reason=""), "reason-needed"),
        ({}, deny("ann", reason=" \n"), "reason-needed"),
        # the state
        *[
            ({"state": state}, approve("ann"), "wrong-state")
            for state in State
            if state not in {State.PENDING, State.APPROVED, State.RELEASED, State.EXPIRED}
        ],
        *[
            ({"state": state}, deny("ann"), "wrong-state")
            for state in State
            if state not in {State.PENDING, State.APPROVED, State.EXPIRED}
        ],
        ({"state": State.EXPIRED}, approve("ann"), "expired"),
        ({"state": State.EXPIRED}, deny("ann"), "expired"),
    ],
)
def test_which_decisions_are_refused(changes: dict[str, Any], given: Decision, code: str) -> None:
    with pytest.raises(errors.Refusal) as refused:
        decide(case(**changes), given)
    assert refused.value.code == code


def test_without_a_share_one_may_deny_and_not_approve() -> None:
    newer = next_roster(roster(), keys={"ann": "2"}, password=("ann", "bob", "cem", "nell"))
    asked = replace(case(roster=newer.digest), roster=newer)
    for person in ("ann", "nell"):
        assert decide(asked, deny(person, group=P))[0].decisions
        with pytest.raises(errors.NotInRosterError, match="holds no share"):
            decide(asked, approve(person, group=P))
    assert decide(asked, approve("bob"))[0].decisions


@pytest.mark.parametrize(
    ("denials", "reached"),
    [
        ("", True),
        ("ann", True),
        ("ann dea", True),
        ("ann bob", False),
        ("eli fay", False),
        ("ann bob cem dea eli fay", False),
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
    assert not reachable(asked.with_request(replace(asked.request, decisions=(deny("ann"),))))
    newer = next_roster(roster(), keys={"ann": "2", "bob": "2"})
    assert not reachable(replace(case(roster=newer.digest), roster=newer))


@pytest.mark.parametrize(("times", "again"), [(1, True), (2, True), (3, False)])
def test_who_has_approved_three_times_does_not_approve_again(times: int, again: bool) -> None:
    words = [
        decision("ann", seq=10 + 2 * turn + place, approves=approves)
        for turn in range(times)
        for place, approves in enumerate((True, False))
    ]
    asked = case(decisions=(*words, *approvals("dea")))
    if again:
        decide(asked, approve("ann"))
    else:
        with pytest.raises(errors.WrongStateError):
            decide(asked, approve("ann"))
    decide(asked, approve("bob"))  # others are free to
