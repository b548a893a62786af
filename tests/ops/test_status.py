"""What status says: nothing when nothing is wrong, and each fault in words and by code."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from service.aws.notices.channel import PermanentFault, TransientFault
from service.config import Settings
from service.domain.events import SERVICE, Action, Event
from service.ops import lock
from service.ops.opening import opened
from service.ops.status import look
from service.storage.log_tables import audit_event
from service.storage.tables import AccountRow
from service.usecases import endings
from service.usecases.delivery import step
from tests.cast import ACCOUNT
from tests.conftest import HandClock
from tests.fakes.channels import FakeChannels
from tests.ops.installation import Installation
from tests.usecases.bodies import body
from tests.usecases.world import World, make_world

TOPIC = "arn:aws:sns:eu-central-1:222222222222:breakglass"


def codes(read: Settings, clock: HandClock) -> set[str]:
    return {finding.code for finding in look(read, clock).findings}


@pytest.fixture
def told(read: Settings) -> Settings:
    """The settings of an installation that tells people outside."""
    return read.model_copy(update={"sns_topic_arn": TOPIC})


@pytest.fixture
def world(ready: Installation, told: Settings, clock: HandClock) -> Iterator[World]:
    """An account in good order: spares, a confirmed envelope, a drill of late, everything told."""
    with opened(told) as ctx:
        clock.time = ctx.clock()
        made = make_world(ctx.database, ctx.signer, told.state_dir, clock, channel=TOPIC)
        made.ready()
        drill = made.ask(drill=True)
        made.approve_all(drill)
        made.release(drill)
        step(made.ctx, FakeChannels())
        yield made


def test_an_installation_in_good_order_has_no_findings(
    world: World, told: Settings, clock: HandClock
) -> None:
    assert look(told, clock).findings == []
    assert look(told, clock).exit_code == 0


def test_without_a_topic_it_says_that_nobody_outside_is_told(ready: Installation) -> None:
    done = ready.run("status")
    assert done.code == 1
    assert done.out.startswith(
        "- No SNS topic is set: unless an account has its own, no one outside"
    )
    as_json = ready.run("status", "--json")
    assert as_json.code == 1
    assert [finding["code"] for finding in json.loads(as_json.out)] == ["nobody-told"]


def test_it_looks_and_changes_nothing(ready: Installation) -> None:
    before = {path.name: path.read_bytes() for path in ready.state_dir.iterdir()}
    ready.run("status")
    after = {path.name: path.read_bytes() for path in ready.state_dir.iterdir()}
    for name, content in before.items():
        if not name.endswith(("-wal", "-shm")):
            assert after[name] == content, name


@pytest.mark.parametrize("name", ["", "log.key", "at-rest.key", "log.guard"])
def test_what_others_may_open_is_found(
    ready: Installation, told: Settings, clock: HandClock, name: str
) -> None:
    (ready.state_dir / name).chmod(0o755)
    assert "permissions" in codes(told, clock)


def clock_back(world: World) -> None:
    world.clock.advance(minutes=-6)


def clock_unlike_peoples(world: World) -> None:
    for _ in range(8):  # people sign, and by the service's clock it is seven minutes later
        request = world.ask()
        statement = world.word("cancellation", request, reason="a try")
        world.clock.advance(minutes=7)
        endings.cancel(world.ctx, world.caller("gus"), request, body(statement))
    step(world.ctx, FakeChannels())


def expose(world: World) -> None:
    request = world.ask()
    world.approve_all(request)
    world.release(request)


def close(world: World) -> None:
    request = world.ask()
    world.approve_all(request)
    world.release(request)
    world.close(request)


def close_and_retire(world: World) -> None:
    close(world)
    world.accept_roster(("ann", "bob", "dea", "eli"), retired=True)
    step(world.ctx, FakeChannels())


def rotate(world: World) -> None:
    request = world.ask()
    world.approve_all(request)
    world.release(request)
    world.rotate(request)


def refuse(world: World) -> None:
    world.ask()
    channels = FakeChannels()
    channels.named[TOPIC].fault = PermanentFault("AuthorizationError")
    step(world.ctx, channels)


def throttle(world: World) -> None:
    world.ask()
    channels = FakeChannels()
    channels.named[TOPIC].fault = TransientFault("Throttled")
    step(world.ctx, channels)
    world.clock.advance(minutes=11)


def leave_untold(world: World) -> None:
    world.ask()
    world.clock.advance(minutes=11)


def leave_unsigned(world: World) -> None:
    with world.ctx.write() as unit:
        unit.record(
            Event(
                action=Action.SESSION_OPENED,
                actor=SERVICE,
                subject=SERVICE,
                details={"session": "s"},
            )
        )
    world.clock.advance(minutes=11)


def no_spare(world: World) -> None:
    groups = {
        "password": {"threshold": 3, "custodians": [world.id(n) for n in ("ann", "bob", "cem")]},
        "mfa": {"threshold": 2, "custodians": [world.id(n) for n in ("dea", "eli", "fay")]},
    }
    world.accept_roster(("ann", "bob", "dea", "eli"), groups=groups)
    step(world.ctx, FakeChannels())


def no_spare_receipt(world: World) -> None:
    world.seal()
    world.confirm("ann", "bob", "dea", "eli")
    step(world.ctx, FakeChannels())


def register_another(world: World) -> None:
    world.register("444455556666")


def circular(world: World) -> None:
    topic = f"arn:aws:sns:eu-central-1:{ACCOUNT}:inside"
    with world.ctx.database.write() as session:
        session.execute(update(AccountRow).values(sns_topic_arn=topic))


def wait_a_quarter(world: World) -> None:
    world.clock.advance(days=90, seconds=1)


def edit_a_row(world: World) -> None:
    with world.ctx.database.write() as session:
        session.execute(update(audit_event).where(audit_event.c.seq == 1).values(actor="nobody"))


WRONG: dict[str, tuple[Callable[[World], None], set[str]]] = {
    "a clock that was set back": (clock_back, {"clock-behind"}),
    "a released password": (expose, {"exposed"}),
    "a closure": (close, {"exposed", "rotation-due"}),
    "a closure in a line that was retired": (close_and_retire, {"exposed-retired", "rotation-due"}),
    "a rotation": (rotate, {"review-due"}),
    "a topic that refuses": (refuse, {"channel-failing", "parked"}),
    "a topic that is too busy": (throttle, {"untold"}),
    "nobody who tells": (leave_untold, {"untold"}),
    "a log that nobody signs": (leave_unsigned, {"unsigned"}),
    "no drill for a quarter": (wait_a_quarter, {"drill-due", "not-proven"}),
    "a row of the log that was edited": (edit_a_row, {"log-rows"}),
    "a clock unlike those of people": (clock_unlike_peoples, {"clock-differs"}),
    "a group without a spare": (no_spare, {"no-spare-custodian"}),
    "an envelope without a spare receipt": (no_spare_receipt, {"no-spare"}),
    "an account without a roster": (register_another, {"no-roster"}),
    "a topic in the protected account": (
        circular,
        {"circular-channel", "topic-in-protected-account"},
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_each_fault_is_found_and_nothing_else(
    world: World, told: Settings, clock: HandClock, what: str
) -> None:
    cause, expected = WRONG[what]
    cause(world)
    assert codes(told, clock) == expected


def test_it_says_when_no_worker_runs(world: World, told: Settings, clock: HandClock) -> None:
    leave_untold(world)
    [untold] = [f for f in look(told, clock).findings if f.code == "untold"]
    assert "no worker runs" in untold.message
    with lock.held(told.state_dir / lock.WORKER):
        [untold] = [f for f in look(told, clock).findings if f.code == "untold"]
    assert untold.message == "waiting to be sent: 1 notice, the oldest for 11 minutes"


def test_a_missing_installation_is_one_finding(
    installation: Installation, told: Settings, clock: HandClock, tmp_path: Path
) -> None:
    elsewhere = told.model_copy(update={"state_dir": tmp_path / "nowhere"})
    assert codes(elsewhere, clock) == {"database"}
