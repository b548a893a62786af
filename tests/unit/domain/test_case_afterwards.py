"""What is owed once something was released: closure, a new password, two reviews."""

from dataclasses import replace
from typing import Any

import pytest

from service.domain import errors
from service.domain.case import close, event, review, rotate
from service.domain.credential import IN_FORCE, EnvelopeState
from service.domain.events import Action
from service.domain.people import GroupName
from service.domain.request import State
from tests.unit.domain.builders import (
    START,
    M,
    P,
    envelope,
    next_envelope,
    next_roster,
    request,
    roster,
)

RELEASED = {"state": State.RELEASED, "released_at": START, "due_seq": 20}
AFTER = {State.RELEASED, State.ROTATION_DUE, State.REVIEW_DUE}


def rotated_by(**changes: Any) -> Any:
    """A ready envelope that names the request and entered after its release."""
    fields: dict[str, Any] = {"after_requests": ["digest-1"], "seq": 21}
    return next_envelope(envelope(), **(fields | changes))


# --- closure ---


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("drill", [False, True])
def test_a_closure_is_taken_after_a_release_and_ends_the_window(state: State, drill: bool) -> None:
    before = request(state=state, drill=drill, released_at=START)
    if state in AFTER and not drill:
        then = State.ROTATION_DUE if state is State.RELEASED else state
        assert close(before) == replace(before, state=then, summarised=True)
        return
    with pytest.raises(errors.Refusal) as refused:
        close(before)
    assert refused.value.code == ("expired" if state is State.EXPIRED else "wrong-state")


@pytest.mark.parametrize("state", sorted(AFTER))
def test_a_second_closure_is_refused(state: State) -> None:
    with pytest.raises(errors.AlreadyConfirmedError):
        close(request(state=state, released_at=START, summarised=True))


# --- a newer envelope ---


@pytest.mark.parametrize("state", sorted(IN_FORCE))
def test_a_newer_envelope_moves_on_what_waits_for_it(state: EnvelopeState) -> None:
    due = RELEASED | {"state": State.ROTATION_DUE}
    waiting = request(**due, reviewed=frozenset({P}), reviewers=frozenset({"ann"}))
    newer = rotated_by(state=state)
    after, events = rotate(waiting, newer)
    assert after == replace(
        waiting, state=State.REVIEW_DUE, reviewed=frozenset(), reviewers=frozenset()
    )
    assert events == [event(Action.REQUEST_ROTATED, after, details={"manifest": newer.digest})]
    assert events[0].details["manifest"] == "manifest-2"


def test_what_is_still_released_closes_its_window_first() -> None:
    after, events = rotate(request(**RELEASED), rotated_by())
    assert after.state is State.REVIEW_DUE
    assert [(said.action, said.details["state"]) for said in events] == [
        (Action.REQUEST_WINDOW_ENDED, "rotation_due"),
        (Action.REQUEST_ROTATED, "review_due"),
    ]


@pytest.mark.parametrize("state", [State.RELEASED, State.ROTATION_DUE])
@pytest.mark.parametrize(
    ("request_changes", "envelope_changes"),
    [
        ({}, {"after_requests": []}),
        ({}, {"after_requests": ["digest-2"]}),
        ({"digest": "digest-2"}, {}),
        ({"drill": True}, {}),
        ({}, {"state": EnvelopeState.UNCONFIRMED}),
        ({}, {"state": EnvelopeState.SUPERSEDED}),
        # its manifest entered the log before the duty did
        ({}, {"seq": 20}),
        ({}, {"seq": 19}),
        ({"due_seq": 21}, {}),
    ],
)
def test_what_does_not_move_a_request_on(
    state: State, request_changes: dict[str, Any], envelope_changes: dict[str, Any]
) -> None:
    waiting = request(**(RELEASED | {"state": state} | request_changes))
    assert rotate(waiting, rotated_by(**envelope_changes)) == (waiting, [])


@pytest.mark.parametrize(
    "state", [s for s in State if s not in {State.RELEASED, State.ROTATION_DUE}]
)
def test_what_waits_for_nothing_stays_where_it_is(state: State) -> None:
    settled = request(**(RELEASED | {"state": state}))
    assert rotate(settled, rotated_by()) == (settled, [])


# --- reviews ---


def reviewed(group: GroupName, reviewer: str, *, rotated: bool = True, **changes: Any) -> Any:
    due = request(**({"state": State.REVIEW_DUE} | changes))
    return review(due, roster=roster(), group=group, reviewer=reviewer, rotated=rotated)


@pytest.mark.parametrize(
    ("there", "group", "reviewer", "state"),
    [
        (frozenset(), P, "ann", State.REVIEW_DUE),
        (frozenset(), M, "eli", State.REVIEW_DUE),
        (frozenset({M}), P, "ann", State.CLOSED),
        (frozenset({P}), M, "eli", State.CLOSED),
    ],
)
def test_one_review_of_each_group_closes(
    there: frozenset[GroupName], group: GroupName, reviewer: str, state: State
) -> None:
    after = reviewed(group, reviewer, reviewed=there, reviewers=frozenset({"fay"}))
    both = frozenset({"fay", reviewer})
    assert after == request(state=state, reviewed=there | {group}, reviewers=both)


@pytest.mark.parametrize("there", [frozenset[GroupName](), frozenset({M})])
def test_not_rotated_leads_back_and_empties_the_round(there: frozenset[GroupName]) -> None:
    after = reviewed(P, "ann", rotated=False, reviewed=there, reviewers=frozenset({"eli"}))
    assert after == request(state=State.ROTATION_DUE, reviewed=frozenset())


@pytest.mark.parametrize(
    ("changes", "group", "reviewer", "code"),
    [
        ({"requester": "ann"}, P, "ann", "self-approval"),
        ({}, P, "gus", "self-approval"),
        ({}, P, "eli", "wrong-group"),
        ({}, M, "ann", "wrong-group"),
        ({}, P, "sam", "not-in-roster"),
        ({}, M, "eve", "not-in-roster"),
        ({"reviewed": frozenset({P})}, P, "ann", "already-confirmed"),
        ({"reviewed": frozenset({P})}, P, "bob", "already-confirmed"),
        # an older roster had them in the other group: one person is not two groups
        (
            {"reviewed": frozenset({M}), "reviewers": frozenset({"ann"})},
            P,
            "ann",
            "already-confirmed",
        ),
        *[
            ({"state": state}, P, "ann", "expired" if state is State.EXPIRED else "wrong-state")
            for state in State
            if state is not State.REVIEW_DUE
        ],
    ],
)
@pytest.mark.parametrize("rotated", [False, True])
def test_which_reviews_are_refused(
    changes: dict[str, Any], group: GroupName, reviewer: str, code: str, rotated: bool
) -> None:
    with pytest.raises(errors.Refusal) as refused:
        reviewed(group, reviewer, rotated=rotated, **changes)
    assert refused.value.code == code


def test_the_newest_roster_says_who_reviews() -> None:
    newer = next_roster(roster(), password=("bob", "cem", "nell"))
    due = request(state=State.REVIEW_DUE)
    assert review(due, roster=newer, group=P, reviewer="nell", rotated=True).reviewed == {P}
    with pytest.raises(errors.NotInRosterError):
        review(due, roster=newer, group=P, reviewer="ann", rotated=True)
