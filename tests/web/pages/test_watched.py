"""A page that is only read names what it watches, and the API answers that."""

import pytest

from tests.cast import ACCOUNT
from tests.usecases.world import World
from tests.web.pages.conftest import Text, Visit


@pytest.mark.parametrize(
    ("page", "watched"),
    [
        ("/", "/home"),
        (f"/accounts/{ACCOUNT}", f"/accounts/{ACCOUNT}"),
        ("/requests", "/requests?limit=30"),
        ("/requests?account=&state=&before=", "/requests?limit=30"),
        ("/requests?state=open", "/requests"),
        ("/requests?before=99", "/requests"),
    ],
)
def test_a_page_watches_what_it_shows(visit: Visit, world: World, page: str, watched: str) -> None:
    world.ready()
    tags = Text(visit("gus", page).text).tags
    assert [given["data-watch"] for tag, given in tags if tag == "body"] == [watched]
    scripts = [given["src"] for tag, given in tags if tag == "script"]
    assert [(src or "").rpartition("/")[2] for src in scripts] == ["watched.js"]
    assert visit("gus", f"/api/v1{watched}", Accept="application/json").status_code == 200
