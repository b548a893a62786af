"""Puts cases to the browser's rules and compares what they say with what Python's do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.domain.errors import Refusal
from tests.js.node import told

SCRIPT = Path(__file__).parent / "count.js"
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
