"""Every lie in the command line's list is told to the browser's modules, with the same refusal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.js.lies import (
    drafts,
    epochs,
    heads,
    identities,
    lines,
    logs,
    outsiders,
    proofs,
    releases,
    requests,
    retired,
    rosters,
    splits,
    successors,
)
from tests.js.lies.case import Case, plain
from tests.js.node import told

HERE = Path(__file__).parent
TABLES = {
    "rosters": rosters,
    "identities": identities,
    "requests": requests,
    "retired": retired,
    "releases": releases,
    "logs": logs,
    "epochs": epochs,
    "heads": heads,
    "outsiders": outsiders,
    "lines": lines,
    "proofs": proofs,
    "drafts": drafts,
    "splits": splits,
    "successors": successors,
}


def heard(cases: Sequence[Case]) -> dict[str, tuple[str, Any]]:
    given = [{"act": case.act, "given": plain(case.given)} for case in cases]
    answers = told(HERE / "lies" / "tell.js", given)
    return {
        case.name: (answer["code"], None if case.says is None else answer.get("says"))
        for case, answer in zip(cases, answers, strict=True)
    }


@pytest.mark.parametrize("table", TABLES)
def test_the_browser_refuses_what_the_command_line_refuses_and_believes_the_rest(
    table: str, record_property: Any
) -> None:
    cases = TABLES[table].cases()
    names = [case.name for case in cases]
    assert len(set(names)) == len(names)
    lies = sum(1 for case in cases if case.code)
    print(f"{table}: {lies} lies, {len(cases) - lies} honest answers")
    record_property("lies", lies)
    assert heard(cases) == {case.name: case.heard for case in cases}
