"""The checklist: no row missing, each with a test that exists, a later part, or a reason."""

import re

from service.domain.tasks import TASKS
from tests.contracts.tree import ROOT
from tests.docs.checklist import PARTS, ROWS
from tests.docs.sources import defined_tests

PAGE = (ROOT / "docs" / "requirements.md").read_text()
ROW = re.compile(r"^\| ([A-Z][0-9]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
STANDS = re.compile(rf"(?:^|[.;] )(?:Test: `|Later, (?:{'|'.join(PARTS)})(?=[:;.]|$)|Not: \w)")


def test_no_row_of_the_checklist_is_missing_or_made_up() -> None:
    assert [row[0] for row in ROW.findall(PAGE)] == sorted(ROWS, key=_place)


def _place(row: str) -> tuple[bool, str, int]:
    return row[0] == "X", row[0], int(row[1:])


def test_every_row_says_where_it_stands() -> None:
    assert [row[0] for row in ROW.findall(PAGE) if not STANDS.search(row[2].strip())] == []


def test_nothing_comes_later_in_a_part_that_nobody_knows() -> None:
    later = re.findall(r"Later, ([^:;.|]+)", PAGE)
    assert {part.strip() for part in later} == set(PARTS)


def test_every_test_that_a_row_names_exists() -> None:
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", PAGE))
    assert named - defined_tests() == set()


def test_every_task_of_the_catalogue_is_in_the_checklist() -> None:
    catalogue = PAGE.partition("## The catalogue of tasks")[2].partition("| --- | --- |")[2]
    assert sorted(re.findall(r"`([a-z0-9-]+)`", catalogue)) == sorted(TASKS)


def test_nothing_promises_that_root_can_be_limited() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "AWS cannot limit what root does once it is in" in readme
