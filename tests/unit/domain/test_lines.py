"""The lines of one AWS account."""

from datetime import UTC, datetime, timedelta

import pytest

from crypto.fields import is_account
from service.domain import errors
from service.domain.lines import (
    Registered,
    announced,
    aws_account,
    check_next,
    day_due,
    registered_beside,
)
from tests.cast import ACCOUNT, OTHER_ACCOUNT

LINES = [ACCOUNT, f"{ACCOUNT}.2", f"{ACCOUNT}.10", f"{ACCOUNT}.999"]
NO_ACCOUNTS = [
    "",
    "service",
    ACCOUNT[1:],
    f"{ACCOUNT}1",
    f"{ACCOUNT}.",
    f"{ACCOUNT}.0",
    f"{ACCOUNT}.1",
    f"{ACCOUNT}.02",
    f"{ACCOUNT}.1000",
    f"{ACCOUNT}.2.2",
    f"{ACCOUNT}.2\n",
    f" {ACCOUNT}",
    f"{ACCOUNT},2",
    "١١١١٢٢٢٢٣٣٣٣",
    f"{ACCOUNT}.٢",
]


@pytest.mark.parametrize("line", LINES)
def test_every_line_is_an_account_and_the_same_one_to_aws(line: str) -> None:
    assert is_account(line)
    assert aws_account(line) == ACCOUNT


@pytest.mark.parametrize("text", NO_ACCOUNTS)
def test_nothing_else_is_an_account(text: str) -> None:
    assert not is_account(text)


NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


def known(*lines: tuple[int, timedelta]) -> list[Registered]:
    """Lines by number, and how long ago each was registered; the newest first."""
    found = [
        Registered(account=f"{ACCOUNT}.{line}" if line > 1 else ACCOUNT, at=NOW - ago)
        for line, ago in lines
    ]
    return found[::-1]


@pytest.mark.parametrize(
    ("line", "there"),
    [
        (ACCOUNT, known()),
        (OTHER_ACCOUNT, known((1, WEEK))),
        (OTHER_ACCOUNT, known((1, WEEK), (2, SECOND))),
        (f"{ACCOUNT}.2", known((1, timedelta()))),
        (f"{ACCOUNT}.3", known((1, WEEK), (2, WEEK))),
        (f"{ACCOUNT}.10", known(*((line, 2 * WEEK) for line in range(1, 10)))),
    ],
)
def test_a_line_may_follow_the_one_before_it(line: str, there: list[Registered]) -> None:
    check_next(line, there, NOW)


@pytest.mark.parametrize(
    ("line", "there", "error"),
    [
        (ACCOUNT, known((1, WEEK)), errors.TakenError),
        (f"{ACCOUNT}.2", known((1, 2 * WEEK), (2, 2 * WEEK)), errors.TakenError),
        (f"{ACCOUNT}.2", known(), errors.LineOrderError),
        (f"{OTHER_ACCOUNT}.2", known((1, WEEK)), errors.LineOrderError),
        (f"{ACCOUNT}.3", known((1, WEEK)), errors.LineOrderError),
        (f"{ACCOUNT}.4", known((1, 2 * WEEK), (2, 2 * WEEK)), errors.LineOrderError),
        (f"{ACCOUNT}.3", known((1, 2 * WEEK), (2, WEEK - SECOND)), errors.LineTooSoonError),
        (f"{ACCOUNT}.3", known((1, 2 * WEEK), (2, -SECOND)), errors.LineTooSoonError),
    ],
)
def test_a_line_is_refused_out_of_order_and_within_a_week(
    line: str, there: list[Registered], error: type[errors.Refusal]
) -> None:
    with pytest.raises(error):
        check_next(line, there, NOW)


@pytest.mark.parametrize(
    ("hours", "announced_day", "due"),
    [
        *[(0, 0, 0), (23, 0, 0), (24, 0, 1), (47, 1, 0), (48, 1, 2), (24 * 7, 6, 7)],
        *[(24 * 30, 3, 7), (24 * 30, 7, 0), (24 * 5, 1, 5), (-48, 0, 0)],
    ],
)
def test_a_line_is_announced_once_a_day_for_a_week(
    hours: int, announced_day: int, due: int
) -> None:
    assert day_due(NOW, announced_day, NOW + timedelta(hours=hours)) == due


def test_every_line_hears_of_a_further_one_and_a_first_line_is_no_news() -> None:
    line = f"{ACCOUNT}.2"
    assert [e.subject for e in registered_beside(line, [ACCOUNT], by="olga")] == [ACCOUNT, line]
    assert registered_beside(ACCOUNT, [], by="olga") == []
    assert [e.subject for e in announced(line, [ACCOUNT, line], day=3)] == [ACCOUNT, line]
