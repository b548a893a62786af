"""Who can act: one rule, tried by tables and against the count of real approvals."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.able import (
    Sealed,
    Standing,
    able,
    may_approve,
    not_proven,
    readiness,
    replaced,
    signs,
    standing,
)
from service.domain.case import Case
from service.domain.roster import Roster
from tests.cast import CUSTODIANS, MFA, PASSWORD
from tests.unit.domain.builders import (
    EVERYBODY,
    M,
    P,
    approvals,
    envelope,
    group_of,
    next_roster,
    request,
    roster,
)

RECEIPTS = frozenset((group_of(person), person) for person in CUSTODIANS)
ROSTER = roster()
FIRST_KEYS = {person: f"{person}/1" for person in (*EVERYBODY, "cleo")}


def sealed(*confirmed: str, under: Roster = ROSTER) -> Sealed:
    receipts = frozenset((group_of(person), person) for person in confirmed)
    return Sealed(envelope=envelope(under, receipts=receipts), roster=under)


WHOLE = sealed(*CUSTODIANS)


def anew(*people: str) -> dict[str, str]:
    return FIRST_KEYS | {person: f"{person}/2" for person in people}


LEFT = next_roster(ROSTER, password=("bob", "cem"))
JOINED = next_roster(ROSTER, password=("ann", "bob", "cem", "cleo"))
RENEWED = next_roster(ROSTER, keys={"ann": "2"})
MOVED = next_roster(ROSTER, password=("bob", "cem"), mfa=("ann", *MFA))


@pytest.mark.parametrize(
    ("person", "group", "facts", "expected"),
    [
        ("ann", P, {}, Standing.ABLE),
        ("ann", P, {"newest": anew("ann")}, Standing.NEW_KEYS),
        ("ann", P, {"newest": {}}, Standing.NEW_KEYS),  # nobody knows: no one is counted
        ("ann", P, {"newest": anew("bob")}, Standing.ABLE),
        ("ann", P, {"sealed": sealed("bob", "cem")}, Standing.NEVER_CONFIRMED),
        ("ann", P, {"sealed": None}, Standing.NO_SHARE),
        ("ann", P, {"roster": LEFT}, Standing.WITHDRAWN),
        ("ann", P, {"roster": MOVED}, Standing.WITHDRAWN),
        ("ann", M, {"roster": MOVED}, Standing.NO_SHARE),
        ("ann", M, {}, Standing.WITHDRAWN),
        ("cleo", P, {"roster": JOINED}, Standing.NO_SHARE),
        ("ann", P, {"roster": RENEWED, "newest": anew("ann")}, Standing.NEW_KEYS),
        ("ann", P, {"roster": RENEWED}, Standing.NEW_KEYS),
        # with several reasons the first that anyone has to do something about
        ("ann", P, {"newest": anew("ann"), "sealed": sealed("bob")}, Standing.NEW_KEYS),
        ("ann", P, {"newest": anew("ann"), "roster": LEFT}, Standing.WITHDRAWN),
    ],
)
def test_who_can_act_and_why_not(person: str, group: Any, facts: Any, expected: Any) -> None:
    given_ = {"roster": ROSTER, "sealed": WHOLE, "newest": FIRST_KEYS} | facts
    assert standing(person, group, **given_) is expected
    if given_["sealed"] is not None:
        assert able(person, group, **given_) is (expected is Standing.ABLE)


def test_a_group_is_counted_in_the_rosters_order_with_those_who_left_at_its_end() -> None:
    found = readiness(roster=LEFT, sealed=WHOLE, newest=anew("bob"))[P]
    assert list(found.people.items()) == [
        ("bob", Standing.NEW_KEYS),
        ("cem", Standing.ABLE),
        ("ann", Standing.WITHDRAWN),
    ]
    assert found.members == ("bob", "cem")
    assert found.able == {"cem"}
    assert not found.can_act


@pytest.mark.parametrize(
    ("thresholds", "confirmed", "can_act", "spare"),
    [
        ((2, 2), "", (False, False), (False, False)),
        ((2, 2), "ann dea eli", (False, True), (False, False)),
        ((2, 2), "ann bob cem dea", (True, False), (True, False)),
        ((2, 2), "ann bob cem dea eli fay", (True, True), (True, True)),
        ((1, 1), "ann dea", (True, True), (False, False)),
        ((1, 1), "ann bob dea", (True, True), (True, False)),
        # each group by its own threshold
        ((1, 3), "ann bob dea eli fay", (True, True), (True, True)),
        ((3, 1), "ann bob dea eli", (False, True), (False, True)),
        # no one can be spare where everyone is needed
        ((3, 3), "ann bob cem dea eli fay", (True, True), (True, True)),
        ((3, 3), "ann bob cem dea eli", (True, False), (True, False)),
    ],
)
def test_when_a_group_can_act_and_has_one_to_spare(
    thresholds: tuple[int, int], confirmed: str, can_act: Any, spare: Any
) -> None:
    under = roster(thresholds=thresholds)
    found = readiness(
        roster=under, sealed=sealed(*confirmed.split(), under=under), newest=FIRST_KEYS
    )
    assert tuple(group.can_act for group in found.values()) == can_act
    assert tuple(group.spare for group in found.values()) == spare


def test_it_takes_the_larger_of_both_thresholds() -> None:
    higher = next_roster(ROSTER, thresholds=(3, 2))
    found = readiness(roster=higher, sealed=WHOLE, newest=anew("ann"))
    assert (found[P].needed, found[P].can_act, found[M].can_act) == (3, False, True)
    lower = next_roster(ROSTER, thresholds=(1, 1))
    assert readiness(roster=lower, sealed=WHOLE, newest=FIRST_KEYS)[P].needed == 2


def test_who_never_confirmed_may_be_asked_as_long_as_a_receipt_is_taken() -> None:
    part = sealed("bob", "cem")
    facts = {"sealed": part, "newest": FIRST_KEYS}
    assert may_approve("ann", P, roster=ROSTER, **facts)  # type: ignore[arg-type]
    elsewhere = next_roster(ROSTER, root_email="root@elsewhere.example")
    assert not may_approve("ann", P, roster=elsewhere, **facts)  # type: ignore[arg-type]
    assert not may_approve("ann", P, roster=ROSTER, sealed=part, newest=anew("ann"))
    assert readiness(roster=ROSTER, sealed=part, newest=FIRST_KEYS)[P].confirming == {"ann"}


def test_who_signs_has_the_keys_that_the_roster_names() -> None:
    assert signs("gus", ROSTER, FIRST_KEYS)
    assert not signs("gus", ROSTER, anew("gus"))
    assert not signs("eve", ROSTER, FIRST_KEYS)
    assert not signs("gus", None, FIRST_KEYS)
    assert replaced(ROSTER, anew("gus", "ann")) == {"gus", "ann"}


def test_silence_is_a_remark_about_those_who_can_act() -> None:
    assert not_proven(["ann", "bob"], ["bob", "cem"]) == {"ann"}


@given(
    left=st.sets(st.sampled_from(PASSWORD), max_size=1),
    confirmed=st.sets(st.sampled_from(CUSTODIANS)),
    changed=st.sets(st.sampled_from(CUSTODIANS)),
    named=st.sets(st.sampled_from(CUSTODIANS)),
)
def test_the_count_is_that_of_the_approvals_that_they_can_sign(
    left: set[str], confirmed: set[str], changed: set[str], named: set[str]
) -> None:
    """``quorum`` knows neither receipts nor who has which keys: those who lack one cannot sign."""
    newest_roster = next_roster(
        ROSTER,
        password=tuple(p for p in PASSWORD if p not in left),
        keys=dict.fromkeys(named & changed, "2"),
    )
    under = sealed(*confirmed)
    found = readiness(roster=newest_roster, sealed=under, newest=anew(*changed))
    can_sign = [
        person
        for person in CUSTODIANS
        if person not in left
        and (person not in changed or person in named)
        and (group_of(person), person) in under.envelope.receipts
    ]
    asked = request(roster=newest_roster.digest, decisions=approvals(*can_sign))
    count = Case(
        request=asked, roster=newest_roster, envelope=under.envelope, envelope_roster=ROSTER
    ).quorum()
    for group in (P, M):
        assert found[group].able == count.counted[group]
        assert found[group].needed == count.needed[group]
        assert found[group].can_act is count.met_in(group)


def test_a_newer_envelope_makes_whoever_confirms_it_able_again() -> None:
    again = Sealed(
        envelope=replace(envelope(RENEWED), receipts=RECEIPTS, roster=RENEWED.digest),
        roster=RENEWED,
    )
    assert able("ann", P, roster=RENEWED, sealed=again, newest=anew("ann"))
