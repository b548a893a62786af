"""A further line of an account: registered in turn, and announced to the people of every line."""

import pytest

from crypto.leaf import Leaf
from service.domain.events import Action
from service.usecases.delivery import step
from service.usecases.lines import announce_due
from tests.aws.test_delivery import OTHER_TOPIC, leaves
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.fakes.channels import FakeChannels
from tests.usecases.refusals.conftest import refused
from tests.usecases.world import World

LINE = f"{ACCOUNT}.2"
THIRD = f"{ACCOUNT}.3"


@pytest.fixture
def registered(world: World) -> World:
    """Two lines of one account, the second with a topic of its own, and another account."""
    world.enrol_everybody()
    world.register()
    world.register(OTHER_ACCOUNT, OTHER_TOPIC)
    world.register(LINE, OTHER_TOPIC)
    return world


def of(world: World, action: Action) -> list[Leaf]:
    return [leaf for leaf in leaves(world) if leaf.action == action]


def test_all_lines_hear_who_registered_a_further_one(registered: World) -> None:
    told = of(registered, Action.LINE_REGISTERED)
    assert [leaf.subject for leaf in told] == [ACCOUNT, LINE]
    assert {leaf.actor for leaf in told} == {registered.id("olga")}
    channels = FakeChannels()
    step(registered.ctx, channels)
    for topic, line in ((registered.ctx.default_channel, ACCOUNT), (OTHER_TOPIC, LINE)):
        [notice] = [n for n in channels.named[topic].taken if n.action == "line:registered"]
        assert (notice.account, notice.severity) == (line, "urgent")
        assert f"olga registered {LINE}, a further line of this AWS account" in notice.body


def test_it_is_announced_once_a_day_for_a_week_and_no_longer(registered: World) -> None:
    for _ in range(2 * 9):
        registered.clock.advance(hours=12)
        announce_due(registered.ctx)
        announce_due(registered.ctx)
    told = of(registered, Action.LINE_ANNOUNCED)
    assert [(leaf.subject, leaf.details["day"]) for leaf in told] == [
        (line, day) for day in range(1, 8) for line in (ACCOUNT, LINE)
    ]
    channels = FakeChannels()
    step(registered.ctx, channels)
    for topic in (registered.ctx.default_channel, OTHER_TOPIC):
        heard = [n.severity for n in channels.named[topic].taken if n.action == "line:announced"]
        assert heard == ["urgent"] * 7


def test_a_worker_that_stood_still_says_the_last_day_only(registered: World) -> None:
    registered.clock.advance(days=30)
    assert announce_due(registered.ctx) == 2
    assert [leaf.details["day"] for leaf in of(registered, Action.LINE_ANNOUNCED)] == [7, 7]
    assert announce_due(registered.ctx) == 0


def test_the_next_line_waits_a_week_and_then_all_three_hear(registered: World) -> None:
    registered.clock.advance(days=7, seconds=-1)
    refused(registered, "line-too-soon", lambda w: w.register(THIRD))
    registered.clock.advance(seconds=1)
    registered.register(THIRD)
    told = of(registered, Action.LINE_REGISTERED)[-3:]
    assert [leaf.subject for leaf in told] == [ACCOUNT, LINE, THIRD]


@pytest.mark.act("account.register")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LINE, "taken"),
        (f"{ACCOUNT}.4", "line-order"),
        (f"{OTHER_ACCOUNT}.3", "line-order"),
        ("999999999999.2", "line-order"),
        (THIRD, "line-too-soon"),
    ],
)
def test_a_line_out_of_turn_is_refused(registered: World, line: str, code: str) -> None:
    refused(registered, code, lambda w: w.register(line))


def test_a_line_of_another_account_does_not_wait_for_it(registered: World) -> None:
    registered.register(f"{OTHER_ACCOUNT}.2")
    assert of(registered, Action.LINE_REGISTERED)[-1].subject == f"{OTHER_ACCOUNT}.2"


def test_no_line_is_announced_through_the_account_itself(registered: World) -> None:
    registered.clock.advance(days=8)
    topic = f"arn:aws:sns:eu-west-1:{ACCOUNT}:inside"
    refused(registered, "circular-channel", lambda w: w.register(THIRD, topic))
