"""Acts that were right when they were prepared, and for which the ground has changed since."""

from typing import Any

import pytest

from crypto.encoding import hex_digest
from crypto.identity import Identity
from crypto.randomness import random_bytes
from service.domain.person import Person
from service.storage import people as stored_people
from service.storage import reseals
from service.usecases import envelopes, requests
from tests.cast import CUSTODIANS, MFA
from tests.usecases.bodies import body
from tests.usecases.refusals.conftest import refused
from tests.usecases.world import World

CHANGED = ("ann", "bob", "dea", "eli")


def restored(world: World, name: str, *, operator: bool = False, auditor: bool = False) -> None:
    """Give somebody another role behind everybody's back."""
    person = Person(
        id=world.id(name),
        email=f"{name}@corp.example",
        name=name,
        operator=operator,
        auditor=auditor,
    )
    with world.ctx.write() as unit:
        stored_people.save(unit.session, person, unit.now)


# --- rosters ---


@pytest.mark.parametrize(
    ("role", "code"), [("operator", "operator-in-roster"), ("auditor", "auditor-in-roster")]
)
def test_a_draft_is_held_against_the_rules_again_at_each_signature(
    ready: World, role: str, code: str
) -> None:
    drafted = ready.draft()
    ready.sign_roster("ann", drafted)
    restored(ready, "gus", **{role: True})
    refused(ready, code, lambda w: w.sign_roster("bob", drafted))


def test_a_draft_that_strands_an_envelope_that_came_later_is_not_signed(world: World) -> None:
    world.enrol_everybody()
    world.register()
    world.accept_roster()
    fields = world.roster_fields()
    people = [world.id(name) for name in ("ann", "eve")]
    drafted = world.draft(
        groups={**fields["groups"], "password": {"threshold": 2, "custodians": people}}
    )
    world.seal()
    world.confirm(*CUSTODIANS)
    refused(world, "strands-envelope", lambda w: w.sign_roster("ann", drafted))


def test_keys_that_were_replaced_since_the_draft_are_not_taken(ready: World) -> None:
    fields = ready.roster_fields()
    people = [ready.id(name) for name in ("ann", "bob", "eve")]
    drafted = ready.draft(
        groups={**fields["groups"], "password": {"threshold": 2, "custodians": people}}
    )
    with ready.ctx.write() as unit:
        stored_people.add_identity(
            unit.session,
            ready.id("eve"),
            Identity.generate().public,
            digest=hex_digest(random_bytes(8)),
            at=unit.now,
        )
    refused(ready, "people-mismatch", lambda w: w.sign_roster("ann", drafted))


def test_a_newer_draft_ends_the_one_before(ready: World) -> None:
    abandoned = ready.draft()
    ready.sign_roster("ann", abandoned)
    ready.draft(name="payments, renamed")
    refused(ready, "not-found", lambda w: w.sign_roster("bob", abandoned))


def test_a_signature_for_a_draft_is_not_taken_for_another(ready: World) -> None:
    first = ready.draft()
    ready.draft(name="payments, renamed")

    def posted_elsewhere(world: World) -> Any:
        return world.sign_roster("ann", first)

    refused(ready, "not-found", posted_elsewhere)


# --- envelopes and requests ---


@pytest.mark.act("envelope.paper")
def test_a_superseded_envelope_takes_no_word(ready: World) -> None:
    old = ready.manifests["newest"]
    ready.rotate()
    late = ready.sign(
        "ann",
        "paper",
        manifest=old.digest,
        group="password",
        custodian=ready.id("ann"),
        place="",
    )
    refused(ready, "wrong-state", lambda w: envelopes.paper(w.ctx, w.caller("ann"), body(late)))
    receipt = ready.receipt("ann", old)
    refused(
        ready, "wrong-state", lambda w: envelopes.confirm(w.ctx, w.caller("ann"), body(receipt))
    )


def test_an_envelope_does_not_rotate_twice(ready: World) -> None:
    """Sealed while the request waited, and named after it no longer does."""
    request = ready.ask()
    ready.approve_all(request)
    ready.release(request)
    ready.rotate(request)
    assert ready.state(request) == "review_due"
    after = [ready.asked[request].digest]
    refused(ready, "wrong-request", lambda w: w.seal(after_requests=after))


def test_a_drill_waits_for_no_password(ready: World) -> None:
    drill = ready.ask(drill=True)
    ready.approve_all(drill)
    ready.release(drill)
    refused(ready, "wrong-request", lambda w: w.seal(after_requests=[ready.asked[drill].digest]))


def test_a_request_under_the_roster_before_is_refused(ready: World) -> None:
    prepared = ready.request_statement()
    ready.accept_roster(signers=CHANGED)
    refused(
        ready,
        "stale-roster",
        lambda w: requests.open_request(w.ctx, w.caller("gus"), body(prepared)),
    )


def test_under_a_newer_roster_a_share_that_was_never_confirmed_approves_nothing(
    world: World,
) -> None:
    world.enrol_everybody()
    world.register()
    world.accept_roster()
    world.seal()
    world.confirm("ann", "bob", *MFA)
    world.accept_roster(signers=CHANGED)
    request = world.ask()
    refused(world, "wrong-state", lambda w: w.approve("cem", request))
    assert world.approve("ann", request).state == "pending"


def test_one_group_reviews_once_in_a_round(ready: World) -> None:
    request = ready.ask()
    ready.approve_all(request)
    ready.release(request)
    ready.close(request)
    ready.rotate(request)
    ready.review("ann", request)
    refused(ready, "already-confirmed", lambda w: w.review("ann", request))
    refused(ready, "already-confirmed", lambda w: w.review("bob", request))
    refused(ready, "already-confirmed", lambda w: w.review("bob", request, rotated=False))


# --- the clock ---


def test_a_clock_far_behind_the_log_stops_every_act(ready: World) -> None:
    request = ready.ask()
    ready.clock.advance(minutes=-5)
    ready.approve("ann", request)  # five minutes are still taken
    ready.clock.advance(seconds=-1)
    for act in (
        lambda w: w.ask(),
        lambda w: w.approve("bob", request),
        lambda w: w.cancel(request),
        lambda w: w.seal(),
        lambda w: w.draft(),
    ):
        refused(ready, "clock-behind", act)
    assert ready.state(request) == "pending"  # reads go on


def test_an_expired_request_takes_nothing_though_nobody_has_written_it_down(ready: World) -> None:
    request = ready.ask(lifetime=60)
    ready.approve_all(request)
    ready.clock.advance(seconds=60)
    for act in (
        lambda w: w.release(request),
        lambda w: w.approve("fay", request),
        lambda w: w.deny("fay", request),
        lambda w: w.cancel(request),
    ):
        refused(ready, "expired", act)
    with ready.ctx.read() as unit:
        assert len(reseals.of_request(unit.session, ready.ctx.at_rest, request)) == 4


def test_a_transaction_is_recorded_once(ready: World) -> None:
    with ready.ctx.write() as unit:
        unit.record()
        with pytest.raises(RuntimeError):
            unit.record()
