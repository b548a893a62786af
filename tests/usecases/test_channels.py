"""Whether anybody outside is being told, and how each channel does."""

from dataclasses import replace

import pytest

from service.aws.notices.channel import Channel, PermanentFault, TransientFault
from service.domain import errors
from service.domain.notices import Notice
from service.usecases import channels, delivery
from service.usecases.context import Context
from service.wire.channels import ChannelHealth
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.conftest import HandClock
from tests.usecases.world import World

DEFAULT = "arn:aws:sns:eu-central-1:999999999999:told"
OWN = "arn:aws:sns:eu-central-1:999999999999:payments"


class Book:
    """Channels that take notices, or refuse them all with one fault."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault

    def of(self, name: str) -> Channel:
        return self

    def send(self, notice: Notice) -> None:
        if self.fault is not None:
            raise self.fault


def with_topic(world: World) -> Context:
    world.enrol_everybody()
    world.ctx = replace(world.ctx, default_channel=DEFAULT)
    return world.ctx


def test_a_file_is_nobody_outside(world: World) -> None:
    assert not channels.outside(world.ctx)


def test_the_services_own_topic_is_somebody_outside(world: World) -> None:
    ctx = with_topic(world)
    assert channels.outside(ctx)
    world.register()
    delivery.step(ctx, Book())
    assert channels.outside(ctx)


def test_one_account_told_in_a_file_is_enough_to_say_so(world: World) -> None:
    world.enrol_everybody()
    world.register(topic=OWN)
    assert channels.outside(world.ctx)
    world.register(OTHER_ACCOUNT)
    assert not channels.outside(world.ctx)


@pytest.mark.parametrize(
    ("fault", "tries"), [(PermanentFault("NotFound"), 1), (TransientFault("Throttled"), 6)]
)
def test_a_channel_that_takes_nothing_tells_nobody(
    world: World, clock: HandClock, fault: Exception, tries: int
) -> None:
    ctx = with_topic(world)
    world.register()
    for _ in range(tries - 1):
        delivery.step(ctx, Book(fault))
        assert channels.outside(ctx)
        clock.advance(minutes=1)
    delivery.step(ctx, Book(fault))
    assert not channels.outside(ctx)
    [shown] = channels.health(ctx, world.caller("olga")).channels
    assert (shown.channel, shown.accounts) == (DEFAULT, [ACCOUNT])
    assert (shown.fault, shown.waiting > 0) == (str(fault), True)
    clock.advance(hours=1)
    delivery.step(ctx, Book())
    delivery.step(ctx, Book())
    assert channels.outside(ctx)


def test_a_notice_that_nobody_has_sent_for_ten_minutes_tells_nobody(
    world: World, clock: HandClock
) -> None:
    ctx = with_topic(world)
    world.register()
    clock.advance(minutes=10)
    assert channels.outside(ctx)
    clock.advance(seconds=1)
    assert not channels.outside(ctx)


@pytest.mark.act("channel.list")
def test_operators_and_auditors_see_each_channel(world: World, clock: HandClock) -> None:
    ctx = with_topic(world)
    world.register(topic=OWN)
    world.register(OTHER_ACCOUNT)
    began = clock()
    clock.advance(minutes=2)
    for name in ("olga", "aud"):
        found = channels.health(ctx, world.caller(name))
        assert found.outside
        assert found.channels == [
            ChannelHealth(
                channel=channel,
                accounts=[account],
                waiting=1,
                oldest_at=began.strftime("%Y-%m-%dT%H:%M:%SZ"),
                fault="",
            )
            for channel, account in ((OWN, ACCOUNT), (DEFAULT, OTHER_ACCOUNT))
        ]
    delivery.step(ctx, Book())
    sent = channels.health(ctx, world.caller("aud")).channels
    assert [(c.waiting, c.oldest_at) for c in sent] == [(0, ""), (0, "")]


def test_nobody_else_sees_channels(world: World) -> None:
    world.enrol_everybody()
    with pytest.raises(errors.NotAllowedError):
        channels.health(world.ctx, world.caller("ann"))
