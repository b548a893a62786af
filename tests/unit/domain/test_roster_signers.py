"""Whose signatures put a roster in force."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import errors
from service.domain.roster import (
    Roster,
    awaited_keys,
    check_signed,
    new_members,
    signers_needed,
)
from tests.unit.domain.builders import (
    CUSTODIANS,
    EVERYBODY,
    PASSWORD,
    listed,
    next_roster,
    roster,
    signing_key,
)

FIRST = roster()
# pat leaves, pol comes; mia has new keys; both groups stay at 2 of 3.
CHANGE = next_roster(FIRST, password=("per", "pia", "pol"), keys={"mia": "2"})
RESTART = next_roster(FIRST, password=("per", "pia", "pol"), keys={"mia": "2"}, cause="restart")


def signed(*people: str) -> frozenset[bytes]:
    """Signatures: ``mia`` under her first keys, ``mia/2`` under her second."""
    split = (person.partition("/") for person in people)
    return frozenset(signing_key(person, keys or "1") for person, _, keys in split)


def missing(now: Roster, before: Roster | None, people: Iterable[str]) -> dict[str, str]:
    found = signers_needed(now, before, signed=signed(*people))
    return {why: " ".join(sorted(who)) for why, who in found.items()}


ALL = "max mia moa pat per pia"
CONSENT = "max mia moa pat per pia ria sam"


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ("", {"everybody": ALL, "consent": CONSENT}),
        ("max mia moa pat per pia", {"consent": "ria sam"}),
        ("max mia moa pat per ria sam", {"everybody": "pia", "consent": "pia"}),
        ("max mia moa pat per pia ria", {"consent": "sam"}),
        ("max mia moa pat per pia ria sam", {}),
        ("max mia moa pat per pia/2 ria sam", {"everybody": "pia", "consent": "pia"}),
    ],
)
def test_a_first_roster_needs_every_custodian_and_everybodys_consent(
    people: str, expected: dict[str, str]
) -> None:
    assert missing(FIRST, None, people.split()) == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ("", {"password": "pat per pia", "mfa": "max mia moa", "consent": "mia pol"}),
        # those who leave sign as well as those who stay
        ("pat per max moa", {"consent": "mia pol"}),
        ("pat per max moa pol mia/2", {}),
        # threshold of each group of the previous roster: no group stands in for the other
        ("pat per pia max pol mia/2", {"mfa": "mia moa"}),
        ("pat max mia moa pol mia/2", {"password": "per pia"}),
        # the newcomer's word is consent and no part of the previous quorum
        ("pat pol max moa mia/2", {"password": "per pia"}),
        # who changes keys votes with the old ones and consents with the new ones
        ("pat per max mia pol", {"consent": "mia"}),
        ("pat per max mia/2 pol", {"mfa": "mia moa"}),
        ("pat per max mia mia/2 pol", {}),
        # requesters and sealers who stay have nothing to say
        ("pat per ria sam pol mia/2", {"mfa": "max mia moa"}),
    ],
)
def test_a_change_needs_the_previous_quorum_and_the_consent_of_new_keys(
    people: str, expected: dict[str, str]
) -> None:
    assert missing(CHANGE, FIRST, people.split()) == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ("", {"everybody": "max mia moa per pia pol ria sam", "consent": "mia pol"}),
        # the previous quorum does not count here
        ("pat per pia max mia moa", {"everybody": "mia pol ria sam", "consent": "mia pol"}),
        ("max mia/2 moa per pia pol ria", {"everybody": "sam"}),
        ("max mia/2 moa per pia pol sam", {"everybody": "ria"}),
        ("max mia/2 moa per pia ria sam", {"everybody": "pol", "consent": "pol"}),
        ("max mia/2 moa per pia pol ria sam", {}),
    ],
)
def test_a_restart_needs_everybody_in_it(people: str, expected: dict[str, str]) -> None:
    assert missing(RESTART, FIRST, people.split()) == expected


@pytest.mark.parametrize(
    ("thresholds", "people", "expected"),
    [
        ((1, 1), "pat max", {}),
        ((3, 2), "pat per max mia", {"password": "pia"}),
        ((2, 3), "pat per max mia", {"mfa": "moa"}),
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
        ({"keys": {"ria": "2"}}, {"ria"}),
        ({"password": (*PASSWORD, "pol")}, {"pol"}),
        ({"requesters": ["rob"]}, {"rob"}),
        ({"sealers": ["ria"]}, set()),
        # who only changes places keeps their keys, and consents to nothing
        ({"password": ("pat", "per"), "requesters": ["pia"]}, set()),
    ],
)
def test_new_members_are_those_whose_keys_are_new_or_changed(
    changes: dict[str, Any], new: set[str]
) -> None:
    assert new_members(next_roster(FIRST, **changes), FIRST) == new
    assert new_members(FIRST, None) == set(EVERYBODY)


def test_a_changed_encryption_key_alone_wants_consent_too() -> None:
    only = {"encryption_key": listed("per", "2")["encryption_key"]}
    lines = [listed(p) | (only if p == "per" else {}) for p in sorted(EVERYBODY)]
    following = next_roster(FIRST, people=lines)
    assert new_members(following, FIRST) == {"per"}
    assert missing(following, FIRST, ["pat", "pia", "max", "moa"]) == {"consent": "per"}
    assert missing(following, FIRST, ["pat", "per", "max", "moa"]) == {}


@pytest.mark.parametrize(
    ("now", "before", "people"),
    [
        (FIRST, None, EVERYBODY),
        (CHANGE, FIRST, (*EVERYBODY, "pol", "mia/2")),
        (RESTART, FIRST, ("per", "pia", "pol", "max", "mia/2", "moa", "ria", "sam")),
        # custodians before, nothing more: requesters who leave are not asked
        (next_roster(FIRST, requesters=["rob"]), FIRST, (*CUSTODIANS, "sam", "rob")),
    ],
)
def test_the_keys_that_are_awaited(now: Roster, before: Roster | None, people: list[str]) -> None:
    assert awaited_keys(now, before) == signed(*people)


@pytest.mark.parametrize(
    ("now", "before", "people", "refusal"),
    [
        (FIRST, None, "max mia moa pat per pia ria sam", None),
        (FIRST, None, "max mia moa pat per pia ria", errors.TooFewSignersError),
        (FIRST, None, "max mia moa pat per pia ria sam eve", errors.NotAwaitedError),
        (CHANGE, FIRST, "pat per max moa pol mia/2", None),
        (CHANGE, FIRST, "pat per max moa pol mia/2 eve", errors.NotAwaitedError),
        (CHANGE, FIRST, "pat max moa pol mia/2", errors.TooFewSignersError),
        (CHANGE, FIRST, "", errors.TooFewSignersError),
        (RESTART, FIRST, "max mia/2 moa per pia pol ria sam", None),
        (RESTART, FIRST, "max mia/2 moa per pia pol ria", errors.TooFewSignersError),
        # whom a restart leaves out has no word on it
        (RESTART, FIRST, "max mia/2 moa per pia pol ria sam pat", errors.NotAwaitedError),
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


SOME = st.sets(st.sampled_from([*EVERYBODY, "pol", "mia/2"]))


@given(SOME)
def test_a_change_is_accepted_exactly_with_two_of_each_previous_group_and_both_consents(
    people: set[str],
) -> None:
    enough = (
        all(len(people & set(FIRST.groups[group].custodians)) >= 2 for group in FIRST.groups)
        and {"pol", "mia/2"} <= people
    )
    assert (not missing(CHANGE, FIRST, people)) == enough


@given(SOME, SOME)
def test_more_signatures_never_leave_more_missing(some: set[str], more: set[str]) -> None:
    for before, now in ((None, FIRST), (FIRST, CHANGE), (FIRST, RESTART)):
        fewer = missing(now, before, some | more)
        assert fewer.keys() <= missing(now, before, some).keys()
