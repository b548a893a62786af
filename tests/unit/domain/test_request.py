"""A request's life, walked along every edge of its two graphs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain import errors
from service.domain.people import GroupName
from service.domain.request import (
    AWAITING_ROTATION,
    COLLECTING,
    DRILL_TRANSITIONS,
    FINAL,
    TRANSITIONS,
    Request,
    State,
    Step,
    wrong_state,
)
from tests.cast import ACCOUNT
from tests.unit.domain.builders import LIFETIME, START, WINDOW, request, request_payload

Table = Mapping[tuple[State, Step], State]

ENDS = [
    (State.PENDING, Step.DENY, State.DENIED),
    (State.PENDING, Step.CANCEL, State.CANCELLED),
    (State.PENDING, Step.EXPIRE, State.EXPIRED),
    (State.APPROVED, Step.DENY, State.DENIED),
    (State.APPROVED, Step.CANCEL, State.CANCELLED),
    (State.APPROVED, Step.EXPIRE, State.EXPIRED),
]
COLLECT = [
    (State.PENDING, Step.MEET_QUORUM, State.APPROVED),
    (State.APPROVED, Step.LOSE_QUORUM, State.PENDING),
    (State.APPROVED, Step.RELEASE, State.RELEASED),
    *ENDS,
]
EDGES = {
    False: [
        *COLLECT,
        (State.RELEASED, Step.END_USE, State.ROTATION_DUE),
        (State.ROTATION_DUE, Step.ROTATE, State.REVIEW_DUE),
        (State.REVIEW_DUE, Step.NOT_ROTATED, State.ROTATION_DUE),
        (State.REVIEW_DUE, Step.CLOSE, State.CLOSED),
    ],
    True: [*COLLECT, (State.RELEASED, Step.CLOSE, State.CLOSED)],
}
GRAPHS: list[tuple[bool, Table]] = [(False, TRANSITIONS), (True, DRILL_TRANSITIONS)]


def reached_from(
    table: Table, start: State, *, without: frozenset[State] = frozenset()
) -> set[State]:
    """Every state to which a walk leads that does not pass through ``without``."""
    found, open_ = {start}, [start]
    while open_:
        here = open_.pop()
        for (state, _), after in table.items():
            if state is here and after not in found | without:
                found.add(after)
                open_.append(after)
    return found


@pytest.mark.parametrize(("drill", "table"), GRAPHS)
def test_the_graph_is_the_one_that_the_protocol_draws(drill: bool, table: Table) -> None:
    assert {(*edge, after) for edge, after in table.items()} == set(EDGES[drill])


@pytest.mark.parametrize("drill", [False, True])
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_every_step_from_every_state_leads_along_an_edge_or_nowhere(
    drill: bool, state: State, step: Step
) -> None:
    before = request(state=state, drill=drill)
    after = {(s, t): a for s, t, a in EDGES[drill]}.get((state, step))
    if after is not None:
        assert before.moved(step) == replace(before, state=after)
        return
    with pytest.raises(errors.Refusal) as refused:
        before.moved(step)
    assert refused.value.code == ("expired" if state is State.EXPIRED else "wrong-state")


@pytest.mark.parametrize(("drill", "table"), GRAPHS)
def test_final_states_are_never_left_and_every_walk_can_end(drill: bool, table: Table) -> None:
    for state in FINAL:
        assert reached_from(table, state) == {state}
    for state in reached_from(table, State.PENDING):
        assert reached_from(table, state) & FINAL


def test_every_state_is_reached_and_a_drill_owes_nothing() -> None:
    assert reached_from(TRANSITIONS, State.PENDING) == set(State)
    owed = {State.ROTATION_DUE, State.REVIEW_DUE}
    assert reached_from(DRILL_TRANSITIONS, State.PENDING) == set(State) - owed


@pytest.mark.parametrize("past", [State.ROTATION_DUE, State.REVIEW_DUE])
def test_what_was_released_ends_closed_and_only_through_rotation_and_review(past: State) -> None:
    assert reached_from(TRANSITIONS, State.RELEASED) & FINAL == {State.CLOSED}
    around = reached_from(TRANSITIONS, State.RELEASED, without=frozenset({past}))
    assert not around & FINAL


@pytest.mark.parametrize(("drill", "table"), GRAPHS)
def test_nothing_is_released_but_out_of_approved(drill: bool, table: Table) -> None:
    around = reached_from(table, State.PENDING, without=frozenset({State.APPROVED}))
    assert around & {State.RELEASED, State.ROTATION_DUE, State.REVIEW_DUE, State.CLOSED} == set()
    assert {s for (s, _), after in table.items() if after is State.RELEASED} == {State.APPROVED}


def test_a_drill_that_is_released_closes_at_once() -> None:
    after = {step: state for (s, step), state in DRILL_TRANSITIONS.items() if s is State.RELEASED}
    assert after == {Step.CLOSE: State.CLOSED}


def test_the_sets_of_states_are_what_their_names_say() -> None:
    assert {State.PENDING, State.APPROVED} == COLLECTING
    assert {State.RELEASED, State.ROTATION_DUE} == AWAITING_ROTATION
    assert {s for s in State if not any(s is f for f, _ in TRANSITIONS)} == FINAL


@pytest.mark.parametrize(
    ("state", "step", "kept"),
    [
        (State.ROTATION_DUE, Step.ROTATE, False),
        (State.REVIEW_DUE, Step.NOT_ROTATED, False),
        (State.REVIEW_DUE, Step.CLOSE, True),
    ],
)
def test_a_round_of_reviews_starts_empty(state: State, step: Step, kept: bool) -> None:
    reviewed = frozenset({GroupName.MFA})
    reviewers = frozenset({"eli"})
    after = request(state=state, reviewed=reviewed, reviewers=reviewers).moved(step)
    assert after.reviewed == (reviewed if kept else frozenset())
    assert after.reviewers == (reviewers if kept else frozenset())


def test_lifetime_and_window_end_at_these_instants() -> None:
    assert request().expires_at == START + timedelta(seconds=LIFETIME)
    assert request().window_ends_at is None
    released = START + timedelta(minutes=7)
    assert request(released_at=released).window_ends_at == released + timedelta(seconds=WINDOW)


@pytest.mark.parametrize("flag", ["drill", "offline"])
def test_a_request_says_what_was_signed(flag: str) -> None:
    payload = request_payload(
        task="other", task_text="words", lifetime=60, window=30, **{flag: True}
    )
    made = Request.from_payload(payload, "digest", recipient_key=b"key", entered_at=START)
    assert {name: getattr(made, name) for name in payload if name != "request"} == {
        name: value for name, value in payload.items() if name != "request"
    }
    assert (made.id, made.digest, made.account) == ("request-1", "digest", ACCOUNT)
    assert (made.recipient_key, made.entered_at) == (b"key", START)
    assert (made.state, made.released_at, made.due_seq) == (State.PENDING, None, -1)
    assert (made.summarised, made.reviewed, made.decisions) == (False, frozenset(), ())
    assert (made.reviewers, made.revision) == (frozenset(), 0)


def test_a_refusal_says_in_which_state_the_request_is() -> None:
    assert wrong_state(request(state=State.ROTATION_DUE)).message == "the request is rotation due"
    assert wrong_state(request(state=State.EXPIRED)).code == "expired"
