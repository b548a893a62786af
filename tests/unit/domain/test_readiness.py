"""Who is what in an account, and what waits for whom."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.credential import EnvelopeState
from service.domain.readiness import UNFINISHED, Act, Draft, duties, roles
from service.domain.request import Request, State
from tests.cast import ACCOUNT, CUSTODIANS
from tests.unit.domain.builders import (
    EVERYBODY,
    LIFETIME,
    START,
    WINDOW,
    M,
    P,
    approvals,
    envelope,
    request,
    roster,
)
from tests.unit.domain.situations import (
    APPROVED,
    DUE,
    PENDING,
    REVIEW,
    ROSTER,
    SAID,
    SIGNS_IN_ELSEWHERE,
    TAKEN_BACK,
    acts,
    released,
    situation,
)


@pytest.mark.parametrize(
    ("one", "waits"),
    [
        (PENDING, {Act.DECIDE: {"bob", "cem", "dea", "eli", "fay"}}),
        (TAKEN_BACK, {Act.DECIDE: {"bob", "cem", "dea", "eli", "fay"}}),
        (APPROVED, {Act.DECIDE: {"cem", "fay"}, Act.RELEASE: {"gus"}}),
        (released(), {Act.FETCH: {"gus"}}),
        (DUE, {Act.CLOSE: {"gus"}, Act.SEAL: {"sam"}}),
        (SAID, {Act.SEAL: {"sam"}}),
        (REVIEW, {Act.REVIEW: {"dea", "eli", "fay"}}),
    ],
)
def test_a_request_waits_for_those_whose_turn_it_is(one: Request, waits: dict[Act, Any]) -> None:
    found = {
        act: {person for person in (*EVERYBODY, "eve") if act in acts(person, one)} for act in Act
    }
    assert {act: people for act, people in found.items() if people} == waits


@pytest.mark.parametrize("state", sorted(set(State) - UNFINISHED))
def test_what_is_finished_waits_for_nobody(state: State) -> None:
    assert [acts(person, request(state=state)) for person in EVERYBODY] == [[]] * len(EVERYBODY)


def test_without_a_roster_only_the_requester_has_a_part() -> None:
    assert acts("ann", PENDING, roster=None) == []
    assert acts("gus", APPROVED, roster=None) == [Act.RELEASE]
    assert acts("sam", DUE, roster=None) == []


def test_who_seals_and_asked_closes_before_sealing() -> None:
    under = roster(requesters=["sam"], sealers=["sam"])
    asked = replace(DUE, requester="sam")
    assert acts("sam", asked, roster=under) == [Act.CLOSE, Act.SEAL]


@pytest.mark.parametrize(
    ("person", "changes", "expected"),
    [
        ("sam", {"newest": None}, [Act.SEAL]),
        ("ann", {"newest": None}, []),
        ("sam", {"newest": None, "roster": None}, []),
        ("ann", {}, []),
        ("ann", {"newest": envelope(ROSTER)}, [Act.CONFIRM]),
        ("ann", {"newest": envelope(ROSTER, receipts=frozenset({(M, "ann")}))}, [Act.CONFIRM]),
        ("sam", {"newest": envelope(ROSTER)}, []),
        ("ann", {"newest": envelope(ROSTER), "roster": None}, []),
        ("ann", {"newest": envelope(ROSTER), "roster": SIGNS_IN_ELSEWHERE}, []),
        ("ann", {"newest": envelope(ROSTER, state=EnvelopeState.SUPERSEDED)}, []),
        ("ann", {"newest": envelope(ROSTER, state=EnvelopeState.EXPOSED)}, [Act.CONFIRM]),
    ],
)
def test_an_envelope_waits_for_a_sealer_and_for_receipts(
    person: str, changes: dict[str, Any], expected: list[Act]
) -> None:
    assert acts(person, **changes) == expected


AWAITS = Draft(version=2, awaited=frozenset({"ann"}))


@pytest.mark.parametrize(
    ("person", "changes", "expected"),
    [
        ("ann", {"draft": AWAITS}, [Act.SIGN]),
        ("ann", {"draft": AWAITS, "roster": None, "newest": None}, [Act.SIGN]),
        ("bob", {"draft": AWAITS}, []),
        ("olga", {"operator": True, "roster": None}, [Act.DRAFT]),
        ("olga", {"operator": True}, []),
        ("olga", {"operator": True, "roster": None, "draft": AWAITS}, []),
        ("eve", {"roster": None}, []),
    ],
)
def test_a_draft_waits_for_its_signers_and_an_account_without_roster_for_an_operator(
    person: str, changes: dict[str, Any], expected: list[Act]
) -> None:
    assert acts(person, **changes) == expected


def test_requests_come_first_then_the_envelope_then_the_roster() -> None:
    open_ = (request(), replace(REVIEW, id="request-2", reviewed=frozenset()))
    found = duties(situation("ann", *open_, newest=envelope(ROSTER), draft=AWAITS))
    assert [duty.act for duty in found] == [Act.DECIDE, Act.REVIEW, Act.CONFIRM, Act.SIGN]
    assert [duty.request and duty.request.id for duty in found] == [
        "request-1",
        "request-2",
        None,
        None,
    ]
    assert [duty.version for duty in found] == [0, 0, 1, 2]
    assert {(duty.account, duty.name, duty.group) for duty in found} == {(ACCOUNT, "payments", P)}
    assert [duty.requester for duty in found] == ["Gus", "Gus", "", ""]


def test_an_account_without_roster_is_called_by_its_id() -> None:
    [duty] = duties(situation("olga", operator=True, roster=None))
    assert (duty.name, duty.group) == (ACCOUNT, None)


@pytest.mark.parametrize(
    ("person", "one", "due"),
    [
        ("cem", APPROVED, START + timedelta(seconds=LIFETIME)),
        ("gus", released(), START + timedelta(seconds=WINDOW)),
        ("sam", DUE, None),
        ("sam", replace(DUE, released_at=START), None),
    ],
)
def test_it_is_too_late_when_the_request_or_its_window_ends(
    person: str, one: Request, due: datetime | None
) -> None:
    assert [duty.due_at for duty in duties(situation(person, one))] == [due]


def test_what_is_about_no_request_is_never_too_late() -> None:
    [duty] = duties(situation("sam", newest=None))
    assert duty.due_at is None


@given(
    person=st.sampled_from([*EVERYBODY, "eve"]),
    state=st.sampled_from(sorted(UNFINISHED)),
    drill=st.booleans(),
    approved=st.sets(st.sampled_from(CUSTODIANS)),
)
def test_nobody_is_asked_for_what_their_part_does_not_let_them(
    person: str, state: State, drill: bool, approved: set[str]
) -> None:
    one = request(
        state=state, drill=drill, released_at=START, decisions=approvals(*sorted(approved))
    )
    found = acts(person, one)
    if Act.DECIDE in found or Act.REVIEW in found:
        assert person in CUSTODIANS
    if Act.DECIDE in found:
        assert person not in approved
    if found and person not in CUSTODIANS:
        assert person in {"gus", "sam"}


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("ann", ["custodian:password"]),
        ("eli", ["custodian:mfa"]),
        ("gus", ["requester", "sealer"]),
        ("sam", ["sealer"]),
        ("eve", []),
    ],
)
def test_parts_are_what_the_roster_says(person: str, expected: list[str]) -> None:
    under = roster(sealers=["gus", "sam"])
    assert roles(under, person, operator=False, auditor=False) == expected
    assert roles(None, person, operator=False, auditor=False) == []


def test_the_services_own_roles_come_first() -> None:
    assert roles(None, "olga", operator=True, auditor=True) == ["operator", "auditor"]
    assert roles(ROSTER, "sam", operator=True, auditor=False) == ["operator", "sealer"]
