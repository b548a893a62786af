"""Whose signatures put a roster in force."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import errors
from service.domain.roster import (
    Roster,
)
from service.domain.signers import (
    awaited_keys,
    check_signed,
    new_members,
    signers_needed,
)
from tests.cast import CUSTODIANS, PASSWORD
from tests.unit.domain.builders import (
    EVERYBODY,
    Enrolled,
    enrolled,
    listed,
    next_roster,
    roster,
    roster_payload,
    signing_key,
)

FIRST = roster()
# ann leaves, nell comes; eli has new keys; both groups stay at 2 of 3.
CHANGE = next_roster(FIRST, password=("bob", "cem", "nell"), keys={"eli": "2"})


def signed(*people: str) -> frozenset[bytes]:
    """Signatures: ``eli`` under her first keys, ``eli/2`` under her second."""
    split = (person.partition("/") for person in people)
    return frozenset(signing_key(person, keys or "1") for person, _, keys in split)


def missing(now: Roster, before: Roster | None, people: Iterable[str]) -> dict[str, str]:
    found = signers_needed(now, before, signed=signed(*people))
    return {why: " ".join(sorted(who)) for why, who in found.items()}


ALL = "ann bob cem dea eli fay"
CONSENT = "ann bob cem dea eli fay gus sam"


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ("", {"everybody": ALL, "consent": CONSENT}),
        ("ann bob cem dea eli fay", {"consent": "gus sam"}),
        ("ann bob dea eli fay gus sam", {"everybody": "cem", "consent": "cem"}),
        ("ann bob cem dea eli fay gus", {"consent": "sam"}),
        ("ann bob cem dea eli fay gus sam", {}),
        ("ann bob cem/2 dea eli fay gus sam", {"everybody": "cem", "consent": "cem"}),
    ],
)
def test_a_first_roster_needs_every_custodian_and_everybodys_consent(
    people: str, expected: dict[str, str]
) -> None:
    assert missing(FIRST, None, people.split()) == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ("", {"password": "ann bob cem", "mfa": "dea eli fay", "consent": "eli nell"}),
        # those who leave sign as well as those who stay
        ("ann bob dea fay", {"consent": "eli nell"}),
        ("ann bob dea eli/2 fay nell", {}),
        # threshold of each group of the previous roster: no group stands in for the other
        ("ann bob cem dea eli/2 nell", {"mfa": "eli fay"}),
        ("ann dea eli eli/2 fay nell", {"password": "bob cem"}),
        # the newcomer's word is consent and no part of the previous quorum
        ("ann dea eli/2 fay nell", {"password": "bob cem"}),
        # who changes keys votes with the old ones and consents with the new ones
        ("ann bob dea eli nell", {"consent": "eli"}),
        ("ann bob dea eli/2 nell", {"mfa": "eli fay"}),
        ("ann bob dea eli eli/2 nell", {}),
        # requesters and sealers who stay have nothing to say
        ("ann bob eli/2 gus nell sam", {"mfa": "dea eli fay"}),
    ],
)
def test_a_change_needs_the_previous_quorum_and_the_consent_of_new_keys(
    people: str, expected: dict[str, str]
) -> None:
    assert missing(CHANGE, FIRST, people.split()) == expected


@pytest.mark.parametrize(
    ("thresholds", "people", "expected"),
    [
        ((1, 1), "ann dea", {}),
        ((3, 2), "ann bob dea eli", {"password": "cem"}),
        ((2, 3), "ann bob dea eli", {"mfa": "fay"}),
    ],
)
def test_the_thresholds_are_those_of_the_previous_roster(
    thresholds: tuple[int, int], people: str, expected: dict[str, str]
) -> None:
    before = roster(thresholds=thresholds)
    assert missing(next_roster(before), before, people.split()) == expected


@pytest.mark.parametrize(
    ("changes", "new"),
    [
        ({}, set()),
        ({"keys": {"gus": "2"}}, {"gus"}),
        ({"password": (*PASSWORD, "nell")}, {"nell"}),
        ({"requesters": ["otto"]}, {"otto"}),
        ({"sealers": ["gus"]}, set()),
        # who only changes places keeps their keys, and consents to nothing
        ({"password": ("ann", "bob"), "requesters": ["cem"]}, set()),
    ],
)
def test_new_members_are_those_whose_keys_are_new_or_changed(
    changes: dict[str, Any], new: set[str]
) -> None:
    assert new_members(next_roster(FIRST, **changes), FIRST) == new
    assert new_members(FIRST, None) == set(EVERYBODY)


def test_an_identity_enrolled_anew_with_the_same_keys_wants_consent_too() -> None:
    lines = [listed(p) for p in sorted(EVERYBODY)]
    lines[1]["identity"] = "bob/again"
    known = Enrolled({"bob/again": enrolled("bob")})
    fields: dict[str, Any] = {"version": 2, "previous": FIRST.digest, "cause": "change"}
    payload = roster_payload(**fields, people=lines)
    following = Roster.from_payload(payload, "roster-2", known)
    assert new_members(following, FIRST) == {"bob"}
    assert missing(following, FIRST, ["ann", "cem", "dea", "fay"]) == {"consent": "bob"}
    assert missing(following, FIRST, ["ann", "bob", "dea", "fay"]) == {}


@pytest.mark.parametrize(
    ("now", "before", "people"),
    [
        (FIRST, None, EVERYBODY),
        (CHANGE, FIRST, (*EVERYBODY, "nell", "eli/2")),
        # custodians before, nothing more: requesters who leave are not asked
        (next_roster(FIRST, requesters=["otto"]), FIRST, (*CUSTODIANS, "sam", "otto")),
    ],
)
def test_the_keys_that_are_awaited(now: Roster, before: Roster | None, people: list[str]) -> None:
    assert awaited_keys(now, before) == signed(*people)


@pytest.mark.parametrize(
    ("now", "before", "people", "refusal"),
    [
        (FIRST, None, "ann bob cem dea eli fay gus sam", None),
        (FIRST, None, "ann bob cem dea eli fay gus", errors.TooFewSignersError),
        (FIRST, None, "ann bob cem dea eli eve fay gus sam", errors.NotAwaitedError),
        (CHANGE, FIRST, "ann bob dea eli/2 fay nell", None),
        (CHANGE, FIRST, "ann bob dea eli/2 eve fay nell", errors.NotAwaitedError),
        (CHANGE, FIRST, "ann dea eli/2 fay nell", errors.TooFewSignersError),
        (CHANGE, FIRST, "", errors.TooFewSignersError),
    ],
)
def test_a_roster_counts_with_every_needed_signature_and_none_of_strangers(
    now: Roster, before: Roster | None, people: str, refusal: type[errors.Refusal] | None
) -> None:
    keys = signed(*people.split())
    if refusal is None:
        check_signed(now, before, signed=keys)
        return
    with pytest.raises(refusal):
        check_signed(now, before, signed=keys)


SOME = st.sets(st.sampled_from([*EVERYBODY, "nell", "eli/2"]))


@given(SOME)
def test_a_change_is_accepted_exactly_with_two_of_each_previous_group_and_both_consents(
    people: set[str],
) -> None:
    enough = (
        all(len(people & set(FIRST.groups[group].custodians)) >= 2 for group in FIRST.groups)
        and {"nell", "eli/2"} <= people
    )
    assert (not missing(CHANGE, FIRST, people)) == enough


@given(SOME, SOME)
def test_more_signatures_never_leave_more_missing(some: set[str], more: set[str]) -> None:
    for before, now in ((None, FIRST), (FIRST, CHANGE)):
        fewer = missing(now, before, some | more)
        assert fewer.keys() <= missing(now, before, some).keys()
