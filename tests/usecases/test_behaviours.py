"""What follows from an act: for the request, its envelope, the others, and those who are told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.domain import errors
from service.domain.events import ACTIONS, Action
from service.domain.people import GroupName
from service.storage.tables import OutboxRow
from service.usecases import accounts, home, releases, requests
from service.usecases.settling import settle_due
from service.web import duty_words
from service.wire.accounts import Channel
from tests.cast import ACCOUNT, CUSTODIANS, POLICY
from tests.races.whole import check_whole
from tests.usecases.looking import envelope_state, kept, tail
from tests.usecases.world import World

TOPIC = "arn:aws:sns:eu-west-1:999988887777:notices"


# --- time ---


def test_time_decides_on_read_and_the_worker_only_writes_it_down(ready: World) -> None:
    request = ready.ask(lifetime=60)
    ready.approve("ann", request)
    ready.clock.advance(seconds=59)
    assert ready.state(request) == "pending"
    ready.clock.advance(seconds=1)
    assert ready.state(request) == "expired"
    assert kept(ready, request) == {ready.id("ann")}
    assert settle_due(ready.ctx) == 1
    assert tail(ready, 1) == ["request:expired"]
    assert kept(ready, request) == set()
    assert settle_due(ready.ctx) == 0


@pytest.mark.act("request.fetch")
def test_the_windows_end_deletes_the_shares_and_makes_a_new_password_due(ready: World) -> None:
    request = ready.ask(window=60)
    ready.approve_all(request)
    ready.release(request)
    ready.clock.advance(seconds=59)
    assert len(releases.fetch(ready.ctx, ready.caller("gus"), request).resealed_shares) == 4
    ready.clock.advance(seconds=1)
    assert ready.state(request) == "rotation_due"
    with pytest.raises(errors.WindowOverError):
        releases.fetch(ready.ctx, ready.caller("gus"), request)
    settle_due(ready.ctx)
    assert kept(ready, request) == set()
    assert ready.close(request).state == "rotation_due"


def test_the_next_act_writes_down_what_time_had_done_before_it(ready: World) -> None:
    request = ready.ask(window=60)
    ready.approve_all(request)
    ready.release(request)
    ready.clock.advance(seconds=60)
    ready.close(request)
    assert tail(ready, 2) == ["request:window-ended", "request:closure"]
    check_whole(ready.ctx)


# --- decisions ---


@pytest.mark.act("request.decide")
def test_a_denial_after_the_quorum_takes_it_away_and_the_share_with_it(ready: World) -> None:
    request = ready.ask()
    ready.approve_all(request)
    assert ready.deny("ann", request).state == "pending"
    assert ready.id("ann") not in kept(ready, request)
    with pytest.raises(errors.NoQuorumError):
        ready.release(request)
    assert ready.approve("ann", request).state == "approved"  # the last word counts


def test_a_denial_ends_it_once_a_group_cannot_reach_its_threshold(ready: World) -> None:
    request = ready.ask()
    ready.approve("dea", request)
    assert ready.deny("ann", request).state == "pending"
    assert ready.deny("bob", request).state == "denied"
    assert tail(ready, 2) == ["request:denied", "request:ended-by-denial"]
    assert kept(ready, request) == set()


def test_the_first_denial_ends_it_where_the_roster_says_so(world: World) -> None:
    world.enrol_everybody()
    world.register()
    world.accept_roster(
        policy=POLICY | {"request_lifetime": 3600, "release_window": 900, "denials": "first"}
    )
    world.seal()
    world.confirm(*CUSTODIANS)
    request = world.ask()
    assert world.deny("fay", request).state == "denied"


def test_an_approval_while_the_window_is_open_is_delivered_and_not_counted(ready: World) -> None:
    request = ready.ask()
    ready.approve_all(request)
    assert len(ready.release(request).resealed_shares) == 4
    ready.approve("fay", request)
    again = releases.fetch(ready.ctx, ready.caller("gus"), request)
    assert {s.custodian for s in again.resealed_shares} >= {ready.id("fay")}
    shown = requests.show(ready.ctx, ready.caller("ann"), request)
    assert [g.needed for g in shown.groups] == [2, 2]


# --- exposure ---


def test_a_release_exposes_the_envelope_and_a_drill_does_not(ready: World) -> None:
    drill = ready.ask(drill=True)
    ready.approve_all(drill)
    ready.release(drill)
    assert envelope_state(ready) == "ready"
    assert kept(ready, drill) == set()
    request = ready.ask()
    ready.approve_all(request)
    ready.release(request)
    assert envelope_state(ready) == "exposed"


def test_approvals_over_two_requests_that_ended_expose_the_envelope(ready: World) -> None:
    first = ready.ask()
    for name in ("ann", "bob"):
        ready.approve(name, first)
    ready.cancel(first)
    assert envelope_state(ready) == "ready"  # one group's shares alone
    second = ready.ask()
    for name in ("dea", "eli"):
        ready.approve(name, second)
    assert envelope_state(ready) == "ready"  # the second has not ended
    ready.cancel(second)
    assert envelope_state(ready) == "exposed"
    assert tail(ready, 2) == ["request:cancelled", "envelope:exposed"]


def test_a_withdrawn_approval_had_reached_the_service_all_the_same(ready: World) -> None:
    request = ready.ask()
    ready.approve_all(request)
    ready.deny("ann", request)
    ready.deny("bob", request)
    assert envelope_state(ready) == "exposed"


# --- who is told, and what waits ---


def test_every_told_event_and_no_other_is_queued_and_an_account_has_its_own_channel(
    ready: World,
) -> None:
    accounts.set_channel(ready.ctx, ready.caller("olga"), ACCOUNT, Channel(sns_topic_arn=TOPIC))
    request = ready.ask()
    with ready.ctx.read() as unit:
        rows = unit.session.execute(select(OutboxRow.leaf, OutboxRow.channel)).all()
    actions = ready.actions()
    told = [i for i, action in enumerate(actions) if ACTIONS[Action(action)].announced]
    change = actions.index("account:channel-set")
    assert sorted(leaf for leaf, _ in rows) == sorted([*told, change])  # the change goes to both
    assert {c for leaf, c in rows if leaf == change} == {"file", TOPIC}
    assert {c for leaf, c in rows if leaf > change} == {TOPIC}
    ready.cancel(request)


@pytest.mark.act("home.show")
def test_home_says_what_waits_for_whom(ready: World) -> None:
    def waits(name: str) -> list[str]:
        _, shown = home.home(ready.ctx, ready.caller(name))
        return [duty_words.shape(duty).command.split()[1] for duty in shown.duties]

    request = ready.ask()
    assert waits("ann") == ["approve"]
    assert waits("gus") == []
    ready.approve_all(request)
    assert (waits("ann"), waits("cem"), waits("gus")) == ([], ["approve"], ["release"])
    ready.release(request)
    assert waits("gus") == ["reveal"]
    ready.close(request)
    assert waits("gus") == ["seal"]
    ready.seal(after_requests=[ready.asked[request].digest])
    assert waits("dea") == ["confirm"]
    ready.confirm(*CUSTODIANS)
    assert waits("fay") == ["review"]


def test_a_clock_that_lags_a_little_repeats_the_last_time_and_never_goes_back(
    ready: World,
) -> None:
    last = ready.clock()
    ready.clock.advance(minutes=-4)
    request = ready.ask(lifetime=60)
    shown = requests.show(ready.ctx, ready.caller("gus"), request)
    assert shown.entered_at == last.strftime("%Y-%m-%dT%H:%M:%SZ")
    ready.clock.advance(minutes=-2)
    with pytest.raises(errors.ClockBehindError):
        ready.ask()
    ready.clock.time = last + timedelta(seconds=60)
    assert ready.state(request) == "expired"


def test_a_group_with_no_spare_receipt_is_a_finding(world: World) -> None:
    world.enrol_everybody()
    world.register()
    world.accept_roster()
    world.seal()
    world.confirm("ann", "bob", "dea", "eli")
    shown = accounts.show(world.ctx, world.caller("aud"), ACCOUNT)
    assert "no-spare" in {finding.code for finding in shown.findings}
    assert set(shown.missing_receipts) == {world.id("cem"), world.id("fay")}
    assert list(GroupName) == ["password", "mfa"]
