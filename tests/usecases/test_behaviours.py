"""What follows from an act: for the request, its envelope, the others, and those who are told."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crypto.encoding import b64encode, hex_digest
from service.domain import errors
from service.domain.events import ACTIONS, Action
from service.domain.people import GroupName
from service.storage import envelopes, reseals
from service.storage.tables import OutboxRow
from service.usecases import accounts, decisions, home, offline, releases, requests
from service.usecases.settling import settle_due
from service.web import duty_words
from service.wire.accounts import Channel
from service.wire.requests import Decide, OfflineImport
from tests.races.whole import check_whole
from tests.usecases.world import ACCOUNT, CUSTODIANS, World, wire

TOPIC = "arn:aws:sns:eu-west-1:999988887777:notices"


def envelope_state(world: World, name: str = "newest") -> str:
    with world.ctx.read() as unit:
        return envelopes.by_manifest(unit.session, world.manifests[name].digest).envelope.state


def kept(world: World, request: str) -> set[str]:
    """Whose resealed shares the service holds for a request."""
    with world.ctx.read() as unit:
        found = reseals.of_request(unit.session, world.ctx.at_rest, request)
    return {person for _, person, _, _ in found}


def tail(world: World, count: int) -> list[str]:
    return world.actions()[-count:]


# --- time ---


def test_time_decides_on_read_and_the_worker_only_writes_it_down(ready: World) -> None:
    request = ready.ask(lifetime=60)
    ready.approve("pia", request)
    ready.clock.advance(seconds=59)
    assert ready.state(request) == "pending"
    ready.clock.advance(seconds=1)
    assert ready.state(request) == "expired"
    assert kept(ready, request) == {ready.id("pia")}
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
    assert len(releases.fetch(ready.ctx, ready.caller("ria"), request).resealed_shares) == 4
    ready.clock.advance(seconds=1)
    assert ready.state(request) == "rotation_due"
    with pytest.raises(errors.WindowOverError):
        releases.fetch(ready.ctx, ready.caller("ria"), request)
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
    assert ready.deny("pia", request).state == "pending"
    assert ready.id("pia") not in kept(ready, request)
    with pytest.raises(errors.NoQuorumError):
        ready.release(request)
    assert ready.approve("pia", request).state == "approved"  # the last word counts


def test_a_denial_ends_it_once_a_group_cannot_reach_its_threshold(ready: World) -> None:
    request = ready.ask()
    ready.approve("mia", request)
    assert ready.deny("pia", request).state == "pending"
    assert ready.deny("per", request).state == "denied"
    assert tail(ready, 2) == ["request:denied", "request:ended-by-denial"]
    assert kept(ready, request) == set()


def test_the_first_denial_ends_it_where_the_roster_says_so(world: World) -> None:
    world.enrol_everybody()
    world.register()
    world.accept_roster(
        policy={"request_lifetime": 3600, "release_window": 900, "denials": "first"}
    )
    world.seal()
    world.confirm(*CUSTODIANS)
    request = world.ask()
    assert world.deny("moa", request).state == "denied"


def test_an_approval_while_the_window_is_open_is_delivered_and_not_counted(ready: World) -> None:
    request = ready.ask()
    ready.approve_all(request)
    assert len(ready.release(request).resealed_shares) == 4
    ready.approve("moa", request)
    again = releases.fetch(ready.ctx, ready.caller("ria"), request)
    assert {s.custodian for s in again.resealed_shares} >= {ready.id("moa")}
    shown = requests.show(ready.ctx, ready.caller("pia"), request)
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
    for name in ("pia", "per"):
        ready.approve(name, first)
    ready.cancel(first)
    assert envelope_state(ready) == "ready"  # one group's shares alone
    second = ready.ask()
    for name in ("mia", "max"):
        ready.approve(name, second)
    assert envelope_state(ready) == "ready"  # the second has not ended
    ready.cancel(second)
    assert envelope_state(ready) == "exposed"
    assert tail(ready, 2) == ["request:cancelled", "envelope:exposed"]


def test_a_withdrawn_approval_had_reached_the_service_all_the_same(ready: World) -> None:
    request = ready.ask()
    ready.approve_all(request)
    ready.deny("pia", request)
    ready.deny("per", request)
    assert envelope_state(ready) == "exposed"


# --- rotation and rosters ---


@pytest.mark.act("envelope.confirm")
def test_a_newer_envelope_supersedes_cancels_and_moves_on_in_one_transaction(
    ready: World,
) -> None:
    old = ready.manifests["old"] = ready.manifests["newest"]
    due = ready.ask()
    ready.approve_all(due)
    ready.release(due)
    collecting = ready.ask()
    ready.seal(after_requests=[ready.asked[due].digest])
    assert ready.state(due) == "released"  # unconfirmed changes nothing
    assert ready.confirm("pia", "per", "mia").state == "unconfirmed"
    assert ready.confirm("max").state == "ready"
    assert tail(ready, 6) == [
        "envelope:confirmed",
        "envelope:ready",
        "request:cancelled",
        "envelope:superseded",
        "request:window-ended",
        "request:rotated",
    ]
    assert old.digest != ready.manifests["newest"].digest
    assert envelope_state(ready, "old") == "superseded"
    assert ready.state(collecting) == "cancelled"
    assert ready.state(due) == "review_due"
    check_whole(ready.ctx)


def test_a_review_that_says_not_changed_wants_a_newer_envelope_again(ready: World) -> None:
    request = ready.ask()
    ready.approve_all(request)
    ready.release(request)
    ready.close(request)
    ready.rotate(request)
    ready.review("pia", request)
    assert ready.review("mia", request, rotated=False).state == "rotation_due"
    ready.rotate(request)
    assert ready.state(request) == "review_due"
    assert ready.review("per", request).state == "review_due"  # both groups look again
    assert ready.review("max", request).state == "closed"


def test_who_has_moved_to_the_other_group_does_not_review_for_both(ready: World) -> None:
    request = ready.ask()
    ready.approve_all(request)
    ready.release(request)
    ready.close(request)
    ready.rotate(request)
    ready.review("pia", request)
    groups = {
        "password": {"threshold": 2, "custodians": [ready.id(n) for n in ("per", "pat")]},
        "mfa": {"threshold": 2, "custodians": [ready.id(n) for n in ("mia", "max", "moa", "pia")]},
    }
    ready.accept_roster(signers=("pia", "per", "mia", "max"), groups=groups)
    with pytest.raises(errors.AlreadyConfirmedError):
        ready.review("pia", request, group="mfa")
    with pytest.raises(errors.AlreadyConfirmedError):
        ready.review("pia", request, group="mfa", rotated=False)
    assert ready.review("mia", request).state == "closed"


def test_the_newest_unconfirmed_envelope_can_be_named_and_is_confirmed_by_approving(
    ready: World,
) -> None:
    ready.seal()
    request = ready.ask()
    with pytest.raises(errors.WrongStateError):
        ready.approve("pia", request)
    for name in ("pia", "per", "mia", "max"):
        share = ready.reseal(name, request)
        posted = Decide(
            statement=wire(ready.decision(name, request, share=share)),
            resealed_share=b64encode(share),
            receipt=wire(ready.receipt(name)),
        )
        decisions.decide(ready.ctx, ready.caller(name), request, posted)
    assert ready.state(request) == "approved"
    assert envelope_state(ready) == "ready"
    assert ready.release(request).state == "released"
    check_whole(ready.ctx)


def test_a_new_roster_cancels_what_collects(ready: World) -> None:
    request = ready.ask()
    ready.accept_roster(signers=("pia", "per", "mia", "max"))
    assert ready.state(request) == "cancelled"
    assert tail(ready, 3) == ["roster:signed", "roster:accepted", "request:cancelled"]


@pytest.mark.act("roster.sign")
def test_a_restart_needs_everybody_and_is_told_loudly(ready: World) -> None:
    drafted = ready.draft(cause="restart")
    for name in CUSTODIANS:
        assert ready.sign_roster(name, drafted).state == "draft"
    assert ready.sign_roster("ria", drafted).state == "accepted"
    assert tail(ready, 1) == ["roster:restarted"]
    assert ACTIONS[Action.ROSTER_RESTARTED].severity == "urgent"


@pytest.mark.act("account.show")
def test_a_changed_custodian_is_a_finding_until_it_is_sealed_anew(ready: World) -> None:
    fields = ready.roster_fields()
    people = [ready.id(n) for n in ("pia", "per", "eve")]
    groups = {**fields["groups"], "password": {"threshold": 2, "custodians": people}}
    ready.accept_roster(signers=("pia", "per", "mia", "max", "eve"), groups=groups)
    found = accounts.show(ready.ctx, ready.caller("pia"), ACCOUNT).findings
    assert "older-roster" in {finding.code for finding in found}
    ready.seal()
    ready.confirm("pia", "per", "mia", "max")
    found = accounts.show(ready.ctx, ready.caller("pia"), ACCOUNT).findings
    assert "older-roster" not in {finding.code for finding in found}


# --- offline ---


def brought_in(world: World, names: tuple[str, ...], **changes: Any) -> OfflineImport:
    asked = world.request_statement(offline=True, **changes)
    world.asked[asked.payload["request"]] = asked
    return OfflineImport(
        request=wire(asked),
        decisions=[
            wire(
                world.decision(
                    name, asked.payload["request"], resealed_share_digest=hex_digest(name.encode())
                )
            )
            for name in names
        ],
        release=wire(world.word("release", asked.payload["request"])),
        closure=wire(world.word("closure", asked.payload["request"], summary="done by hand")),
    )


@pytest.mark.act("request.import")
def test_a_release_made_without_the_service_enters_at_rotation_due(ready: World) -> None:
    posted = brought_in(ready, ("pia", "per", "mia", "max"))
    ready.clock.advance(days=3)  # the log's time is no rule here
    done = offline.bring_in(ready.ctx, ready.caller("pia"), posted)
    assert done.state == "rotation_due"
    assert envelope_state(ready) == "exposed"
    assert tail(ready, 8)[0] == "request:imported"
    with pytest.raises(errors.ReplayedError):
        offline.bring_in(ready.ctx, ready.caller("pia"), posted)
    ready.rotate(done.id)
    assert ready.state(done.id) == "review_due"
    check_whole(ready.ctx)


@pytest.mark.act("request.import")
def test_decisions_that_make_no_quorum_are_not_brought_in(ready: World) -> None:
    before = ready.actions()
    with pytest.raises(errors.NoQuorumError):
        offline.bring_in(ready.ctx, ready.caller("pia"), brought_in(ready, ("pia", "mia", "max")))
    assert ready.actions() == before


def test_one_decision_twice_is_not_brought_in(ready: World) -> None:
    posted = brought_in(ready, ("pia", "per", "mia", "max"))
    twice = posted.model_copy(update={"decisions": [*posted.decisions, posted.decisions[0]]})
    with pytest.raises(errors.ReplayedError):
        offline.bring_in(ready.ctx, ready.caller("pia"), twice)


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
    assert waits("pia") == ["approve"]
    assert waits("ria") == []
    ready.approve_all(request)
    assert (waits("pia"), waits("pat"), waits("ria")) == ([], ["approve"], ["release"])
    ready.release(request)
    assert waits("ria") == ["reveal"]
    ready.close(request)
    assert waits("ria") == ["seal"]
    ready.seal(after_requests=[ready.asked[request].digest])
    assert waits("mia") == ["confirm"]
    ready.confirm(*CUSTODIANS)
    assert waits("moa") == ["review"]


def test_a_clock_that_lags_a_little_repeats_the_last_time_and_never_goes_back(
    ready: World,
) -> None:
    last = ready.clock()
    ready.clock.advance(minutes=-4)
    request = ready.ask(lifetime=60)
    shown = requests.show(ready.ctx, ready.caller("ria"), request)
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
    world.confirm("pia", "per", "mia", "max")
    shown = accounts.show(world.ctx, world.caller("aud"), ACCOUNT)
    assert "no-spare" in {finding.code for finding in shown.findings}
    assert set(shown.missing_receipts) == {world.id("pat"), world.id("moa")}
    assert list(GroupName) == ["password", "mfa"]
