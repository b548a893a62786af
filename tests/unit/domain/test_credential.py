"""An envelope's life, walked along every edge, and who may put one in force."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import errors
from service.domain.credential import (
    IN_FORCE,
    TRANSITIONS,
    Envelope,
    EnvelopeState,
    Share,
    Step,
    confirm,
    confirmed,
    event,
    expose,
    exposed_by_union,
    supersede,
)
from service.domain.events import SERVICE, Action
from service.domain.people import GroupName
from tests.cast import ACCOUNT, CUSTODIANS
from tests.unit.domain.builders import M, P, envelope, group_of, manifest_payload, roster

EDGES = {
    (EnvelopeState.UNCONFIRMED, Step.CONFIRM): EnvelopeState.READY,
    (EnvelopeState.READY, Step.EXPOSE): EnvelopeState.EXPOSED,
    (EnvelopeState.UNCONFIRMED, Step.SUPERSEDE): EnvelopeState.SUPERSEDED,
    (EnvelopeState.READY, Step.SUPERSEDE): EnvelopeState.SUPERSEDED,
    (EnvelopeState.EXPOSED, Step.SUPERSEDE): EnvelopeState.SUPERSEDED,
}
Receipts = frozenset[tuple[GroupName, str]]


def of(people: str) -> Receipts:
    """One receipt, or one approval, of each."""
    return frozenset((group_of(person), person) for person in people.split())


def new(people: str = "", **changes: Any) -> Envelope:
    """An unconfirmed envelope with the receipts of these people."""
    fields = {"state": EnvelopeState.UNCONFIRMED, "receipts": of(people)}
    return envelope(**(fields | changes))


@pytest.mark.parametrize("state", EnvelopeState)
@pytest.mark.parametrize("step", Step)
def test_every_step_from_every_state_leads_along_an_edge_or_nowhere(
    state: EnvelopeState, step: Step
) -> None:
    before = envelope(state=state)
    if (state, step) in EDGES:
        assert before.after(step) is EDGES[state, step]
        return
    with pytest.raises(errors.WrongStateError, match=f"the envelope is {state.value}"):
        before.after(step)


def test_superseded_is_final_and_reached_from_everywhere() -> None:
    assert EDGES == TRANSITIONS
    last = EnvelopeState.SUPERSEDED
    assert last not in {state for state, _ in TRANSITIONS}
    assert {state for state, step in TRANSITIONS if step is Step.SUPERSEDE} == set(
        EnvelopeState
    ) - {last}
    assert {EnvelopeState.READY, EnvelopeState.EXPOSED} == IN_FORCE


def test_an_envelope_says_what_was_signed() -> None:
    under = roster()
    payload = manifest_payload(under, after_requests=["a", "b"], cause="rotation", version=7)
    made = Envelope.from_payload(payload, "digest")
    names = payload.keys() - {"envelope", "after_requests", "shares"}
    assert {name: getattr(made, name) for name in names} == {n: payload[n] for n in names}
    assert (made.id, made.digest, made.after_requests) == ("envelope-1", "digest", ("a", "b"))
    assert (made.state, made.receipts) == (EnvelopeState.UNCONFIRMED, frozenset())
    assert (made.seq, made.revision) == (-1, 0)
    assert made.shares[0] == Share(
        group=P,
        custodian="ann",
        commitment="commitment of ann",
        sealed_share_digest="share of ann",
    )
    assert made.holders == of(" ".join(CUSTODIANS))
    assert made.share_of("eli") == made.shares[4]
    assert made.share_of("eve") is None


@pytest.mark.parametrize(
    ("there", "who", "ready"),
    [
        ("", "ann", False),
        ("ann bob", "cem", False),
        ("ann bob", "eli", False),
        ("ann dea", "eli", False),
        ("ann bob cem eli", "dea", True),
        ("ann bob dea", "eli", True),
        ("ann dea eli", "bob", True),
    ],
)
def test_threshold_of_each_group_makes_ready(there: str, who: str, ready: bool) -> None:
    before = new(there)
    after = confirm(before, roster=roster(), newest=roster(), group=group_of(who), custodian=who)
    state = EnvelopeState.READY if ready else EnvelopeState.UNCONFIRMED
    assert after == replace(before, receipts=before.receipts | of(who), state=state)


@pytest.mark.parametrize("state", sorted(IN_FORCE))
def test_a_later_receipt_makes_a_spare_and_changes_no_state(state: EnvelopeState) -> None:
    before = envelope(state=state, receipts=of("ann bob dea eli"))
    after = confirm(before, roster=roster(), newest=roster(), group=P, custodian="cem")
    assert after == replace(before, receipts=of("ann bob cem dea eli"))


@pytest.mark.parametrize(
    ("changes", "group", "who", "refusal"),
    [
        ({"state": EnvelopeState.SUPERSEDED}, P, "bob", errors.WrongStateError),
        ({}, P, "eve", errors.NotInRosterError),
        ({}, P, "gus", errors.NotInRosterError),
        ({}, M, "bob", errors.WrongGroupError),
        ({}, P, "eli", errors.WrongGroupError),
        ({}, P, "ann", errors.AlreadyConfirmedError),
    ],
)
def test_which_receipts_are_refused(
    changes: dict[str, Any], group: GroupName, who: str, refusal: type[errors.Refusal]
) -> None:
    with pytest.raises(refusal):
        confirm(new("ann", **changes), roster=roster(), newest=roster(), group=group, custodian=who)


@pytest.mark.parametrize(
    ("thresholds", "receipts", "ready"),
    [
        ((2, 2), "", False),
        ((2, 2), "ann bob cem", False),
        ((2, 2), "dea eli fay", False),
        ((2, 2), "ann dea eli fay", False),
        ((2, 2), "ann bob cem dea", False),
        ((2, 2), "ann bob dea eli", True),
        ((2, 2), "ann bob cem dea eli", True),
        ((2, 2), "ann bob dea eli fay", True),
        ((2, 2), "ann bob cem dea eli fay", True),
        ((1, 1), "ann dea", True),
        ((1, 1), "ann bob dea eli", True),
        # each group by its own threshold
        ((1, 3), "ann bob dea eli fay", True),
        ((1, 3), "ann bob cem dea eli", False),
        ((3, 1), "ann bob cem dea eli", True),
        ((3, 3), "ann bob cem dea eli fay", True),
        ((3, 3), "ann bob dea eli fay", False),
    ],
)
def test_when_an_envelope_is_confirmed(
    thresholds: tuple[int, int], receipts: str, ready: bool
) -> None:
    under = roster(thresholds=thresholds)
    assert confirmed(new(receipts), under) is ready


@given(st.permutations(CUSTODIANS), st.tuples(st.integers(1, 3), st.integers(1, 3)))
def test_in_whatever_order_receipts_come_the_first_that_suffices_makes_ready(
    order: list[str], thresholds: tuple[int, int]
) -> None:
    under = roster(thresholds=thresholds)
    sealed = new()
    for place, who in enumerate(order, start=1):
        sealed = confirm(sealed, roster=under, newest=under, group=group_of(who), custodian=who)
        there = [group_of(person) for person in order[:place]]
        enough = there.count(P) >= thresholds[0] and there.count(M) >= thresholds[1]
        assert (sealed.state is EnvelopeState.READY) == enough


def test_what_is_ready_is_exposed_once() -> None:
    after, events = expose(envelope(), why="released")
    assert after == replace(envelope(), state=EnvelopeState.EXPOSED)
    [said] = events
    assert (said.action, said.actor, said.subject) == (Action.ENVELOPE_EXPOSED, SERVICE, ACCOUNT)
    assert said.details == {
        "envelope": "envelope-1",
        "manifest": "manifest-1",
        "version": 1,
        "state": "exposed",
        "why": "released",
    }


@pytest.mark.parametrize("state", [s for s in EnvelopeState if s is not EnvelopeState.READY])
def test_exposing_anything_else_changes_and_says_nothing(state: EnvelopeState) -> None:
    before = envelope(state=state)
    assert expose(before, why="released") == (before, [])


@pytest.mark.parametrize("state", [s for s in EnvelopeState if s is not EnvelopeState.SUPERSEDED])
def test_a_newer_envelope_supersedes_once(state: EnvelopeState) -> None:
    after, [said] = supersede(envelope(state=state))
    assert after == envelope(state=EnvelopeState.SUPERSEDED)
    assert said == event(Action.ENVELOPE_SUPERSEDED, after)
    assert said.details["state"] == "superseded"
    with pytest.raises(errors.WrongStateError):
        supersede(after)


def test_an_event_carries_its_actor_and_statement() -> None:
    said = event(Action.ENVELOPE_SEALED, envelope(), actor="sam", statement=b"signed", group="mfa")
    assert (said.actor, said.statement, said.request) == ("sam", b"signed", "")
    assert said.details["group"] == "mfa"
    assert event(Action.ENVELOPE_READY, envelope()).statement == b""


@pytest.mark.parametrize(
    ("thresholds", "approvers", "exposed"),
    [
        ((2, 2), "", False),
        ((2, 2), "ann bob cem dea", False),
        ((2, 2), "ann dea eli fay", False),
        ((2, 2), "ann bob dea eli", True),
        ((2, 2), "ann bob cem dea eli fay", True),
        ((1, 3), "ann dea eli fay", True),
        ((1, 3), "ann bob cem dea eli", False),
        ((3, 1), "ann bob dea", False),
    ],
)
def test_approvals_over_ended_requests_expose_what_they_could_open(
    thresholds: tuple[int, int], approvers: str, exposed: bool
) -> None:
    assert exposed_by_union(roster(thresholds=thresholds), of(approvers)) is exposed


def test_one_person_over_many_requests_is_one_share() -> None:
    assert not exposed_by_union(roster(), [(P, "ann"), (P, "ann"), (M, "dea"), (M, "eli")])


def test_whatever_opens_an_envelope_counts_as_having_opened_it() -> None:
    for count in range(len(CUSTODIANS) + 1):
        for people in combinations(CUSTODIANS, count):
            approvers = of(" ".join(people))
            opens = all(sum(g is name for g, _ in approvers) >= 2 for name in GroupName)
            assert exposed_by_union(roster(), approvers) is opens
