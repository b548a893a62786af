"""The document says what the benchmarks compare, and takes the tables of a run."""

from pathlib import Path

import pytest

from tests.benchmarks.figures import Count, Row, Slowest
from tests.benchmarks.kinds import KINDS, Kind
from tests.benchmarks.report import COMPARED, MEASURED, compared, replaced, tables

DOCUMENT = Path(__file__).parents[2] / "docs" / "performance.md"


def test_the_document_has_the_table_of_what_is_compared() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert replaced(document, COMPARED, compared()) == document


def test_the_document_has_a_place_for_the_tables_of_a_run() -> None:
    assert "measured" in replaced(DOCUMENT.read_text(encoding="utf-8"), MEASURED, "measured")


@pytest.mark.parametrize("document", ["", "<!-- x: begin -->\n", "<!-- x: end -->"])
def test_a_document_without_both_marks_is_refused(document: str) -> None:
    with pytest.raises(ValueError, match="no one place"):
        replaced(document, "x", "text")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_limit_has_its_reason_and_each_ratio_its_other_side(kind: Kind) -> None:
    assert kind.why
    assert kind.ours
    assert kind.at_most is None or kind.at_least is None
    assert "|" not in kind.ours + kind.bare + kind.why


def _row(name: str, kind: str) -> Row:
    return Row(name=name, kind=kind, ours=3.0, bare=1.0, quick=2.5, count=60)


def test_a_table_for_each_sort_of_figure() -> None:
    text = tables(
        [
            _row("seal", "seal"),
            _row("verify", "verify"),
            _row("deep page", "growth"),
            Slowest(name="inclusion", kind="proof", middle=1, slow=6, count=300),
            Count(name="first load", kind="first load", found=119_470),
        ]
    )
    assert [line.replace(" ", "") for line in text.splitlines() if "--" not in line] == [
        "|what|oursms|barems|n|ratio|limit|verdict|calm|",
        "|seal|3.000|1.000|60|3.00|<=3.6|within|2.50|",
        "|verify|3.000|1.000|60|0.33|>=0.3|met|0.40|",
        "",
        "|what|oursms|besidems|n|ratio|limit|verdict|calm|",
        "|deeppage|3.000|1.000|60|3.00|<=1.5|OVER|2.50|",
        "",
        "|what|medianms|p99ms|n|limit|verdict|",
        "|inclusion|1.00|6.00|300|<=5|OVER|",
        "",
        "|what|counted|limit|verdict|",
        "|firstload|119,470|<=120,000|within|",
    ]
