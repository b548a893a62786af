"""The marks that a year is counted by, on both databases."""

from datetime import timedelta

from service.domain.events import Action, Event
from service.domain.year import (
    Ending,
    Kind,
    Mark,
    asked_by_week,
    asked_of,
    cases,
    first_week,
    weeks,
    weeks_of,
)
from service.storage import log
from service.storage.database import Database
from service.storage.signer import Signer
from service.storage.year import asked, endings, leaves, marks
from tests.conftest import HandClock

ONE, OTHER = "111111111111", "222222222222"


def test_marks_of_some_accounts_since_some_time(
    database: Database, signer: Signer, clock: HandClock
) -> None:
    del signer
    begin = int(clock().timestamp())
    for number, (action, subject) in enumerate(
        [
            (Action.REQUEST_OPENED, ONE),
            (Action.REQUEST_RELEASED, ONE),
            (Action.REQUEST_OPENED, OTHER),
            (Action.SESSION_OPENED, ONE),
            (Action.REQUEST_EXPIRED, ONE),
        ]
    ):
        event = Event(action=action, actor="gus", subject=subject, request="r")
        with database.write() as session:
            log.append(session, [event], at=clock() + timedelta(seconds=number))
    with database.read() as session:
        everything = marks(session, since=begin, subjects=None)
        found = marks(session, since=begin + 1, subjects=(ONE, "nobody"))
        assert marks(session, since=begin + 9, subjects=None) == []
        assert marks(session, since=begin, subjects=()) == []
        first = log.head(session).size - 5
        assert list(leaves(session, [first, first + 99])) == [first]
    assert [mark.seq - first for mark in everything] == [0, 1, 2, 4]
    assert found == [
        Mark(first + 1, begin + 1, "gus", "request:released", ONE, "r"),
        Mark(first + 4, begin + 4, "gus", "request:expired", ONE, "r"),
    ]


ENDED = {
    "changed": "opened approved released rotated",
    "unchanged": "opened released",
    "brought": "imported approved rotated",
    "drill": "opened released rotated drill-over",
    "denied": "opened denied ended-by-denial",
    "open": "opened approved",
    "gone": "cancelled",
    "late": "expired",
}


def live(database: Database, clock: HandClock) -> int:
    """Requests of every kind, a few days apart; returns when the last one ended."""
    for number, (request, actions) in enumerate(ENDED.items()):
        for action in actions.split():
            event = Event(
                action=Action(f"request:{action}"),
                actor="gus",
                subject=ONE if number % 2 else OTHER,
                request=request,
            )
            with database.write() as session:
                log.append(session, [event], at=clock())
            clock.advance(days=2)
    return int(clock().timestamp())


def test_the_database_counts_what_the_rules_count(
    database: Database, signer: Signer, clock: HandClock
) -> None:
    del signer
    now = live(database, clock)
    begin = first_week(now)
    with database.read() as session:
        for subjects in (None, (ONE,), (OTHER, "nobody"), (ONE, OTHER)):
            known = cases(marks(session, since=begin, subjects=subjects))
            counted = endings(session, since=begin, subjects=subjects)
            assert weeks_of(counted, now) == weeks(known, now)
            found = asked(session, since=begin, subjects=subjects)
            assert asked_of(found, now) == asked_by_week(known, now)
        assert endings(session, since=now + 1, subjects=None) == []
        assert asked(session, since=now + 1, subjects=None) == {}
        assert sum(asked(session, since=begin, subjects=None).values()) == 6
        every = weeks_of(endings(session, since=begin, subjects=None), now)
    summed = {kind: sum(week[kind] for week in every.values()) for kind in Kind}
    assert summed == {
        Kind.CHANGED: 2,
        Kind.UNCHANGED: 1,
        Kind.DRILL: 1,
        Kind.DENIED: 1,
        Kind.LAPSED: 2,
    }


def test_an_ending_of_another_year_is_in_no_week() -> None:
    found = weeks_of([Ending("request:released", False, 0, 7)], 1_795_597_200)
    assert not any(any(week.values()) for week in found.values())


def test_the_newest_questions_bound_what_is_read(
    database: Database, signer: Signer, clock: HandClock
) -> None:
    del signer
    begin = int(clock().timestamp())
    live(database, clock)
    with database.read() as session:
        found = {
            most: {mark.request for mark in marks(session, since=begin, subjects=None, most=most)}
            for most in (1, 2, 5, 99)
        }
    assert found[1] == {"open", "gone", "late"}
    assert found[2] == {"denied", "open", "gone", "late"}
    assert found[5] == found[99] == set(ENDED)
