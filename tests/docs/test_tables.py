"""Tables that code decides: written as the code is now, and without an empty cell."""

import re
from pathlib import Path

import pytest

from tests.contracts.tree import ROOT
from tests.docs import tables
from tests.docs.faces import ALONE, COMMANDS_OF, MANY, NO_PAGE, OF_FILES, PAGES_OF
from tests.docs.seen import OF_CLIENT, OF_SERVICE, seen_in
from tests.docs.sources import (
    EVERY_ACT,
    calls_of,
    commands,
    defined_tests,
    marked_tests,
    module_of,
    page_paths,
    reachable,
    routes,
)

AGAIN = "run: python -m tests.docs.tables"


@pytest.mark.parametrize("path", tables.pages(), ids=lambda path: path.name)
def test_a_written_table_is_what_the_code_says(path: Path) -> None:
    assert path.read_text() == tables.pages()[path], AGAIN


def test_no_cell_is_empty() -> None:
    rows = [
        *tables.act_rows(),
        *tables.refusal_rows(),
        *tables.client_rows(),
        *tables.event_rows(),
        *tables.evidence_rows(),
        *tables.advice_rows(),
    ]
    assert [row for row in rows if not all(cell.strip() for cell in row)] == []


def test_a_refusal_that_no_test_sees_is_noticed() -> None:
    assert seen_in(OF_SERVICE, "no-such-code", "NoSuchError") == ""
    assert seen_in(OF_CLIENT, "no-such-code") == ""
    assert seen_in(OF_CLIENT, "drill-failed") == "client/commands/test_drills.py"
    assert seen_in(OF_SERVICE, "too-few-signers", "TooFewSignersError") != ""


def test_every_act_has_a_command_or_a_reason_and_not_both() -> None:
    assert COMMANDS_OF.keys() | ALONE.keys() == routes().keys()
    assert COMMANDS_OF.keys() & ALONE.keys() == set()


def test_every_command_does_some_act_or_works_on_files() -> None:
    named = {command for row in COMMANDS_OF.values() for command in row} - MANY
    assert named | OF_FILES == commands().keys()
    assert named & OF_FILES == set()


def test_every_act_has_a_page_or_a_reason_and_not_both() -> None:
    assert PAGES_OF.keys() | NO_PAGE.keys() == routes().keys()
    assert PAGES_OF.keys() & NO_PAGE.keys() == set()


def test_every_page_does_some_act() -> None:
    named = {page for row in PAGES_OF.values() for page in row if page.startswith("/")}
    assert named == page_paths()


@pytest.mark.parametrize("name", COMMANDS_OF)
def test_a_command_that_is_named_can_make_the_call(name: str) -> None:
    route = routes()[name]
    path = re.sub(r"<[a-z]+:[a-z]+>", "{}", route.path.removeprefix("/api/v1"))
    for command in COMMANDS_OF[name]:
        module = "cli.checkpoints" if command in MANY else module_of(command)
        if command in MANY:
            module = {"session.freshen": "cli.session", "home.show": "commands.people"}.get(
                name, module
            )
        made = {call for part in reachable(module) for call in calls_of(part)}
        assert (route.method, path) in made, f"{command} never calls {route.method} {path}"


def test_every_act_is_done_by_the_test_that_all_rows_name() -> None:
    assert EVERY_ACT.rpartition("::")[2] in defined_tests()
    assert marked_tests().keys() <= routes().keys()


def test_the_tables_lie_where_the_documentation_does() -> None:
    assert {path.parent for path in tables.pages()} == {ROOT / "docs"}
