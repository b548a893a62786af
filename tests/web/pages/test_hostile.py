"""What people write is shown and never obeyed."""

import pytest

from tests.cast import ACCOUNT
from tests.usecases.world import World
from tests.web.pages.conftest import Text, Visit

MARKUP = '<script>alert(1)</script><img src=x onerror="alert(2)">'
QUOTES = "\"' onclick='alert(3)' {{ 7*7 }} {% raw %}"


@pytest.fixture
def pages(world: World, visit: Visit) -> list[str]:
    """Every page on which something of it stands."""
    world.enrol_everybody()
    world.register()
    # The service takes neither controls nor direction marks into a signed text; markup it takes.
    world.accept_roster(name=MARKUP[:60])
    world.seal()
    world.confirm("ann", "bob", "dea", "eli")
    request = world.ask(reason=MARKUP + QUOTES, ticket=QUOTES, task="other", task_text=MARKUP)
    world.deny("ann", request, MARKUP + QUOTES)
    paths = (
        "/",
        "/accounts",
        f"/accounts/{ACCOUNT}",
        "/requests",
        f"/requests/{request}",
        "/history",
        f"/history/year?account={ACCOUNT}",
    )
    return [visit("gus", path).text for path in (*paths, f"/requests/{request}/release")]


def test_markup_is_words(pages: list[str]) -> None:
    for page in pages:
        tags = Text(page).tags
        assert [a for tag, a in tags if tag == "img"] == []
        assert all("src" in a for tag, a in tags if tag == "script")
        assert not [name for _, a in tags for name in a if name.startswith("on")]
    assert any("<script>alert(1)</script>" in Text(page).said for page in pages)


def test_braces_are_no_template(pages: list[str]) -> None:
    assert any("{{ 7*7 }}" in Text(page).said for page in pages)
