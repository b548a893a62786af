"""Whether both clients say the same about cases that a test made."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from service.domain.errors import Refusal
from tests.js.node import told
from tests.unit.domain.builders import EVERYBODY

SCRIPT = Path(__file__).parent / "rules" / "count.js"
CASES = 1500
Given = dict[str, Any]


def heard(run: Callable[[], Any]) -> Given:
    try:
        return {"code": "", "says": run()}
    except Refusal as refused:
        return {"code": refused.code}


def agreed(cases: list[tuple[Given, Given]]) -> list[Given]:
    """Both say the same of every case; returns what they say."""
    answers: list[Given] = told(SCRIPT, [given for given, _ in cases])
    for (given, expected), answer in zip(cases, answers, strict=True):
        assert answer == expected, given
    return answers


def keys(random: Random) -> dict[str, str]:
    return {one: "2" for one in EVERYBODY if random.random() < 0.15}
