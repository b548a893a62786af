"""What the benchmarks make by hand is of today's formats: else they end before their first row."""

from collections.abc import Callable

import pytest

from crypto.identity import Identity
from crypto.leaf import parse_leaf
from crypto.statement import parse
from tests.benchmarks import appends, exported


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (lambda: appends.approval(7, Identity.generate(), (1, bytes(32))).statement, "decision"),
        (lambda: parse_leaf(exported.signed(7)).statement, "identity"),
    ],
    ids=["appended", "exported"],
)
def test_a_statement_that_is_made_by_hand_parses(made: Callable[[], bytes], kind: str) -> None:
    assert parse(made()).payload["kind"] == kind
