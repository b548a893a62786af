"""Every page as each kind of person meets it."""

import pytest

from tests.usecases.world import ACCOUNT, World
from tests.web.pages.conftest import Visit, said


@pytest.fixture
def asked(world: World) -> str:
    world.ready()
    return world.ask()


PAGES = (
    "/",
    "/accounts",
    f"/accounts/{ACCOUNT}",
    "/requests",
    "/requests/{request}",
    "/requests/{request}/release",
    "/history",
    "/me",
    "/sign-in",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("name", ["pia", "ria", "olga", "aud", "eve", ""])
def test_every_page(world: World, visit: Visit, asked: str, name: str, path: str) -> None:
    answer = visit(name, path.format(request=asked))
    print(answer.status_code, answer.headers.get("Location"), said(answer)[:3000])
    assert answer.status_code < 500
