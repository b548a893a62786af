"""An account in which nothing waits for anyone, for tests of what does."""

from dataclasses import replace
from typing import Any

from service.domain.able import Sealed
from service.domain.case import Case
from service.domain.readiness import Act, Situation, duties
from service.domain.request import Request, State
from tests.cast import ACCOUNT, CUSTODIANS
from tests.unit.domain.builders import (
    EVERYBODY,
    START,
    P,
    approvals,
    decision,
    envelope,
    group_of,
    next_roster,
    request,
    roster,
)

ROSTER = roster()
SIGNS_IN_ELSEWHERE = next_roster(ROSTER, root_email="root@elsewhere.example")
RECEIPTS = frozenset((group_of(person), person) for person in CUSTODIANS)
SEALED = envelope(ROSTER, receipts=RECEIPTS)
FIRST_KEYS = {person: f"{person}/1" for person in (*EVERYBODY, "eve", "olga")}


def anew(*people: str) -> dict[str, str]:
    """What everyone enrolled last, these people other keys than the first roster names."""
    return FIRST_KEYS | {person: f"{person}/2" for person in people}


def situation(person: str, *unfinished: Request, **changes: Any) -> Situation:
    """An account in which nothing waits for anyone, but what a test adds.

    ``newest`` alone is the envelope in question too, sealed ``under`` a roster; ``named`` is the
    one that requests name.
    """
    named, under = changes.pop("named", SEALED), changes.pop("under", ROSTER)
    if "newest" in changes:
        newest = changes["newest"]
        changes["newest"] = newest and Sealed(envelope=newest, roster=under)
        changes.setdefault("sealed", newest and Sealed(envelope=newest, roster=ROSTER))
    quiet = Situation(
        account=ACCOUNT,
        person=person,
        operator=False,
        roster=ROSTER,
        draft=None,
        newest=Sealed(envelope=SEALED, roster=ROSTER),
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
