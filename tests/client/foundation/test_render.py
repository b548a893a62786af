from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.client.foundation import render

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@given(st.text())
def test_no_text_drives_a_terminal(text: str) -> None:
    shown = render.clean(text)
    assert len(shown) == len(text)
    assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in shown)
    assert not set(shown) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069")


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_a_table_has_one_line_for_each_row(rows: list[list[str]]) -> None:
    lines = render.table(("who", "what"), rows)
    assert len(lines) == len(rows) + 1
    assert not any("\n" in line for line in lines)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (60, "1 minute"),
        (3600, "1 hour"),
        (7500, "2 hours 5 minutes"),
        (90061, "1 day 1 hour"),
    ],
)
def test_a_length_of_time_is_said_in_at_most_two_units(seconds: int, words: str) -> None:
    assert render.duration(seconds) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "never"),
        ("2026-11-23T14:00:00Z", "now (14:00 UTC)"),
        ("2026-11-23T14:05:00Z", "in 5 minutes (14:05 UTC)"),
        ("2026-11-23T13:59:00Z", "1 minute ago (13:59 UTC)"),
        ("2026-11-25T14:00:00Z", "in 2 days (2026-11-25 14:00 UTC)"),
        ("2026-11-23T99:00:00Z", "2026-11-23T99:00:00Z"),
        ("soon\x1b[2J", "soon\ufffd[2J"),
    ],
)
def test_a_moment_is_said_from_now(text: str, words: str) -> None:
    assert render.moment(text, NOW) == words


@pytest.mark.parametrize(
    ("names", "words"),
    [([], "no one"), (["Ann"], "Ann"), (["Ann", "Bob"], "Ann and Bob"), ("abc", "a, b and c")],
)
def test_names_are_joined_as_people_do(names: list[str], words: str) -> None:
    assert render.listing(names) == words


def test_words_are_numbered_to_be_asked_for() -> None:
    assert render.spoken(["aide", "axle"]) == "1 aide  2 axle"


def test_brackets_in_a_cell_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    render.print_table(("reason",), [("[red]x[/red]",)], rich=True, write=print)
    assert "[red]x[/red]" in capsys.readouterr().out
