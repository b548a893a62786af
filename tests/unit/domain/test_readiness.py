"""Who is what in an account, and what waits for whom."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.able import Sealed
from service.domain.case import Case
from service.domain.credential import EnvelopeState
from service.domain.exposed import Cause
from service.domain.readiness import UNFINISHED, Act, Draft, Situation, duties, roles
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
    decision,
    envelope,
    group_of,
    next_envelope,
    next_roster,
    request,
    roster,
)

ROSTER = roster()
RECEIPTS = frozenset((group_of(person), person) for person in CUSTODIANS)
SEALED = envelope(ROSTER, receipts=RECEIPTS)
FIRST_KEYS = {person: f"{person}/1" for person in (*EVERYBODY, "eve", "olga")}


def anew(*people: str) -> dict[str, str]:
    """What everyone enrolled last, these people other keys than the first roster names."""
    return FIRST_KEYS | {person: f"{person}/2" for person in people}


def situation(person: str, *unfinished: Request, **changes: Any) -> Situation:
    """An account in which nothing waits for anyone, but what a test adds.

    ``newest`` alone is the envelope in question too; ``named`` is the one that requests name.
    """
    named = changes.pop("named", SEALED)
    if "newest" in changes and "sealed" not in changes:
        newest = changes["newest"]
        changes["sealed"] = newest and Sealed(envelope=newest, roster=ROSTER)
    quiet = Situation(
        account=ACCOUNT,
        person=person,
        operator=False,
        roster=ROSTER,
        draft=None,
        newest=SEALED,
        sealed=Sealed(envelope=SEALED, roster=ROSTER),
        exposed=None,
        unfinished=tuple(
            Case(request=one, roster=ROSTER, envelope=named, envelope_roster=ROSTER)
            for one in unfinished
        ),
        enrolled=FIRST_KEYS,
    )
    return replace(quiet, **changes)


def acts(person: str, *unfinished: Request, **changes: Any) -> list[Act]:
    return [duty.act for duty in duties(situation(person, *unfinished, **changes))]


def released(**changes: Any) -> Request:
    return request(state=State.RELEASED, released_at=START, **changes)


PENDING = request(decisions=approvals("ann"))
APPROVED = request(state=State.APPROVED, decisions=approvals("ann", "bob", "dea", "eli"))
DUE = request(state=State.ROTATION_DUE)
SAID = request(state=State.ROTATION_DUE, summarised=True)
REVIEW = request(state=State.REVIEW_DUE, reviewed=frozenset({P}))
TAKEN_BACK = request(decisions=(decision("ann"), decision("ann", seq=11, approves=False)))


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
        ("ann", {"newest": envelope(ROSTER), "roster": next_roster(ROSTER)}, []),
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


UNCONFIRMED = envelope(ROSTER, state=EnvelopeState.UNCONFIRMED)
HALF = envelope(ROSTER, receipts=frozenset({(P, "bob"), (P, "cem"), (M, "eli"), (M, "fay")}))
IN_USE = released()


@pytest.mark.parametrize(
    ("person", "one", "changes"),
    [
        ("bob", PENDING, {}),
        ("gus", APPROVED, {}),
        ("gus", IN_USE, {}),
        ("gus", DUE, {}),
        ("sam", DUE, {}),
        ("dea", REVIEW, {}),
        ("ann", None, {"newest": UNCONFIRMED}),
        ("sam", None, {"newest": None}),
    ],
)
def test_nobody_is_asked_for_what_their_new_keys_cannot_do(
    person: str, one: Request | None, changes: dict[str, Any]
) -> None:
    asked = [] if one is None else [one]
    assert acts(person, *asked, **changes)
    assert acts(person, *asked, **changes, enrolled=anew(person)) == []


def test_who_can_only_deny_is_not_asked_to_approve() -> None:
    """After a new roster no receipt is taken for the older envelope."""
    assert acts("ann", PENDING, named=HALF) == []  # she has approved
    bob, cleo = replace(PENDING, decisions=()), next_roster(ROSTER)
    assert Act.DECIDE in acts("ann", bob, named=HALF)  # approving signs her receipt too
    assert Act.DECIDE not in acts("ann", bob, named=HALF, roster=cleo)
    assert Act.DECIDE in acts("bob", bob, named=HALF, roster=cleo)


def test_who_reviewed_for_the_other_group_is_not_asked_to_review_again() -> None:
    assert acts("dea", replace(REVIEW, reviewers=frozenset({"dea"}))) == []
    assert acts("eli", replace(REVIEW, reviewers=frozenset({"dea"}))) == [Act.REVIEW]


@pytest.mark.parametrize("cause", list(Cause))
def test_every_exposed_envelope_is_a_sealers_task_and_says_how_it_was_exposed(cause: Any) -> None:
    exposed = replace(SEALED, state=EnvelopeState.EXPOSED)
    [duty] = duties(situation("sam", newest=exposed, exposed=cause))
    assert (duty.act, duty.because) == (Act.SEAL, cause)
    assert acts("ann", newest=exposed, exposed=cause) == []


def test_one_is_asked_to_seal_once_and_not_while_the_password_is_in_use() -> None:
    seen = replace(SEALED, state=EnvelopeState.EXPOSED)
    assert acts("sam", DUE, newest=seen, exposed=Cause.RELEASED) == [Act.SEAL]
    assert acts("sam", IN_USE, newest=seen, exposed=Cause.RELEASED) == []
    newer = next_envelope(SEALED, state=EnvelopeState.UNCONFIRMED)
    waits = {"sealed": Sealed(envelope=seen, roster=ROSTER), "newest": newer}
    assert acts("sam", exposed=Cause.RELEASED, **waits) == []
    assert acts("ann", exposed=Cause.RELEASED, **waits) == [Act.CONFIRM]


RENEWED = next_roster(ROSTER, keys={"ann": "2"})


def test_new_keys_are_the_operators_task_and_then_the_sealers() -> None:
    lost = {"enrolled": anew("ann")}
    assert acts("olga", operator=True, **lost) == [Act.DRAFT]
    assert acts("sam", **lost) == []  # sealing again would be to her old keys
    assert acts("olga", operator=True, draft=Draft(version=2, awaited=frozenset()), **lost) == []
    [sealing] = duties(situation("sam", roster=RENEWED, **lost))
    assert (sealing.act, sealing.changed) == (Act.SEAL, True)
    assert acts("olga", operator=True, roster=RENEWED, **lost) == []
    again = envelope(RENEWED, "manifest-2", receipts=RECEIPTS)
    done = {"newest": again, "sealed": Sealed(envelope=again, roster=RENEWED)}
    assert acts("sam", roster=RENEWED, **done, **lost) == []


@pytest.mark.parametrize(
    ("changed", "drafts"),
    [(("ann", "dea"), True), (("ann", "bob"), False), (("gus",), True), ((), False)],
)
def test_a_roster_is_drafted_only_where_enough_are_left_to_sign_it(
    changed: tuple[str, ...], drafts: bool
) -> None:
    found = acts("olga", operator=True, enrolled=anew(*changed))
    assert found == ([Act.DRAFT] if drafts else [])


def test_a_roster_that_would_strand_the_envelope_is_not_asked_for() -> None:
    two = envelope(ROSTER, receipts=RECEIPTS - {(P, "cem")})
    sealed = Sealed(envelope=two, roster=ROSTER)
    found = acts("olga", operator=True, newest=two, sealed=sealed, enrolled=anew("ann"))
    assert found == []


def test_who_left_with_a_share_is_a_reason_to_seal_again() -> None:
    left = next_roster(ROSTER, mfa=("dea", "eli"))
    assert acts("sam", roster=left) == [Act.SEAL]
    joined = next_roster(ROSTER, mfa=("dea", "eli", "fay", "dora"))
    assert acts("sam", roster=joined, enrolled=FIRST_KEYS | {"dora": "dora/1"}) == []
