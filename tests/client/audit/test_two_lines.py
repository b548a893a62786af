"""Two lines of one account in one log: what happened in one explains nothing in the other."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.client.audit.report.story import Story
from service.domain.credential import EnvelopeState
from tests.cast import ACCOUNT, CUSTODIANS
from tests.client.audit import story
from tests.client.audit.exports import replayed_by
from tests.usecases.world import World

LINE = f"{ACCOUNT}.2"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str, str]]:
    """An open request in the first line; a release, closed, in the second."""
    with story.a_world(tmp_path_factory.mktemp("lines")) as world:
        story.begin(world)
        asked = world.ask()
        world.register(LINE)
        line = replace(world, account=LINE, roster=None, manifests={}, sealed={}, asked={})
        line.accept_roster()
        line.seal()
        line.confirm(*CUSTODIANS)
        released = line.ask()
        line.approve_all(released)
        line.release(released)
        line.close(released)
        yield world, asked, released


def test_a_release_in_one_line_exposes_and_ends_nothing_in_the_other(
    told: tuple[World, str, str],
) -> None:
    world, asked, released = told
    timelines = Story()
    replayed = replayed_by(timelines, story.leaves_of(world))
    first, second = replayed.accounts[ACCOUNT], replayed.accounts[LINE]
    assert first.in_force is not None
    assert second.in_force is not None
    assert (first.in_force.state, second.in_force.state) == (
        EnvelopeState.READY,
        EnvelopeState.EXPOSED,
    )
    assert (first.opened, first.rotating()) == (set(), [])
    assert [one.id for one in second.rotating()] == [released]
    assert [one.id for one in first.collecting()] == [asked]
    assert second.collecting() == []
    assert timelines.requests[asked].release is None
    assert timelines.requests[released].release is not None
    assert {name: told.account for name, told in timelines.requests.items()} == {
        asked: ACCOUNT,
        released: LINE,
    }


def test_a_new_password_of_one_line_settles_nothing_that_is_due_in_the_other(
    told: tuple[World, str, str],
) -> None:
    world, _, released = told
    world.seal()
    world.confirm(*CUSTODIANS)
    replayed = replayed_by(Story(), story.leaves_of(world))
    assert [one.id for one in replayed.accounts[LINE].rotating()] == [released]
    newest = replayed.accounts[ACCOUNT].newest
    assert newest is not None
    assert newest.version == 2
