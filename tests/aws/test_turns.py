"""In which order notices leave the outbox: the loud ones first, none kept for ever by another."""

from collections.abc import Mapping

import pytest
from sqlalchemy import event, select, text

from service.aws.notices.channel import PermanentFault, TransientFault
from service.domain.declared import DECLARED
from service.domain.events import ACTIONS, Action, Detail, Event
from service.domain.evidence import Form
from service.storage import outbox
from service.storage.tables import OutboxRow
from service.usecases.delivery import LEASE, step
from tests.aws.notices import TOPIC
from tests.aws.workers import work_at_once
from tests.fakes.channels import FakeChannel, FakeChannels
from tests.usecases.world import World

SAID: Mapping[Form, Detail] = {Form.TEXT: "x", Form.NUMBER: 1, Form.FLAG: True, Form.TEXTS: ["x"]}
URGENT, WARNING, INFO = Action.REQUEST_FETCHED, Action.BUNDLE_FETCHED, Action.EVENTS_EXPORTED


@pytest.fixture
def topic(channels: FakeChannels) -> FakeChannel:
    return channels.named[TOPIC]


def say(world: World, *actions: Action) -> list[int]:
    """Queue a notice for each action, in this order; returns their leaves."""
    with world.ctx.write() as unit:
        return unit.record(
            *(
                Event(
                    action=action,
                    actor="service",
                    subject="service",
                    details={
                        name: SAID[field.form] for name, field in DECLARED[action].details.items()
                    },
                )
                for action in actions
            )
        )


@pytest.mark.parametrize("noise", [3, 60])
def test_a_release_goes_before_all_the_noise_that_came_first(
    world: World, channels: FakeChannels, topic: FakeChannel, noise: int
) -> None:
    say(world, *[INFO] * noise, *[WARNING] * noise)
    say(world, URGENT)
    step(world.ctx, channels, limit=1)
    assert topic.actions == [URGENT.value]


def test_the_order_is_by_severity_and_by_age_within_one(
    world: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    leaves = say(world, INFO, WARNING, INFO, URGENT, WARNING, URGENT)
    for _ in range(6):  # one at a time: no turn of these is the oldest one's
        step(world.ctx, channels, limit=1)
    order = [int(notice.event_id.rpartition("/")[2]) for notice in topic.taken]
    assert order == [leaves[at] for at in (3, 5, 1, 4, 0, 2)]


def test_the_rank_of_every_told_action_is_that_of_its_severity(world: World) -> None:
    actions = [action for action, about in ACTIONS.items() if about.announced]
    say(world, *actions)
    with world.ctx.database.read() as session:
        ranks = session.scalars(select(OutboxRow.rank).order_by(OutboxRow.leaf)).all()
    levels = ["urgent", "warning", "info"]
    assert [levels[rank] for rank in ranks] == [ACTIONS[action].severity for action in actions]


def test_a_quiet_notice_goes_out_in_time_however_many_loud_ones_come(
    world: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    say(world, INFO, WARNING)
    for _ in range(3):  # more loud ones come than are sent
        say(world, *[URGENT] * 20)
        step(world.ctx, channels, limit=10)
    assert topic.actions.count(URGENT.value) == 28
    assert topic.actions.index(INFO.value) == 4
    assert topic.actions.index(WARNING.value) == 9


@pytest.mark.parametrize("poisoned", [1, 3, 8])
def test_notices_that_always_fail_do_not_keep_the_rest(
    world: World, channels: FakeChannels, topic: FakeChannel, poisoned: int
) -> None:
    bad = say(world, *[URGENT] * poisoned)
    say(world, *[URGENT] * 5, *[WARNING] * 5)
    topic.fault = TransientFault("ReadTimeoutError")
    topic.fails = lambda notice: int(notice.event_id.rpartition("/")[2]) in bad
    for _ in range(90):  # a quarter of an hour
        step(world.ctx, channels)
        world.clock.advance(seconds=10)
    through = [action for action in topic.actions if action in {URGENT.value, WARNING.value}]
    assert through == [URGENT.value] * 5 + [WARNING.value] * 5
    tried = topic.tried
    say(world, INFO)
    step(world.ctx, channels)
    assert topic.actions[-1] == INFO.value, "nothing is held back any more"
    assert topic.tried <= tried + poisoned + 1


def test_what_was_held_back_with_the_loudest_goes_out_at_once_when_a_quiet_one_got_through(
    world: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    say(world, URGENT)
    topic.fault = TransientFault("ReadTimeoutError")
    for _ in range(5):
        step(world.ctx, channels)
        world.clock.advance(seconds=33)
    topic.fault = None
    say(world, INFO)
    step(world.ctx, channels)
    assert topic.actions.count(URGENT.value) == 1
    assert topic.actions.count(INFO.value) == 1


def test_a_channel_that_is_silent_is_asked_less_and_less_often_however_much_waits(
    world: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    topic.fault = TransientFault("ReadTimeoutError")
    say(world, *[URGENT] * 50, *[WARNING] * 50)
    for _ in range(600):  # ten minutes
        step(world.ctx, channels)
        world.clock.advance(seconds=1)
    assert 10 <= topic.tried <= 30


def test_one_topic_s_refusals_leave_the_order_of_the_others_alone(
    world: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    other = "arn:aws:sns:eu-west-1:333333333333:payments"
    world.register("000000000001", other)
    channels.named[other].fault = PermanentFault("NotFound")
    say(world, INFO, WARNING)
    step(world.ctx, channels)
    step(world.ctx, channels)
    assert topic.actions == [WARNING.value, "channel:failed", INFO.value]


def test_several_workers_send_the_loud_ones_first_and_each_once(
    world: World, channels: FakeChannels, topic: FakeChannel
) -> None:
    say(world, *[INFO] * 20)
    say(world, *[URGENT] * 20)
    work_at_once(lambda: step(world.ctx, channels, limit=10))
    assert len(topic.taken) == len({n.event_id for n in topic.taken}) == 40
    assert topic.actions[:20].count(URGENT.value) >= 14


def test_two_instances_take_different_notices_and_the_loudest_two(world: World) -> None:
    leaves = say(world, WARNING, INFO, URGENT)
    with world.ctx.database.write() as session:
        first = outbox.claim(session, world.clock(), LEASE)
    with world.ctx.database.write() as session:
        second = outbox.claim(session, world.clock(), LEASE)
    assert first is not None
    assert second is not None
    assert (first.leaf, second.leaf) == (leaves[2], leaves[0])


def test_a_claim_reads_what_was_not_sent_by_its_index_and_nothing_else(world: World) -> None:
    say(world, *[WARNING] * 300)
    with world.ctx.database.write() as session:
        session.execute(text("UPDATE outbox SET state = 'sent' WHERE rank = 1"))
    with world.ctx.database.write() as session:
        postgresql = session.connection().dialect.name == "postgresql"
        if postgresql:
            session.execute(text("ANALYZE outbox"))
            session.execute(text("SET LOCAL enable_seqscan = off"))
        ran: list[tuple[str, object]] = []
        event.listen(
            session.connection(),
            "before_cursor_execute",
            lambda _c, _cursor, sql, values, _ctx, _many: ran.append((sql, values)),
        )
        assert outbox.claim(session, world.clock(), LEASE) is None
        [(asked, values)] = [(sql, values) for sql, values in ran if "FROM outbox" in sql]
        words = "EXPLAIN" if postgresql else "EXPLAIN QUERY PLAN"
        rows = session.connection().exec_driver_sql(f"{words} {asked}", values).all()  # type: ignore[arg-type]
    plan = "\n".join(str(row) for row in rows)
    assert "ix_outbox_open" in plan
    assert "Sort" not in plan
    assert "B-TREE" not in plan
