"""The marks that a year is counted by, on both databases."""

from datetime import timedelta

from service.domain.events import Action, Event
from service.domain.year import Mark
from service.storage import log
from service.storage.database import Database
from service.storage.signer import Signer
from service.storage.year import leaves, marks
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
        event = Event(action=action, actor="ria", subject=subject, request="r")
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
        Mark(first + 1, begin + 1, "ria", "request:released", ONE, "r"),
        Mark(first + 4, begin + 4, "ria", "request:expired", ONE, "r"),
    ]
