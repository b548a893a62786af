"""A further line of an account: registered in turn, and announced to the people of every line."""

import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from crypto.encoding import b64decode
from crypto.leaf import Leaf
from service.aws.notices.channels import Channels
from service.domain import errors
from service.domain.beside import sentence
from service.domain.events import Action
from service.ops import worker
from service.usecases import accounts, history, invitations, requests, rosters
from service.usecases.delivery import step
from service.usecases.lines import announce_due, beside_of
from service.wire.accounts import Channel
from service.wire.people import NewInvitation
from tests.aws.test_delivery import OTHER_TOPIC, leaves
from tests.cast import ACCOUNT, CUSTODIANS, MFA, OTHER_ACCOUNT, PASSWORD, email
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


def test_the_worker_announces_by_itself(
    registered: World, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()

    def last(*_: object, **__: object) -> int:
        stop.set()
        return 1

    monkeypatch.setattr(worker, "step", last)
    registered.clock.advance(days=1)
    worker.work(registered.ctx, Channels(state_dir), state_dir, stop)
    assert len(of(registered, Action.LINE_ANNOUNCED)) == 2


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


# ---------------------------------------------------------------- what each line says of the other


def second(world: World) -> World:
    """The same people's second line, as the world in which they act from now on."""
    return replace(world, account=LINE, roster=None, manifests={}, sealed={}, asked={})


def test_each_line_says_of_the_other_who_is_in_it_and_whether_it_can_act(ready: World) -> None:
    shown = accounts.show(ready.ctx, ready.caller("ann"), ACCOUNT)
    assert shown.lines == []
    ready.clock.advance(days=1)
    ready.register(LINE)
    [empty] = accounts.show(ready.ctx, ready.caller("ann"), ACCOUNT).lines
    assert (empty.account, empty.registered_by, empty.payload) == (LINE, "olga", "")
    assert (empty.signed, empty.able) == (False, False)
    line = second(ready)
    drafted = line.draft()
    [first] = rosters.show(ready.ctx, ready.caller("ann"), LINE).lines
    assert (first.account, first.signed, first.able) == (ACCOUNT, True, True)
    assert ready.roster
    assert b64decode(first.payload) == ready.roster.body
    assert first.registered_at == "2026-11-23T09:00:00Z"
    [other] = rosters.show(ready.ctx, ready.caller("ann"), ACCOUNT).lines
    assert (b64decode(other.payload), other.signed) == (drafted.body, False)
    said = [sentence(one) for one in beside_of([first, other])]
    assert f"Line {ACCOUNT} of the same AWS account was registered on 2026-11-23" in said[0]
    assert "password group: ann, bob and cem; MFA group: dea, eli and fay; others: gus" in said[0]
    assert said[0].endswith("It can act today.")
    assert "A draft that its people have not signed names" in said[1]
    assert said[1].endswith("It cannot act today.")


def test_a_line_can_act_once_enough_have_confirmed(ready: World) -> None:
    ready.register(LINE)
    line = second(ready)
    line.accept_roster()
    line.seal()
    able = []
    for name in CUSTODIANS:
        [shown] = rosters.show(ready.ctx, ready.caller("ann"), ACCOUNT).lines
        able.append(shown.able)
        line.confirm(name)
    assert able == [False, False, False, False, False, True]


def test_a_release_in_one_line_explains_nothing_in_the_other(ready: World) -> None:
    """What was sealed, asked, released and is due is each line's own."""
    ready.register(LINE)
    line = second(ready)
    line.accept_roster()
    line.seal()
    line.confirm(*CUSTODIANS)
    request = line.ask()
    line.approve_all(request)
    line.release(request)
    first = accounts.show(ready.ctx, ready.caller("ann"), ACCOUNT)
    assert (first.state, first.rotating) == ("ready", [])
    released = accounts.show(ready.ctx, ready.caller("ann"), LINE)
    assert (released.state, len(released.rotating)) == ("exposed", 1)
    of_first = history.events(ready.ctx, ready.caller("ann"), account=ACCOUNT, limit=200).events
    assert not {e.action for e in of_first} & {"request:released", "envelope:exposed"}
    assert request not in {e.request for e in of_first}
    assert requests.listing(ready.ctx, ready.caller("ann"), account=ACCOUNT).requests == []
    envelopes = {LINE: line.manifests["newest"].digest, ACCOUNT: ready.manifests["newest"].digest}
    for world, of, other in ((ready, ACCOUNT, LINE), (line, LINE, ACCOUNT)):
        crossed = partial(World.ask, account=of, manifest=envelopes[other])
        refused(world, "wrong-envelope", crossed)
    closed = line.close(request)
    assert closed.state == "rotation_due"
    ready.clock.advance(minutes=1)
    ready.seal()  # a new password of the first line changes nothing of what is due in the second
    ready.confirm(*CUSTODIANS)
    assert line.state(request) == "rotation_due"


def test_who_is_left_of_a_dead_line_still_sees_it(ready: World) -> None:
    ready.register(LINE)
    line = second(ready)
    line.accept_roster(
        (*PASSWORD, "dea", "gus", "eve"),
        groups={
            "password": {"threshold": 2, "custodians": [ready.id(n) for n in PASSWORD]},
            "mfa": {"threshold": 1, "custodians": sorted([ready.id("dea"), ready.id("eve")])},
        },
    )
    for name, sees in (("eli", [ACCOUNT]), ("dea", [ACCOUNT, LINE]), ("eve", [LINE])):
        found = accounts.listing(ready.ctx, ready.caller(name)).accounts
        assert [one.account for one in found] == sees
        for account in (ACCOUNT, LINE):
            if account in sees:
                accounts.show(ready.ctx, ready.caller(name), account)
            else:
                with pytest.raises(errors.NotFoundError):
                    accounts.show(ready.ctx, ready.caller(name), account)


# ---------------------------------------------------------------- stories


def test_a_lost_quorum_starts_a_second_line_and_releases_there(ready: World) -> None:
    """Two of three MFA custodians are gone: the first line stays, and sees what was theirs."""
    old = ready.ask()
    ready.approve("ann", old)
    ready.clock.advance(hours=2)
    ready.register(LINE)
    line = second(ready)
    mfa = [line.id("dea"), line.id("eve")]
    line.accept_roster(
        (*PASSWORD, "dea", "eve", "gus"),
        groups={
            "password": {"threshold": 2, "custodians": [line.id(name) for name in PASSWORD]},
            "mfa": {"threshold": 2, "custodians": mfa},
        },
    )
    line.seal()
    line.confirm(*PASSWORD, "dea", "eve")
    request = line.ask()
    for name in ("ann", "bob", "dea", "eve"):
        line.approve(name, request)
    assert line.release(request).state == "released"
    for name in ("eli", "fay", "ann"):
        seen = requests.listing(ready.ctx, ready.caller(name), account=ACCOUNT).requests
        assert [one.id for one in seen] == [old]
        assert accounts.show(ready.ctx, ready.caller(name), ACCOUNT).lines[0].able


def test_whatever_operators_do_an_approved_request_is_released_and_its_people_see_it(
    ready: World,
) -> None:
    """New links for all custodians, drafts with made-up people, lines: it all changes nothing."""
    request = ready.ask()
    ready.approve_all(request)
    for name in CUSTODIANS:
        invitation = NewInvitation(name=name, email=email(name), operator=False, auditor=False)
        invitations.invite(ready.ctx, ready.caller("olga"), invitation)
    made_up = {
        "password": {"threshold": 1, "custodians": [ready.id("eve")]},
        "mfa": {"threshold": 1, "custodians": [ready.id("dea")]},
    }
    old = {"custodians": [ready.id(name) for name in MFA], "threshold": 1}
    infiltrated = {"custodians": [ready.id(n) for n in (*PASSWORD, "eve")], "threshold": 1}
    ready.draft(groups={"password": infiltrated, "mfa": old})
    ready.register(LINE)
    line = second(ready)
    line.draft(groups=made_up)
    topic = Channel(sns_topic_arn=OTHER_TOPIC)
    accounts.set_channel(ready.ctx, ready.caller("olga"), ACCOUNT, topic)
    assert ready.release(request).state == "released"
    assert not of(ready, Action.REQUEST_CANCELLED)
    for name in (*CUSTODIANS, "gus"):
        theirs = accounts.listing(ready.ctx, ready.caller(name)).accounts
        assert ACCOUNT in [one.account for one in theirs]
        seen = requests.listing(ready.ctx, ready.caller(name), account=ACCOUNT).requests
        assert [one.id for one in seen] == [request]
