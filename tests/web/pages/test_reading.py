"""Every page as each kind of person meets it."""

from tests.usecases.world import World
from tests.web.pages.conftest import Visit, said


def test_home_says_what_waits(world: World, visit: Visit) -> None:
    world.ready()
    world.ask()
    answer = visit("pia", "/")
    assert answer.status_code == 200
    assert "One thing waits for you" in said(answer)
    assert "ria asks to be root" in said(answer)
