"""Several reads of one snapshot: one time, one answer to each question, and no writing."""

import pytest

from service.storage import rosters
from service.storage.query_cache import found_so_far
from service.usecases import accounts, people, requests
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.conftest import HandClock
from tests.usecases.world import World


def test_all_is_read_as_it_was_when_the_moment_began(world: World, clock: HandClock) -> None:
    world.enrol_everybody()
    world.register()
    olga = world.caller("olga")
    began = clock()
    with world.ctx.at_one_moment(began) as then:
        assert [one.account for one in accounts.listing(then, olga).accounts] == [ACCOUNT]
        world.register(OTHER_ACCOUNT)
        clock.advance(minutes=5)
        assert [one.account for one in accounts.listing(then, olga).accounts] == [ACCOUNT]
        with then.read() as unit, then.read() as again:
            assert unit is again
            assert unit.now == began
    found = accounts.listing(world.ctx, olga).accounts
    assert [one.account for one in found] == [ACCOUNT, OTHER_ACCOUNT]


def test_whoever_reads_at_one_moment_cannot_write(world: World, clock: HandClock) -> None:
    world.enrol_everybody()
    with (
        world.ctx.at_one_moment(clock()) as then,
        pytest.raises(RuntimeError, match="cannot write"),
        then.write(),
    ):
        pytest.fail("it may write")
    assert people.everybody(world.ctx, world.caller("olga")).people


def test_a_snapshot_is_asked_once_and_a_writer_every_time(world: World, clock: HandClock) -> None:
    gus = world.caller("gus")
    world.ready()
    request = world.ask()
    with world.ctx.at_one_moment(clock()) as then:
        assert requests.show(then, gus, request).id == request
        assert then.moment is not None
        session = then.moment.session
        assert found_so_far(session, "current rosters").keys() == {ACCOUNT}
        assert rosters.current(session, ACCOUNT) is rosters.current(session, ACCOUNT)
    with world.ctx.write() as unit:
        rosters.current(unit.session, ACCOUNT)
        assert not found_so_far(unit.session, "current rosters")
