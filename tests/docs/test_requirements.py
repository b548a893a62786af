"""The checklist: no row missing, each with a test that exists, a later part, or a reason."""

import json
import re
from pathlib import Path

from service.domain.tasks import TASKS
from tests.contracts.tree import ROOT, project_files
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


LIMITS = re.compile(
    r"\broot('s| user| access)?\b[^.|;:]{0,90}\b(limit|restrict|narrow|scop|confin|least privilege)"
    r"|\b(limit|restrict|narrow|scop|confin)\w*\b[^.|;:]{0,60}\broot\b",
    re.IGNORECASE,
)
DENIED = re.compile(r"\b(cannot|nothing|no one|never|not|denies)\b")


def promises(text: str) -> list[str]:
    """Sentences that speak of limits to root and do not deny that there are any."""
    sentences = re.split(r"(?<=[.!?|;])\s", " ".join(text.split()))
    return [one for one in sentences if LIMITS.search(one) and not DENIED.search(one)]


def test_nothing_promises_that_root_can_be_limited() -> None:
    """What people read: the pages of documentation and those of the service, and its words."""
    shown = [path for kind in (".md", ".html") for path in project_files(kind)]
    words = [path for path in project_files(".py") if "client" in path.parts or "web" in path.parts]
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in (*shown, *words)}
    assert len(shown) > 40
    assert [(path, found) for path, text in texts.items() for found in promises(text)] == []
    assert "AWS cannot limit what root does once it is in" in texts[Path("README.md")]


def test_a_promise_is_seen() -> None:
    assert promises("Root access is limited to the task. It ends.")
    assert promises("The request narrows what root may do.")
    assert promises("AWS cannot limit what root does.") == []


def test_every_stored_case_that_a_row_names_exists_and_ends_as_it_says() -> None:
    """Both languages run all of them: what is refused there is refused by both."""
    named = re.findall(r"`([a-z]+)\.json: ([a-z0-9/_-]+)`", PAGE)
    assert named
    for file, case in named:
        cases = json.loads((ROOT / "tests" / "vectors" / f"{file}.json").read_text())["cases"]
        assert {one["expect"] for one in cases if one["id"] == case} == {"malformed"}, case
