"""When a line counts as hidden, at the exact edges."""

import pytest

from service.client.trust.lines import is_hidden


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        (None, True),
        ((1, "a"), True),
        ((2, "b"), False),
        ((2, "a"), True),
        ((3, "c"), False),
    ],
    ids=str,
)
def test_a_line_is_shown_with_what_was_verified_or_a_newer_roster(
    shown: tuple[int, str] | None, hidden: bool
) -> None:
    assert is_hidden(shown, (2, "b")) == hidden
