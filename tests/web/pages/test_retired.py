"""A line that its people have ended: every page of it says since when, and none asks to begin."""

import pytest

from tests.cast import ACCOUNT
from tests.usecases.test_retired_lines import retire
from tests.usecases.world import World
from tests.web.pages.conftest import Visit

OFFERED = ("Seal a password", "Ask to be root", "Ask for a drill", "Draft a roster")


@pytest.fixture
def retired(world: World) -> World:
    """A password was in force when the line ended."""
    world.ready()
    retire(world)
    return world


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("gus", "/"),
        ("gus", "/accounts"),
        ("ann", f"/accounts/{ACCOUNT}"),
        ("olga", "/operate"),
        ("aud", f"/accounts/{ACCOUNT}"),
    ],
)
def test_a_page_says_since_when_a_line_is_retired(
    retired: World, visit: Visit, who: str, path: str
) -> None:
    at = retired.clock()
    answer = visit(who, path)
    assert answer.status_code == 200
    assert f"retired since {at.day} {at:%B} {at.year}" in answer.text
    assert "sealed and ready" not in answer.text


@pytest.mark.parametrize("who", ["gus", "olga"])
def test_nothing_is_offered_that_a_retired_line_does_not_take(
    retired: World, visit: Visit, who: str
) -> None:
    shown = visit(who, f"/accounts/{ACCOUNT}").text
    assert not [words for words in OFFERED if words in shown]
    assert "draft a change" not in visit(who, "/operate").text


@pytest.mark.parametrize(
    ("who", "page"), [("gus", "ask"), ("gus", "drill"), ("gus", "seal"), ("olga", "draft")]
)
def test_a_page_that_begins_something_is_refused(
    retired: World, visit: Visit, who: str, page: str
) -> None:
    answer = visit(who, f"/accounts/{ACCOUNT}/{page}")
    assert answer.status_code == 409
    assert "this line of the account is retired" in answer.text.lower()


def test_before_its_end_a_line_is_offered_all_of_it(world: World, visit: Visit) -> None:
    world.ready()
    shown = visit("gus", f"/accounts/{ACCOUNT}").text + visit("olga", f"/accounts/{ACCOUNT}").text
    assert [words for words in OFFERED if words in shown] == list(OFFERED)
    assert "End this line of the account" in visit("olga", f"/accounts/{ACCOUNT}/draft").text
