"""Pages where a requester may seal after their own release, and what they say afterwards."""

import pytest

from tests.cast import ACCOUNT
from tests.usecases.successors import CONFIRM, found, released, succeed
from tests.usecases.world import World
from tests.web.pages.conftest import Visit, said

SEAL = f"/accounts/{ACCOUNT}/seal"
KNOWS = "ealed by its requester: gus knows this password"  # at the beginning of a line or not


@pytest.mark.parametrize(("lets", "answer"), [(True, 200), (False, 403)])
def test_the_roster_says_for_whom_the_page_is(
    world: World, visit: Visit, *, lets: bool, answer: int
) -> None:
    found(world, lets=lets)
    assert visit("eve", SEAL).status_code == 200
    assert visit("gus", SEAL).status_code == answer
    assert visit("ann", SEAL).status_code == 403
    request = released(world)
    world.close(request)
    offered = f'href="{SEAL}"' in visit("gus", f"/requests/{request}/close").text
    assert offered is lets


def test_it_is_said_as_long_as_it_is_in_force(world: World, visit: Visit) -> None:
    found(world)
    succeed(world, released(world))
    assert KNOWS not in said(visit("ann", f"/accounts/{ACCOUNT}"))
    world.confirm(*CONFIRM)
    assert KNOWS in said(visit("ann", f"/accounts/{ACCOUNT}"))
    assert KNOWS in said(visit("eve", "/"))
    world.seal(by="eve")
    world.confirm(*CONFIRM)
    assert KNOWS not in said(visit("ann", f"/accounts/{ACCOUNT}"))
