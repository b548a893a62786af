"""Answers for one view: what several acts say, of one moment, to those who may have each."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from service.config import Settings
from service.storage.database import Database
from service.storage.signer import Signer
from service.usecases import requests as requests_
from service.web.app import create_app
from tests.api.acts import API
from tests.api.conftest import token_of
from tests.cast import STRANGER
from tests.conftest import HandClock
from tests.usecases.world import World, make_world
from tests.web.calling import URL, Calls

LOOKERS = ("gus", "ann", "olga", "aud")


@pytest.fixture
def ready(database: Database, signer: Signer, state_dir: Path, clock: HandClock) -> World:
    return make_world(database, signer, state_dir, clock).ready()


@pytest.fixture
def calls(ready: World) -> Calls:
    return Calls(create_app(ready.ctx, Settings(url=URL)), ready.ctx)


def got(calls: Calls, token: str, path: str) -> Any:
    answer = calls("GET", API + path, token=token)
    assert answer.status_code == 200, answer.text
    return answer.json


def proven(log: Any) -> set[str]:
    """The leaves of an answer's log, and the heads: all that it proves."""
    if log is None:
        return set()
    leaves = {f"leaf {leaf['seq']}" for leaf in log["leaves"]}
    return leaves | {f"head {head['size']}" for head in log["heads"]} | {log["checkpoint"]}


@contextmanager
def counted() -> Iterator[list[str]]:
    ran: list[str] = []

    def note(_c: object, _cursor: object, sql: str, *_: object) -> None:
        ran.append(sql)

    event.listen(Engine, "before_cursor_execute", note)
    yield ran
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("name", LOOKERS)
@pytest.mark.parametrize("seen", ["", "?seen=3"], ids=["bare", "proving"])
def test_a_case_says_what_its_three_acts_say(
    ready: World, calls: Calls, name: str, seen: str
) -> None:
    request, token = ready.ask(), token_of(ready, name)
    ready.draft(name="Payments")
    got(calls, token, f"/requests/{request}")  # an auditor's reading is entered once
    case = got(calls, token, f"/requests/{request}/case{seen}")
    detail = got(calls, token, f"/requests/{request}{seen}")
    chain = got(calls, token, f"/accounts/{ready.account}/rosters{seen}")
    logs = [detail.pop("log"), chain.pop("log"), case["detail"].pop("log")]
    assert (logs[2], case["rosters"].pop("log")) == (None, None)
    assert case | {"log": None} == {
        "me": got(calls, token, "/people/me"),
        "detail": detail,
        "rosters": chain,
        "log": None,
    }
    assert proven(case["log"]) == proven(logs[0]) | proven(logs[1])
    assert (proven(case["log"]) > proven(logs[0])) == (seen != "")  # the draft's entry


@pytest.mark.parametrize("name", LOOKERS)
def test_an_account_says_what_its_six_acts_say(ready: World, calls: Calls, name: str) -> None:
    over, open_, token = ready.ask(), ready.ask(), token_of(ready, name)
    ready.cancel(over)
    path = f"/accounts/{ready.account}"
    got(calls, token, path)  # an auditor's reading is entered once
    whole = got(calls, token, f"{path}/whole?seen=3")
    chain = got(calls, token, f"{path}/rosters?seen=3")
    sealed = got(calls, token, f"{path}/envelopes?seen=3")
    log, logs = whole.pop("log"), [chain.pop("log"), sealed["log"]]
    assert [one["id"] for one in whole["open"]] == [open_]
    assert whole.pop("rosters") == chain | {"log": None}
    assert whole == {
        "me": got(calls, token, "/people/me"),
        "detail": got(calls, token, path),
        "envelopes": sealed["envelopes"],
        "open": whole["open"],
        "events": got(calls, token, f"/events?account={ready.account}&limit=10")["events"],
    }
    assert proven(log) == proven(logs[0]) | proven(logs[1])


@pytest.mark.parametrize("path", ["/requests/{request}/case", "/accounts/{account}/whole"])
def test_who_may_not_see_it_hears_that_there_is_none(ready: World, calls: Calls, path: str) -> None:
    request, token = ready.ask(), token_of(ready, STRANGER)
    given = path.format(request=request, account=ready.account)
    nowhere = path.format(request="0" * 8 + request[8:], account="9" * 12)
    hidden, missing = (calls("GET", API + one, token=token) for one in (given, nowhere))
    assert (hidden.status_code, hidden.json) == (missing.status_code, missing.json)
    assert hidden.status_code == 404
    assert calls("GET", API + given).status_code == 401


def test_all_of_a_case_is_of_one_moment(
    ready: World, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, token = ready.ask(), token_of(ready, "gus")
    before = got(calls, token, f"/requests/{request}/case")
    look = requests_.look

    def meanwhile(*given: Any, **more: Any) -> Any:
        answer = look(*given, **more)
        monkeypatch.setattr(requests_, "look", look)
        ready.draft(name="Payments")
        return answer

    monkeypatch.setattr(requests_, "look", meanwhile)
    during = got(calls, token, f"/requests/{request}/case")
    assert during == before
    assert got(calls, token, f"/requests/{request}/case")["rosters"]["draft"] is not None


def test_a_case_asks_the_database_no_more_than_its_parts(ready: World, calls: Calls) -> None:
    request, token = ready.ask(), token_of(ready, "ann")
    parts = ("/people/me", f"/requests/{request}", f"/accounts/{ready.account}/rosters")
    for path in (*parts, f"/requests/{request}/case"):
        got(calls, token, path)  # what is kept for good is kept from here on
    with counted() as apart:
        for path in parts:
            got(calls, token, path)
    with counted() as together:
        got(calls, token, f"/requests/{request}/case")
    assert len(together) < len(apart)
