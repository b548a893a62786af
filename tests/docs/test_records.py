"""Decision records: numbered without a gap, in one shape, each in the index."""

import re
from pathlib import Path

import pytest

from tests.contracts.tree import ROOT

FOLDER = ROOT / "docs" / "adr"
RECORDS = sorted(FOLDER.glob("0*.md"))
PARTS = ["Context", "Options", "Decision", "What gets worse"]


def test_records_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_has_the_shape_of_all(path: Path) -> None:
    text = path.read_text()
    assert text.startswith(f"# {int(path.name[:4])}. ")
    parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [part for part in PARTS if part in parts] == parts
    assert {*PARTS} - {"Options"} <= {*parts}
    assert len(text.split()) < 900  # one page


def test_the_index_has_each_record_with_its_title() -> None:
    index = re.findall(
        r"^\| \[(\d+)\]\((\S+)\) \| (.+) \|$", (FOLDER / "README.md").read_text(), re.MULTILINE
    )
    titles = {path.name: path.read_text().splitlines()[0] for path in RECORDS}
    assert {name: f"# {number}. {title}" for number, name, title in index} == titles


def test_every_dependency_is_accounted_for() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    declared = re.search(r"^dependencies = \[(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert declared is not None
    names = re.findall(r'"([a-z0-9-]+)', declared[1])
    text = (FOLDER / "0013-libraries.md").read_text().lower()
    assert [name for name in names if f"| {name} |" not in text and f"| {name} " not in text] == []
