"""That an auditor reads is in the log: whatever it was, once in five minutes, and never told."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask, Response
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from service.domain.events import ACTIONS, Action
from service.storage import backlog
from service.usecases.context import Context
from service.web.reading import holds_records, shows_records
from service.web.shell import ShellResponse
from service.web.static_files import ENDPOINT
from service.wire.log import Leaves
from tests.conftest import HandClock
from tests.usecases.people.acts import actions
from tests.web.calling import URL, Calls

RECORDS = (
    "/api/v1/accounts",
    "/api/v1/requests",
    "/api/v1/events",
    "/api/v1/events/file",
    "/api/v1/events/0/proof",
    "/api/v1/leaves",
    "/api/v1/people",
)
OWN = (
    "/api/v1/home",
    "/api/v1/people/me",
    "/api/v1/sessions",
    "/api/v1/slots",
    "/api/v1/checkpoint",
)


def reads(calls: Calls, operator: str) -> list[Mapping[str, Any]]:
    answer = calls("GET", f"/api/v1/events?action={Action.EVENTS_READ.value}", token=operator)
    return [e.model_dump() for e in Leaves.model_validate_json(answer.data).events]


@pytest.fixture
def auditor(calls: Calls) -> str:
    return calls.enrol("Aud", auditor=True)


@pytest.fixture
def operator(calls: Calls) -> str:
    return calls.enrol("Olga", operator=True)


@pytest.mark.parametrize("path", RECORDS)
def test_whatever_an_auditor_reads_of_others_is_an_event(
    calls: Calls, auditor: str, operator: str, path: str
) -> None:
    assert calls("GET", path, token=auditor).status_code == 200
    [event] = reads(calls, operator)
    assert event["subject"] == "service"
    assert event["details"] == {"minutes": 5}
    assert event["sentence"].startswith("Aud read")


def test_the_event_is_there_before_the_answer_leaves(
    app: Flask, calls: Calls, auditor: str
) -> None:
    written: list[bool] = []

    def begins(status: str, _headers: object, _fault: object = None) -> Callable[[bytes], None]:
        assert status == "200 OK"
        written.append(actions(calls.ctx)[-1] == Action.EVENTS_READ.value)
        return lambda _: None

    headers = Headers({"Authorization": f"Bearer {auditor}"})
    environ = EnvironBuilder(path="/api/v1/events", base_url=URL, headers=headers).get_environ()
    assert b"".join(app(environ, begins))
    assert written == [True]


def test_every_view_that_shows_records_is_one_that_is_noted(app: Flask) -> None:
    """A view that was forgotten would be a way to read unseen."""
    mine = ("home", "note", "people/me", "slots", "sessions")
    api = ("checkpoint", "checkpoint/kept", "witnesses", *mine)
    pages = ("/", "/me", "/operate", "/enroll", "/sign-in", "/healthz", "/openapi.json")
    file = next(rule.rule for rule in app.url_map.iter_rules() if rule.endpoint == ENDPOINT)
    every = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    noted = {rule for rule in every if shows_records(rule)}
    assert len(noted) > 20
    assert every - noted == {*(f"/api/v1/{path}" for path in api), *pages, file}


def test_the_shell_shows_no_one_anything(app: Flask) -> None:
    """It is the same for everyone under every address; what it shows then comes from the API."""
    with app.test_request_context("/requests", base_url=URL):
        assert holds_records(Response(""))
        assert not holds_records(ShellResponse(""))


def test_reading_within_five_minutes_is_one_event_for_each_reader(
    calls: Calls, auditor: str, operator: str, clock: HandClock
) -> None:
    other = calls.enrol("Ann", auditor=True)
    for _ in range(4):
        for token in (auditor, other):
            calls("GET", "/api/v1/events", token=token)
        clock.advance(seconds=70)
    assert len(reads(calls, operator)) == 2
    clock.advance(seconds=20)  # five minutes after the first
    calls("GET", "/api/v1/events", token=auditor)
    assert len(reads(calls, operator)) == 3


def test_what_an_auditor_looks_at_of_their_own_is_none(
    calls: Calls, auditor: str, operator: str
) -> None:
    for path in OWN:
        assert calls("GET", path, token=auditor).status_code == 200, path
    assert reads(calls, operator) == []


def test_what_is_refused_shows_nothing_and_is_none(
    calls: Calls, auditor: str, operator: str
) -> None:
    assert calls("GET", "/api/v1/accounts/111122223333", token=auditor).status_code == 404
    assert calls("GET", "/api/v1/events?limit=0", token=auditor).status_code == 400
    assert reads(calls, operator) == []


def test_what_has_not_changed_since_was_looked_at_all_the_same(
    calls: Calls, auditor: str, operator: str, clock: HandClock
) -> None:
    tag = calls("GET", "/api/v1/accounts", token=auditor).headers["ETag"]
    clock.advance(minutes=6)
    known = {"If-None-Match": tag}
    assert calls("GET", "/api/v1/accounts", token=auditor, headers=known).status_code == 304
    assert len(reads(calls, operator)) == 2


def test_whoever_is_no_auditor_leaves_no_such_event(calls: Calls, operator: str) -> None:
    calls("GET", "/api/v1/events", token=calls.enrol("Ann"))
    calls("GET", "/api/v1/events", token=operator)
    assert reads(calls, operator) == []


def test_nobody_is_told_of_it(calls: Calls, auditor: str, ctx: Context) -> None:
    with ctx.read() as unit:
        before = sum(backlog.count(unit.session).by_channel.values())
    calls("GET", "/api/v1/events", token=auditor)
    with ctx.read() as unit:
        assert sum(backlog.count(unit.session).by_channel.values()) == before
    assert not ACTIONS[Action.EVENTS_READ].announced


def test_where_nothing_can_be_written_an_auditor_still_reads(
    calls: Calls, auditor: str, operator: str, clock: HandClock
) -> None:
    clock.advance(minutes=-20)
    assert calls("GET", "/api/v1/events", token=auditor).status_code == 200
    clock.advance(minutes=20)
    assert reads(calls, operator) == []
