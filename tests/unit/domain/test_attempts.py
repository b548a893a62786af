from datetime import UTC, datetime, timedelta

from service.domain.attempts import MOST_EACH, REPORT_EVERY, WINDOW, Tally, report_due

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def counted(times: int, at: datetime = START) -> Tally:
    tally = Tally(started_at=START)
    for _ in range(times):
        tally = tally.counted(at)
    return tally


def test_failures_are_limited_from_the_tenth_on() -> None:
    assert not counted(MOST_EACH - 1).limited(START, MOST_EACH)
    assert counted(MOST_EACH).limited(START, MOST_EACH)


def test_the_limit_ends_with_its_window_counted_from_the_first_failure() -> None:
    tally = counted(MOST_EACH, START + timedelta(minutes=14))
    assert tally.limited(START + WINDOW - SECOND, MOST_EACH)
    assert not tally.limited(START + WINDOW, MOST_EACH)


def test_a_new_window_forgets_the_count_and_keeps_what_was_not_reported() -> None:
    later = START + WINDOW
    assert counted(3).counted(later) == Tally(started_at=later, failures=1, unreported=4)


def test_the_log_hears_at_once_and_then_every_five_minutes() -> None:
    assert report_due(None, START)
    assert not report_due(START, START + REPORT_EVERY - SECOND)
    assert report_due(START, START + REPORT_EVERY)
