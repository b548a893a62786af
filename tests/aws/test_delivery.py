"""What is told is exactly what the table of events says, with a checkpoint that covers it."""

from crypto.checkpoint import open_checkpoint
from crypto.leaf import Leaf, parse_leaf
from crypto.note import NoteVerifier
from service.aws.notices.channel import TransientFault
from service.domain.events import ACTIONS, Action
from service.storage import log
from service.storage.guard import FileGuard
from service.usecases.delivery import step
from tests.aws.notices import TOPIC
from tests.cast import OTHER_ACCOUNT
from tests.fakes.channels import FakeChannels
from tests.notices.saved import checkpoints_in
from tests.usecases.custody import SECRET
from tests.usecases.world import World

OTHER_TOPIC = "arn:aws:sns:eu-west-1:333333333333:payments"


def leaves(world: World) -> list[Leaf]:
    with world.ctx.database.read() as session:
        size = log.head(session).size
        return [parse_leaf(data) for data in log.read_leaves(session, 0, size)]


def whole_story(world: World) -> None:
    """A release with its rotation and reviews, a drill, a denial, a cancellation, an expiry."""
    world.ready()
    request = world.ask()
    world.approve_all(request)
    world.release(request)
    world.close(request)
    world.rotate(request)
    world.review("ann", request)
    world.review("fay", request)
    drill = world.ask(drill=True)
    world.approve_all(drill)
    world.release(drill)
    denied = world.ask()
    world.deny("ann", denied)
    world.deny("bob", denied)
    world.cancel(world.ask())
    world.ask()
    world.clock.advance(hours=2)


def test_the_notices_are_the_told_events_no_more_and_no_less(
    world: World, channels: FakeChannels
) -> None:
    whole_story(world)
    while step(world.ctx, channels):
        pass
    told = {
        (leaf.seq, leaf.action) for leaf in leaves(world) if ACTIONS[Action(leaf.action)].announced
    }
    sent = channels.named[TOPIC].taken
    assert {(int(n.event_id.rpartition("/")[2]), n.action) for n in sent} == told
    assert len(sent) == len(told)
    assert "request:expired" in channels.named[TOPIC].actions
    assert list(channels.named) == [TOPIC]


def test_each_notice_carries_a_checkpoint_that_verifies_and_covers_its_event(
    world: World, channels: FakeChannels
) -> None:
    whole_story(world)
    verifier = NoteVerifier.from_vkey(world.ctx.signer.verifier_key)
    step(world.ctx, channels)
    for notice in channels.named[TOPIC].taken:
        [note] = checkpoints_in(notice.body)
        origin, _, leaf = notice.event_id.rpartition("/")
        checkpoint = open_checkpoint(note, verifier)
        assert checkpoint.size > int(leaf)
        assert origin == verifier.name


TYPED = ("invoice run", "OPS-1", "not now", "no longer needed", "CloudTrail", "safe 3")


def test_no_notice_repeats_what_somebody_typed_or_a_secret(
    world: World, channels: FakeChannels
) -> None:
    whole_story(world)
    step(world.ctx, channels)
    sent = [f"{n.subject}{n.body}{n.attributes}" for n in channels.named[TOPIC].taken]
    assert sent
    for words in (*TYPED, SECRET.password):
        assert not [text for text in sent if words in text]


def test_a_notice_names_people_and_the_account_as_the_roster_does(
    world: World, channels: FakeChannels
) -> None:
    world.ready()
    world.ask()
    step(world.ctx, channels)
    [notice] = [n for n in channels.named[TOPIC].taken if n.action == "request:opened"]
    assert notice.subject == "breakglass URGENT 111122223333: gus asks to be root"
    assert "Account:    111122223333, payments, root@corp.example\n" in notice.body
    assert "Task:       a billing task that only root can do\n" in notice.body
    assert "Page:       http://localhost:8420/requests/" in notice.body


def test_an_account_with_a_topic_of_its_own_is_told_there_and_only_there(
    world: World, channels: FakeChannels
) -> None:
    world.enrol_everybody()
    world.register()
    world.register(OTHER_ACCOUNT, OTHER_TOPIC)
    step(world.ctx, channels)
    assert [n.account for n in channels.named[OTHER_TOPIC].taken] == [OTHER_ACCOUNT]
    assert [n.account for n in channels.named[TOPIC].taken] == [world.account]


def test_a_topic_that_fails_holds_up_no_other(world: World, channels: FakeChannels) -> None:
    world.enrol_everybody()
    world.register(OTHER_ACCOUNT, OTHER_TOPIC)
    world.register()
    channels.named[OTHER_TOPIC].fault = TransientFault("Throttled")
    step(world.ctx, channels)
    assert channels.named[TOPIC].actions == ["account:registered"]


def test_people_hear_of_it_also_when_the_log_cannot_be_signed(
    world: World, channels: FakeChannels
) -> None:
    world.enrol_everybody()
    world.register()
    guard = world.ctx.signer._guard  # noqa: SLF001
    assert isinstance(guard, FileGuard)
    guard.path.unlink()  # as if somebody had removed it
    step(world.ctx, channels)
    [notice] = channels.named[TOPIC].taken
    assert "THE LOG COULD NOT BE SIGNED" in notice.body
    assert not checkpoints_in(notice.body)


def test_nothing_due_costs_no_write(world: World, channels: FakeChannels) -> None:
    world.enrol_everybody()
    world.register()
    step(world.ctx, channels)
    with world.ctx.database.write():  # somebody else writes: on SQLite nobody else can
        assert step(world.ctx, channels) == 0
