from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.sessions import Invitation, Session, SessionKind

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def session(
    *, used: timedelta = timedelta(), fresh: timedelta = timedelta(), ended: bool = False
) -> Session:
    return Session(
        id="s",
        person="ann",
        kind=SessionKind.BEARER,
        created_at=START,
        last_used_at=START + used,
        fresh_at=START + fresh,
        ended_at=START if ended else None,
    )


@pytest.mark.parametrize(
    ("given", "after", "live"),
    [
        (session(), timedelta(), True),
        (session(), timedelta(minutes=30) - SECOND, True),
        (session(), timedelta(minutes=30), False),
        (session(used=timedelta(minutes=29)), timedelta(minutes=59) - SECOND, True),
        (session(used=timedelta(hours=11, minutes=59)), timedelta(hours=12) - SECOND, True),
        (session(used=timedelta(hours=11, minutes=59)), timedelta(hours=12), False),
        (session(ended=True), timedelta(), False),
    ],
)
def test_how_long_a_session_counts(given: Session, after: timedelta, live: bool) -> None:
    assert given.live(START + after) is live


@pytest.mark.parametrize(
    ("after", "fresh"),
    [
        (timedelta(minutes=10), True),
        (timedelta(minutes=15) - SECOND, True),
        (timedelta(minutes=15), False),
    ],
)
def test_a_session_is_fresh_for_five_minutes_after_the_proof(after: timedelta, fresh: bool) -> None:
    assert session(fresh=timedelta(minutes=10)).fresh(START + after) is fresh


def test_the_last_use_is_written_down_once_a_minute() -> None:
    assert not session().to_be_touched(START + timedelta(seconds=59))
    assert session().to_be_touched(START + timedelta(seconds=60))


def test_an_invitation_is_open_for_24_hours_and_one_use() -> None:
    end = START + timedelta(hours=24)
    link = Invitation(person="ann", created_at=START, expires_at=end)
    assert link.open(end - SECOND)
    assert not link.open(end)
    assert not replace(link, used_at=START).open(START + SECOND)
