"""Accepting a clock that is behind the log: an event that everybody hears of."""

import pytest

from service.domain import errors
from service.usecases import clock as use_case
from service.usecases.delivery import step
from tests.aws.notices import TOPIC
from tests.fakes.channels import FakeChannels
from tests.usecases.world import World


def test_a_clock_behind_the_log_stops_writing_until_it_is_accepted(
    world: World, channels: FakeChannels
) -> None:
    world.ready()
    pending, approved, released = world.ask(), world.ask(), world.ask()
    world.approve_all(approved)
    world.approve_all(released)
    world.release(released)
    world.clock.advance(days=-3)
    with pytest.raises(errors.ClockBehindError):
        world.ask()
    done = use_case.accept(world.ctx, "ops:ada")
    assert (done.behind.days, done.expired) == (3, 2)
    assert world.state(pending) == world.state(approved) == "expired"
    assert world.state(released) == "rotation_due"  # its window would have lasted three days more
    assert "clock:accepted" in world.actions()
    assert world.actions().count("request:expired") == 2
    world.ask()  # goes on
    step(world.ctx, channels)
    [notice] = [n for n in channels.named[TOPIC].taken if n.action == "clock:accepted"]
    assert "ada (in the server's shell) made the service accept a clock" in notice.body


@pytest.mark.parametrize("behind", [-60, 0, 299, 300])
def test_a_clock_that_is_not_behind_needs_no_accepting(world: World, behind: int) -> None:
    world.ready()
    before = world.actions()
    world.clock.advance(seconds=-behind)
    with pytest.raises(errors.WrongStateError):
        use_case.accept(world.ctx, "ops:ada")
    assert world.actions() == before
