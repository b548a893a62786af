"""Words that all faces share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import words
from service.domain.people import GroupName
from service.domain.request import State


def test_each_group_has_a_name() -> None:
    assert set(words.GROUPS) == set(GroupName)
    assert [words.group(name) for name in GroupName] == ["password group", "MFA group"]
    assert words.group("mfa") == words.group(GroupName.MFA)


def test_a_code_is_read_as_words() -> None:
    assert words.plain("rotation_due") == "rotation due"
    assert not any("_" in words.plain(state.value) for state in State)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ann", "Ann"),
        ("Ann\nBo", "Ann Bo"),
        ("a\u202eb", "a\ufffdb"),
        ("a\u2066b\u200bc\x1b[1md", "a\ufffdb\ufffdc\ufffd[1md"),
        ("a\u2028b", "a\ufffdb"),
        ("Zoë 李", "Zoë 李"),
    ],
)
def test_a_name_is_one_line_of_plain_words(text: str, shown: str) -> None:
    assert words.one_line(text) == shown


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "no one"),
        (["Ann"], "Ann"),
        (["Ann", "Bo"], "Ann and Bo"),
        (["Ann", "Bo", "C\ny"], "Ann, Bo and C y"),
    ],
)
def test_names_are_joined_as_people_do(names: list[str], said: str) -> None:
    assert words.listing(names) == said


@given(st.text())
def test_what_is_shown_is_as_long_as_what_was_typed_and_obeys_nothing(text: str) -> None:
    shown = words.one_line(text)
    assert len(shown) == len(text)
    assert len(shown.splitlines()) <= 1
    assert words.one_line(shown) == shown
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)


def test_an_escape_names_the_character() -> None:
    assert words.escaped("a\u202eb\n") == "a\\u202eb\\u000a"
