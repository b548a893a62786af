"""A line that its own people have ended: what was entered goes on, and nothing new is taken."""

from collections.abc import Callable

import pytest

from crypto.encoding import format_time
from service.domain import errors
from service.domain.beside import sentence
from service.domain.notices import render
from service.domain.readiness import Act
from service.storage import log
from service.usecases import accounts, home, offline, requests
from service.usecases.lines import beside_of
from service.usecases.notice_facts import notice_facts
from tests.cast import ACCOUNT, CUSTODIANS
from tests.races.whole import check_whole
from tests.usecases.looking import envelope_state
from tests.usecases.test_brought_in import brought_in
from tests.usecases.world import World

LINE = f"{ACCOUNT}.2"
SIGNERS = ("ann", "bob", "dea", "eli")


def retire(world: World) -> str:
    """Its people end the line; returns the digest of the roster that counted before."""
    assert world.roster is not None
    before = world.roster.digest
    world.accept_roster(signers=SIGNERS, retired=True)
    return before


@pytest.mark.act("roster.sign")
def test_retiring_cancels_nothing_and_what_was_entered_goes_on(ready: World) -> None:
    approved, pending, drill = ready.ask(), ready.ask(), ready.ask(drill=True)
    ready.approve_all(approved)
    ready.approve("ann", pending)
    retire(ready)
    assert ready.actions()[-1] == "roster:accepted"
    assert [ready.state(one) for one in (approved, pending, drill)] == [
        "approved",
        "pending",
        "pending",
    ]
    for name in ("bob", "dea", "eli"):
        ready.approve(name, pending)
    ready.approve_all(drill)
    ready.release(drill)
    ready.release(approved)
    ready.close(approved)
    ready.cancel(pending)
    assert [ready.state(one) for one in (approved, pending, drill)] == [
        "rotation_due",
        "cancelled",
        "closed",
    ]
    check_whole(ready.ctx)


def test_an_unconfirmed_envelope_is_confirmed_after_the_end_of_its_line(ready: World) -> None:
    due = ready.ask()
    ready.approve_all(due)
    ready.release(due)
    ready.seal(after_requests=[ready.asked[due].digest])
    named = ready.ask()
    retire(ready)
    assert Act.CONFIRM in waits(ready, "ann")
    assert ready.confirm(*CUSTODIANS).state == "ready"
    assert ready.state(due) == "review_due"
    ready.review("ann", due)
    assert ready.review("dea", due).state == "closed"
    ready.approve_all(named)
    ready.release(named)
    assert envelope_state(ready) == "exposed"
    check_whole(ready.ctx)


NEW: list[tuple[str, Callable[[World, str], object]]] = [
    ("a request", lambda w, _: w.ask()),
    ("a request under the roster before", lambda w, before: w.ask(roster=before)),
    ("a drill", lambda w, before: w.ask(drill=True, roster=before)),
    ("a password", lambda w, _: w.seal()),
    ("a password under the roster before", lambda w, before: w.seal(roster=before)),
    ("a roster that revives it", lambda w, _: w.draft()),
    ("a roster that retires it again", lambda w, _: w.draft(retired=True)),
]


@pytest.mark.act("request.open", "envelope.seal", "roster.draft")
@pytest.mark.parametrize("act", [pytest.param(act, id=what) for what, act in NEW])
def test_a_retired_line_takes_nothing_new(
    ready: World, act: Callable[[World, str], object]
) -> None:
    before = retire(ready)
    actions = ready.actions()
    with pytest.raises(errors.LineRetiredError):
        act(ready, before)
    assert ready.actions() == actions
    check_whole(ready.ctx)


def test_a_draft_from_before_the_end_is_abandoned_by_it(ready: World) -> None:
    other = ready.draft(name="payments eu")
    retire(ready)
    with pytest.raises(errors.NotFoundError):
        ready.sign_roster("ann", other)


@pytest.mark.act("request.import")
def test_a_release_by_hand_is_brought_in_unless_it_names_the_end(ready: World) -> None:
    made = brought_in(ready, SIGNERS)
    retire(ready)
    under_the_end = brought_in(ready, SIGNERS)
    with pytest.raises(errors.LineRetiredError):
        offline.bring_in(ready.ctx, ready.caller("ann"), under_the_end)
    assert offline.bring_in(ready.ctx, ready.caller("ann"), made).state == "rotation_due"


def waits(world: World, name: str) -> set[Act]:
    """What waits for one person."""
    return {duty.act for duty in home.due(world.ctx, world.caller(name)).duties}


@pytest.mark.act("home.show")
def test_no_one_is_asked_to_seal_in_a_retired_line(ready: World) -> None:
    released = ready.ask()
    ready.approve_all(released)
    ready.release(released)
    ready.close(released)
    assert waits(ready, "gus") == {Act.SEAL}
    retire(ready)
    assert waits(ready, "gus") == set()


def test_a_line_that_never_sealed_asks_no_one_to_seal(world: World) -> None:
    world.enrol_everybody()
    world.register()
    world.accept_roster()
    assert waits(world, "gus") == {Act.SEAL}
    retire(world)
    assert waits(world, "gus") == set()
    assert requests.listing(world.ctx, world.caller("gus"), account=ACCOUNT).requests == []
    assert accounts.show(world.ctx, world.caller("gus"), ACCOUNT).state == "no-envelope"


@pytest.mark.act("account.list", "account.show")
def test_an_account_says_since_when_it_is_retired(ready: World) -> None:
    def since() -> list[str]:
        [listed] = accounts.listing(ready.ctx, ready.caller("gus")).accounts
        return [
            listed.retired_since,
            accounts.show(ready.ctx, ready.caller("ann"), ACCOUNT).retired_since,
        ]

    assert since() == ["", ""]
    ready.clock.advance(hours=5)
    retire(ready)
    at = format_time(ready.clock())
    ready.clock.advance(hours=5)
    assert since() == [at, at]


def test_notices_of_the_end_say_what_it_is(ready: World) -> None:
    def told() -> dict[str, bool]:
        with ready.ctx.read() as unit:
            size = log.head(unit.session).size
            found = [
                notice_facts(unit.session, leaf, url=ready.ctx.url, checkpoint="")
                for leaf in range(size)
            ]
        said = {facts.action.value: "the end of this line" in render(facts).body for facts in found}
        return {action: ends for action, ends in said.items() if action.startswith("roster:")}

    steps = ("roster:drafted", "roster:signed", "roster:accepted")
    drafted = ready.draft(retired=True)
    assert told() == dict.fromkeys(steps, False) | {"roster:drafted": True}
    for name in SIGNERS:
        ready.sign_roster(name, drafted)
    assert told() == dict.fromkeys(steps, True)


def test_the_lines_beside_a_retired_one_say_that_it_is(ready: World) -> None:
    ready.register(LINE)
    retire(ready)
    [said] = map(sentence, beside_of(accounts.show(ready.ctx, ready.caller("olga"), LINE).lines))
    assert said.endswith("Its people have retired it.")
