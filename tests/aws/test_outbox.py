"""The outbox when channels fail, workers die, clocks jump: no notice is lost or feeds another."""

import pytest
from sqlalchemy import select

from service.aws.notices.channel import PermanentFault, TransientFault
from service.storage import backlog, outbox
from service.storage.tables import OutboxRow
from service.usecases.delivery import ALARM_AFTER, LEASE, step
from tests.aws.notices import TOPIC
from tests.aws.workers import work_at_once
from tests.fakes.channels import FakeChannel, FakeChannels
from tests.usecases.world import World

ACCOUNTS = ("000000000001", "000000000002", "000000000003")


@pytest.fixture
def queued(world: World) -> World:
    """Three notices wait."""
    world.enrol_everybody()
    for account in ACCOUNTS:
        world.register(account)
    return world


@pytest.fixture
def topic(channels: FakeChannels) -> FakeChannel:
    return channels.named[TOPIC]


def rows(world: World) -> list[OutboxRow]:
    with world.ctx.database.read() as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.leaf)))


def states(world: World) -> list[str]:
    return [row.state for row in rows(world)]


def rounds(world: World, channels: FakeChannels, count: int, **pause: float) -> None:
    for _ in range(count):
        step(world.ctx, channels)
        world.clock.advance(**pause)


def test_a_fault_that_passes_is_waited_out_in_silence(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = TransientFault("Throttled")
    rounds(queued, channels, 3, seconds=1)
    assert states(queued) == ["queued"] * 3
    assert not topic.taken
    topic.fault = None
    rounds(queued, channels, 1, seconds=10)
    rounds(queued, channels, 1, seconds=0)
    assert states(queued) == ["sent"] * 3
    assert topic.actions == ["account:registered"] * 3


def test_while_a_channel_hangs_only_one_notice_tries_it_at_a_time(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = TransientFault("ReadTimeoutError")
    step(queued.ctx, channels)
    assert topic.tried == 1
    queued.clock.advance(seconds=1)
    assert step(queued.ctx, channels) == 0


def test_a_fault_that_does_not_pass_is_one_event_and_so_is_the_recovery(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = TransientFault("ReadTimeoutError")
    rounds(queued, channels, ALARM_AFTER - 1, minutes=6)
    assert "channel:failed" not in queued.actions()
    rounds(queued, channels, 20, minutes=6)
    assert queued.actions().count("channel:failed") == 1
    topic.fault = None
    rounds(queued, channels, 3, minutes=6)
    assert queued.actions().count("channel:recovered") == 1
    assert queued.actions().count("channel:failed") == 1
    assert set(states(queued)) == {"sent"}
    assert [a for a in topic.actions if ":reg" not in a] == ["channel:failed", "channel:recovered"]


def test_a_refusal_parks_the_notice_says_so_at_once_and_never_drops_it(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = PermanentFault("AuthorizationError")
    step(queued.ctx, channels)
    assert states(queued) == ["parked"] * 4  # the notice of the failure too
    assert queued.actions().count("channel:failed") == 1
    assert {row.fault for row in rows(queued)} == {"AuthorizationError"}
    with queued.ctx.database.read() as session:
        waits = backlog.count(session)
        assert (waits.by_channel, waits.parked) == ({TOPIC: 4}, 4)
        assert waits.oldest == queued.clock()
        [failing] = outbox.failing(session)
    assert (failing.channel, failing.fault) == (TOPIC, "AuthorizationError")


def test_a_failing_channel_does_not_feed_on_notices_of_its_own_failure(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = PermanentFault("NotFound")
    rounds(queued, channels, 50, hours=1)
    assert queued.actions() == ["account:registered"] * 3 + ["channel:failed"]


def test_parked_notices_are_tried_again_each_hour(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = PermanentFault("NotFound")
    step(queued.ctx, channels)
    tried = topic.tried
    rounds(queued, channels, 1, minutes=59)
    assert topic.tried == tried
    queued.clock.advance(minutes=1)
    topic.fault = None
    rounds(queued, channels, 2)
    assert set(states(queued)) == {"sent"}
    assert queued.actions()[-2:] == ["channel:failed", "channel:recovered"]
    with queued.ctx.database.read() as session:
        assert not outbox.failing(session)


def test_parked_notices_go_out_as_soon_as_their_channel_takes_another_one(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = PermanentFault("NotFound")
    step(queued.ctx, channels)
    topic.fault = None
    queued.register("000000000004")
    step(queued.ctx, channels)
    assert set(states(queued)) == {"sent"}


def test_one_notice_that_is_always_refused_makes_no_endless_events(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = PermanentFault("InvalidParameter")
    topic.fails = lambda notice: notice.account == ACCOUNTS[1]
    rounds(queued, channels, 30, hours=1)
    assert queued.actions() == ["account:registered"] * 3 + ["channel:failed"]
    assert states(queued) == ["sent", "parked", "sent", "sent"]


def test_an_operator_may_have_everything_tried_at_once(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = PermanentFault("NotFound")
    step(queued.ctx, channels)
    topic.fault = None
    with queued.ctx.database.write() as session:
        assert outbox.wake(session) == 4
    rounds(queued, channels, 2)
    assert set(states(queued)) == {"sent"}


def test_what_a_dead_worker_held_is_sent_when_its_time_is_over(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    with queued.ctx.database.write() as session:
        dead = outbox.claim(session, queued.clock(), LEASE)
    assert dead is not None
    step(queued.ctx, channels)
    assert states(queued) == ["sending", "sent", "sent"]
    queued.clock.advance(seconds=LEASE.total_seconds())
    step(queued.ctx, channels)
    assert set(states(queued)) == {"sent"}
    assert len(topic.taken) == 3


def test_the_only_worker_takes_back_what_the_last_one_held(
    queued: World, channels: FakeChannels
) -> None:
    with queued.ctx.database.write() as session:
        outbox.claim(session, queued.clock(), LEASE)
    with queued.ctx.database.write() as session:
        outbox.give_up_claims(session)
    step(queued.ctx, channels)
    assert set(states(queued)) == {"sent"}


def test_a_worker_whose_time_was_over_does_not_undo_what_the_next_one_did(queued: World) -> None:
    database, now = queued.ctx.database, queued.clock()
    with database.write() as session:
        slow = outbox.claim(session, now, LEASE)
    with database.write() as session:
        fast = outbox.claim(session, now + LEASE, LEASE)
    assert slow is not None
    assert fast is not None
    assert (slow.id, slow.attempt, fast.attempt) == (fast.id, 1, 2)
    with database.write() as session:
        outbox.put_back(session, slow, until=now, fault="Throttled", parked=False)
    assert states(queued)[0] == "sending"
    with database.write() as session:
        outbox.finish(session, fast)
    with database.write() as session:
        outbox.put_back(session, slow, until=now, fault="Throttled", parked=False)
    assert states(queued)[0] == "sent"


def test_several_workers_share_the_work_and_send_each_notice_once(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    for number in range(4, 24):
        queued.register(f"{number:012}")
    work_at_once(lambda: step(queued.ctx, channels))
    assert len(topic.taken) == len({n.event_id for n in topic.taken}) == 23


def test_a_clock_that_was_set_back_strands_no_notice(
    queued: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = PermanentFault("NotFound")
    step(queued.ctx, channels)
    topic.fault = None
    queued.clock.advance(days=-365)
    step(queued.ctx, channels)
    assert set(states(queued)) == {"sent"}
