"""What waits for whom after keys were lost or a password exposed, and what waits for no one."""

from dataclasses import replace
from typing import Any

import pytest

from service.domain.able import Sealed
from service.domain.credential import EnvelopeState
from service.domain.exposed import Cause
from service.domain.readiness import Act, Draft, duties
from service.domain.request import Request
from tests.unit.domain.builders import (
    M,
    P,
    envelope,
    next_envelope,
    next_roster,
)
from tests.unit.domain.situations import (
    APPROVED,
    DUE,
    FIRST_KEYS,
    PENDING,
    RECEIPTS,
    REVIEW,
    ROSTER,
    SEALED,
    SIGNS_IN_ELSEWHERE,
    acts,
    anew,
    released,
    situation,
)

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
    """After a roster for which one seals again no receipt is taken for the older envelope."""
    assert acts("ann", PENDING, named=HALF) == []  # she has approved
    bob = replace(PENDING, decisions=())
    assert Act.DECIDE in acts("ann", bob, named=HALF)  # approving signs her receipt too
    assert Act.DECIDE not in acts("ann", bob, named=HALF, roster=SIGNS_IN_ELSEWHERE)
    assert Act.DECIDE in acts("bob", bob, named=HALF, roster=SIGNS_IN_ELSEWHERE)


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
    ("changed", "expected"),
    [
        (("ann", "dea"), [Act.DRAFT]),
        (("gus",), [Act.DRAFT]),
        ((), []),
        (("ann", "bob"), [Act.REGISTER]),
        (("dea", "eli", "fay"), [Act.REGISTER]),
    ],
)
def test_a_roster_is_drafted_where_enough_are_left_to_sign_it_else_a_line_registered(
    changed: tuple[str, ...], expected: list[Act]
) -> None:
    enrolled = anew(*changed)
    assert acts("olga", operator=True, enrolled=enrolled) == expected
    assert acts("ann", enrolled=enrolled) == acts("sam", enrolled=enrolled) == []
    later = acts("olga", operator=True, enrolled=enrolled, later=True)
    assert later == [act for act in expected if act is not Act.REGISTER]


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
