"""A year of requests, counted."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.events import Action
from service.domain.year import (
    COUNTED,
    WEEK,
    WEEKS,
    Approval,
    Kind,
    Mark,
    Waits,
    answers,
    asked_by_week,
    cases,
    first_week,
    until_quorum,
    waits,
    weeks,
)

NOW = 1_795_597_200  # Wednesday, 25 November 2026, 09:00 UTC
MONDAY = 1_795_392_000  # the 23rd


def told(*actions: str, at: int = NOW, request: str = "r", actor: str = "gus") -> list[Mark]:
    return [
        Mark(number, at + number, actor, f"request:{action}", "111111111111", request)
        for number, action in enumerate(actions)
    ]


def kinds(marks: Sequence[Mark]) -> list[Kind]:
    [week] = [counts for counts in weeks(cases(marks), NOW).values() if any(counts.values())]
    return [kind for kind, count in week.items() for _ in range(count)]


def test_a_year_is_this_week_and_the_52_before_it() -> None:
    begins = list(weeks([], NOW))
    assert (len(begins), begins[-1], begins[0]) == (WEEKS, MONDAY, first_week(NOW))
    assert {after - before for before, after in pairwise(begins)} == {WEEK}
    assert list(weeks([], MONDAY)) == begins
    assert list(weeks([], MONDAY - 1))[-1] == MONDAY - WEEK


@pytest.mark.parametrize(
    ("actions", "kind"),
    [
        (("opened", "released"), Kind.UNCHANGED),
        (("opened", "released", "rotated"), Kind.CHANGED),
        (("imported", "approved", "released", "rotated"), Kind.CHANGED),
        (("imported", "approved"), Kind.UNCHANGED),
        (("opened", "released", "drill-over"), Kind.DRILL),
        (("opened", "denied", "ended-by-denial"), Kind.DENIED),
        (("opened", "expired"), Kind.LAPSED),
        (("opened", "cancelled"), Kind.LAPSED),
    ],
)
def test_what_became_of_a_request(actions: tuple[str, ...], kind: Kind) -> None:
    assert kinds(told(*actions)) == [kind]


def test_an_open_request_has_not_ended_and_an_old_one_is_not_of_the_year() -> None:
    marks = told("opened", "approved") + told("released", at=first_week(NOW) - 9, request="old")
    assert not any(any(counts.values()) for counts in weeks(cases(marks), NOW).values())


def test_a_request_counts_in_the_week_in_which_it_was_asked() -> None:
    marks = [
        *told("opened", at=MONDAY),
        *told("opened", "released", at=MONDAY - 1, request="before"),
        *told("opened", at=first_week(NOW) - 1, request="of another year"),
        *told("expired", request="asked in another year"),
    ]
    found = asked_by_week(cases(marks), NOW)
    assert list(found) == list(weeks([], NOW))
    assert {begin: count for begin, count in found.items() if count} == {
        MONDAY: 1,
        MONDAY - WEEK: 1,
    }


def test_until_both_groups_are_enough() -> None:
    [case] = cases(told("opened", "approved", "approved", "approved", "approved"))
    seen = {
        1: Approval("password", 1, 2),
        2: Approval("password", 2, 2),
        3: Approval("mfa", 1, 1),
        4: Approval("mfa", 2, 1),
    }
    assert until_quorum(case, seen) == 3
    assert until_quorum(case, {2: seen[2]}) is None
    assert waits([case], seen) == Waits(count=1, median=3, worst=3)
    assert waits([case], {}) is None


def test_who_answers() -> None:
    known = cases(
        [
            *told("opened"),
            *told("denied", actor="cem"),
            *told("opened", request="of-cem", actor="cem"),
            *told("approved", request="from-last-year", actor="cem"),
        ]
    )
    assert answers(known, "cem", ["111111111111"]) == (1, 1)
    assert answers(known, "bob", ["111111111111"]) == (0, 2)
    assert answers(known, "bob", ["222222222222"]) == (0, 0)


@given(
    st.lists(st.tuples(st.integers(0, 54 * WEEK), st.sampled_from(COUNTED), st.sampled_from("abc")))
)
def test_each_request_counts_once_at_most(given_: list[tuple[int, Action, str]]) -> None:
    marks = [
        Mark(number, NOW - at, "gus", action.value, "111111111111", request)
        for number, (at, action, request) in enumerate(sorted(given_, reverse=True))
    ]
    total = sum(sum(counts.values()) for counts in weeks(cases(marks), NOW).values())
    assert total <= len({mark.request for mark in marks})
