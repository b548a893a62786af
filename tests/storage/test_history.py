"""Reading back by what is asked: the same as looking at every entry, at a cost that is bounded."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from crypto.leaf import parse_leaf
from service.domain.events import Action, Event
from service.storage import history, log
from service.storage.database import Database
from service.storage.history import Filter, page
from service.storage.signer import Signer
from tests.conftest import HandClock

SIZE = 60
PEOPLE = ("ann", "bo", "service")
SUBJECTS = ("111111111111", "222222222222", "ann")
ACTIONS = (Action.REQUEST_OPENED, Action.REQUEST_APPROVED, Action.SESSION_OPENED)
Row = dict[str, Any]

ASKED: list[Row] = [
    {},
    {"actor": "ann"},
    {"actions": ("request:opened", "session:opened")},
    {"actions": ("request:opened",), "actor": "bo"},
    {"actions": ("request:opened", "request:approved"), "subjects": ("ann",)},
    {"subjects": SUBJECTS},
    {"subjects": ("ann", "222222222222")},
    {"subjects": ("ann", "nobody"), "actor": "bo", "request": "r3"},
    {"subjects": ()},
    {"request": "r1"},
    {"actor": "nobody", "actions": ("request:opened",)},
]


@pytest.fixture
def rows(database: Database, signer: Signer, clock: HandClock) -> list[Row]:
    """Entries of which two share a second, newest first. The signer has started the log."""
    del signer
    for number in range(0, SIZE, 2):
        events = [
            Event(
                action=ACTIONS[n % 3],
                actor=PEOPLE[n * 7 % 5 % 3],
                subject=SUBJECTS[n * 5 % 7 % 3],
                request=f"r{n % 4}" if n % 4 else "",
            )
            for n in (number, number + 1)
        ]
        with database.write() as session:
            log.append(session, events, at=clock() + timedelta(seconds=number))
    with database.read() as session:
        leaves = [parse_leaf(data) for data in log.read_leaves(session, 0, 1000)]
    return [
        {
            "seq": leaf.seq,
            "at": int(leaf.at.timestamp()),
            "subject": leaf.subject,
            "actor": leaf.actor,
            "action": leaf.action,
            "request": leaf.request,
        }
        for leaf in reversed(leaves)
    ]


def fits(row: Row, asked: Row) -> bool:
    return (
        asked.get("actor", row["actor"]) == row["actor"]
        and asked.get("request", row["request"]) == row["request"]
        and row["action"] in asked.get("actions", (row["action"],))
        and row["subject"] in asked.get("subjects", (row["subject"],))
        and asked.get("since", 0) <= row["at"] < asked.get("until", 2**40)
    )


def walked(database: Database, asked: Row, limit: int) -> list[int]:
    """All pages, one after the other."""
    found: list[int] = []
    before: int | None = None
    for _ in range(200):
        with database.read() as session:
            answer = page(session, Filter(**asked, before=before), limit=limit)
        assert len(answer.leaves) <= limit
        found += [parse_leaf(data).seq for data in answer.leaves]
        if answer.next is None:
            return found
        assert before is None or answer.next < before
        before = answer.next
    raise AssertionError("it never ends")


@pytest.mark.parametrize("one_by_one", [1, 200])
def test_pages_are_what_a_look_at_every_entry_finds(
    database: Database, rows: list[Row], monkeypatch: pytest.MonkeyPatch, one_by_one: int
) -> None:
    monkeypatch.setattr(history, "LOOKED_AT", 7)
    monkeypatch.setattr(history, "_ONE_BY_ONE", one_by_one)
    monkeypatch.setattr(history, "made", history.made.__wrapped__)
    for since, until in ((0, 2**40), (rows[40]["at"], rows[9]["at"]), (2**40, 2**41)):
        for asked in ASKED:
            bounded = {**asked, "since": since, "until": until}
            expected = [row["seq"] for row in rows if fits(row, bounded)]
            for limit in (4, 100):
                assert walked(database, bounded, limit) == expected, (asked, limit)


PAIRS = [
    ({"actor": "ann", "actions": ("request:opened",)}, "actor_seq_action_subject"),
    ({"actor": "ann", "subjects": ("222222222222",)}, "actor_seq_action_subject"),
    ({"actions": ("request:opened",), "subjects": ("ann",)}, "action_seq_subject"),
    ({"actions": ("request:opened", "a:b"), "subjects": ("ann",)}, "subject_seq_action"),
]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(("asked", "index"), PAIRS)
def test_two_filters_are_answered_by_an_index_alone(
    database: Database, asked: Row, index: str
) -> None:
    with database.write() as session:
        connection = session.connection()
        full = connection.dialect.name == "postgresql"
        for off in ("seqscan", "bitmapscan", "sort") if full else ():
            connection.exec_driver_sql(f"SET LOCAL enable_{off} = off")
        ran: list[tuple[str, Any]] = []
        event.listen(
            connection,
            "before_cursor_execute",
            lambda _c, _cursor, sql, values, _ctx, _many: ran.append((sql, values)),
        )
        page(session, Filter(**asked), limit=5)
        words = "EXPLAIN" if full else "EXPLAIN QUERY PLAN"
        plans = [
            connection.exec_driver_sql(f"{words} {sql}", values).all() for sql, values in [*ran]
        ]
    covering = "Index Only Scan Backward using" if full else "USING COVERING INDEX"
    for plan in plans:
        assert f"{covering} ix_audit_event_{index}" in "\n".join(str(row) for row in plan)
