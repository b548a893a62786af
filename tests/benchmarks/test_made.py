"""What the benchmarks make by hand is of today's formats: else they end before their first row."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from crypto.identity import Identity
from crypto.leaf import parse_leaf
from crypto.statement import parse
from tests.benchmarks import appends, exported, primitives
from tests.benchmarks.figures import Row, Timed


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


def test_each_act_of_a_device_that_is_measured_still_does_its_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def once(name: str, _kind: str, pairs: Iterable[tuple[Timed, Timed]]) -> Row:
        for one in next(iter(pairs)):
            one()
        done.append(name)
        return Row(name=name, kind="seal", ours=1, bare=1, quick=1, count=1)

    monkeypatch.setattr(primitives, "in_turn", once)
    assert len([*primitives.rows(tmp_path)]) == len(done) == 4
