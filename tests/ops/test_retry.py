"""Trying parked notices again: by the channel that is set now, and none twice."""

from service.aws.notices.channel import PermanentFault
from service.ops.outbox import parked, retry
from service.storage import accounts as stored_accounts
from service.storage import backlog, outbox
from service.usecases import accounts
from service.usecases.delivery import step
from service.wire.accounts import Channel
from tests.cast import ACCOUNT
from tests.fakes.channels import FakeChannels
from tests.usecases.world import World

OLD = "arn:aws:sns:eu-west-1:333333333333:old"
NEW = "arn:aws:sns:eu-west-1:333333333333:new"


def set_channel(world: World, topic: str) -> None:
    accounts.set_channel(world.ctx, world.caller("olga"), ACCOUNT, Channel(sns_topic_arn=topic))


def refused(world: World) -> FakeChannels:
    """The account's topic refuses everything."""
    channels = FakeChannels()
    world.enrol_everybody()
    world.register(topic=OLD)
    channels.named[OLD].fault = PermanentFault("NotFound")
    step(world.ctx, channels)
    return channels


def test_what_was_refused_is_listed_with_its_event(world: World) -> None:
    refused(world)
    [notice] = parked(world.ctx)
    assert (notice.leaf, notice.action, notice.subject) == (0, "account:registered", ACCOUNT)
    assert (notice.channel, notice.fault) == (OLD, "NotFound")


def test_a_notice_goes_where_its_account_is_told_now(world: World) -> None:
    channels = refused(world)
    set_channel(world, NEW)
    assert retry(world.ctx) == 1
    step(world.ctx, channels)
    assert "account:registered" in channels.named[NEW].actions
    assert [p.action for p in parked(world.ctx)] == ["account:channel-set"]  # the copy for OLD
    retry(world.ctx)
    step(world.ctx, channels)
    assert channels.named[NEW].actions.count("account:channel-set") == 1


def test_a_channel_that_nobody_uses_any_more_is_no_fault(world: World) -> None:
    channels = FakeChannels()
    refused(world)
    with world.ctx.database.write() as session:
        stored_accounts.get(session, ACCOUNT).sns_topic_arn = NEW
    retry(world.ctx)
    step(world.ctx, channels)
    with world.ctx.database.read() as session:
        assert not outbox.failing(session)
        assert not backlog.count(session).by_channel
