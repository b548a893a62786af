"""Whose turn it is, and the pauses: nothing quiet starves, nothing loud waits for what is quiet."""

from datetime import timedelta

import pytest

from service.domain.events import ACTIONS, Severity
from service.domain.turns import (
    OLDEST_EVERY,
    RANK,
    hold_after,
    own_wait,
    takes_oldest,
    wait_after,
)


def test_the_pause_doubles_from_two_seconds_to_five_minutes() -> None:
    pauses = [wait_after(attempt).total_seconds() for attempt in range(1, 12)]
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert wait_after(10_000) == timedelta(minutes=5)


def test_a_channel_is_left_alone_for_half_a_minute_at_most() -> None:
    assert [hold_after(failed).total_seconds() for failed in range(1, 7)] == [2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize("attempt", range(1, 12))
@pytest.mark.parametrize("failed", range(1, 8))
def test_what_failed_waits_longer_than_the_others_of_its_channel(attempt: int, failed: int) -> None:
    assert own_wait(attempt, failed) > failed * hold_after(failed)
    assert own_wait(attempt, failed) >= wait_after(attempt)
    assert own_wait(attempt, 10_000) == timedelta(hours=1)


def test_one_turn_in_five_is_the_oldest_notice_s_and_the_first_one_never_is() -> None:
    turns = [takes_oldest(turn) for turn in range(100)]
    assert sum(turns) == 100 // OLDEST_EVERY == 20
    assert not turns[0]


def test_every_severity_has_its_rank_and_what_wakes_people_comes_first() -> None:
    assert sorted(RANK, key=RANK.__getitem__) == [Severity.URGENT, Severity.WARNING, Severity.INFO]
    assert {about.severity for about in ACTIONS.values()} == set(RANK)
