"""History as a file: all of it, page by page, and nothing in it that a spreadsheet would run."""

import csv
import json
from collections.abc import Sequence
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.storage.history import Filter, Page, page
from service.usecases import history
from service.web import spreadsheet
from service.web.event_files import COLUMNS, table
from service.wire.log import Leaf
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.usecases.world import World
from tests.web.calling import code_of
from tests.web.pages.conftest import Visit

FILE = "/api/v1/events/file"


@pytest.fixture(autouse=True)
def two_accounts(world: World) -> None:
    world.ready()
    world.register(OTHER_ACCOUNT)


def read(visit: Visit, name: str, query: str = "") -> list[dict[str, str]]:
    answer = visit(name, FILE + query)
    assert answer.status_code == 200
    assert answer.content_type == spreadsheet.MEDIA_TYPE
    return list(csv.DictReader(StringIO(answer.text, newline="")))


def leaf(**changes: str) -> Leaf:
    known = {"actor": "service", "action": "log:started", "subject": "service", "request": ""}
    known |= {"at": "2026-11-24T09:00:00Z", "sentence": "the log was started", **changes}
    return Leaf.model_validate({"seq": 0, "details": {}, **known})


def test_all_of_it_newest_first(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def short(session: object, wanted: Filter, *, limit: int) -> Page:
        asked.append(limit)
        return page(session, wanted, limit=7)  # type: ignore[arg-type] # a session it is

    monkeypatch.setattr(history, "page", short)
    rows = read(visit, "aud")
    numbers = [int(row["entry"]) for row in rows]
    assert numbers == list(range(len(rows)))[::-1]
    assert len(asked) == -(-len(rows) // 7)
    assert set(asked) == {200}


def test_the_filters_of_the_list_apply(visit: Visit) -> None:
    rows = read(visit, "aud", f"?account={ACCOUNT}&action=envelope:confirmed")
    assert len(rows) == 6
    assert {row["account"] for row in rows} == {ACCOUNT}
    assert {row["what"].partition(" ")[2] for row in rows} == {
        "confirmed that their share of the password group opens",
        "confirmed that their share of the mfa group opens",
    }
    assert json.loads(rows[0]["details"])["group"] == "mfa"


def test_nobody_gets_more_than_they_see(visit: Visit) -> None:
    assert OTHER_ACCOUNT not in {row["account"] for row in read(visit, "ann")}
    assert read(visit, "eve") == []
    assert code_of(visit("ann", f"{FILE}?account={OTHER_ACCOUNT}")) == "not-found"
    assert code_of(visit("", FILE)) == "not-signed-in"
    assert code_of(visit("ann", f"{FILE}?form=xls")) == "malformed"


def test_that_an_auditor_took_it_is_an_event(visit: Visit) -> None:
    read(visit, "aud")
    newest = read(visit, "olga")[0]
    assert newest["action"] == "events:read"
    assert newest["what"].startswith("aud ")


def test_lines_are_the_events_of_the_list(visit: Visit) -> None:
    answer = visit("ann", f"{FILE}?form=jsonl&account={ACCOUNT}")
    listed = json.loads(visit("ann", f"/api/v1/events?account={ACCOUNT}&limit=200").data)
    assert [json.loads(line) for line in answer.data.splitlines()] == listed["events"]
    assert answer.content_type == "application/x-ndjson"
    named = "attachment; filename=breakglass-history.jsonl"
    assert answer.headers["Content-Disposition"] == named


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\uff0b1"],
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert spreadsheet.plain(text) == f"'{text}"


def test_a_name_cannot_leave_its_cell() -> None:
    sentence = '=cmd|\' /C calc\'!A0","x"\r\n=2 enrolled'
    [heads, row] = _cells(leaf(sentence=sentence))
    assert heads == list(COLUMNS)
    assert row[3] == f"'{sentence}"


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=4))
def test_any_text_comes_back(texts: Sequence[str]) -> None:
    lines = b"".join(spreadsheet.rows([[1, *texts]])).decode()
    [row] = list(csv.reader(StringIO(lines, newline="")))
    assert row == ["1", *map(spreadsheet.plain, texts)]


def _cells(*leaves: Leaf) -> list[list[str]]:
    text = b"".join(table([leaves])).decode()
    return list(csv.reader(StringIO(text, newline="")))
