"""A requester who seals after a release of their own: what the service takes, and what not."""

import pytest

from service.usecases import bundles, envelopes
from tests.cast import POLICY, Somebody, identity_of
from tests.races.whole import check_whole
from tests.usecases.bodies import body
from tests.usecases.looking import envelope_state, tail
from tests.usecases.refusals.conftest import refused
from tests.usecases.successors import CONFIRM, found, imported, letting, released, renew, succeed
from tests.usecases.world import World


@pytest.mark.act("envelope.seal")
def test_each_broken_rule_is_refused_and_leaves_nothing(empty: World) -> None:
    world = found(empty)
    world.manifests["opened"] = world.manifests["newest"]
    refused(world, "not-successor", succeed)
    asked = world.ask()
    for name in CONFIRM:
        world.approve(name, asked)
    refused(world, "wrong-request", lambda w: succeed(w, asked))  # approved, not released
    world.release(asked)
    others = released(world, "fay")
    for act in (
        lambda w: succeed(w, asked),  # Fay's release on the same envelope is not named
        lambda w: succeed(w, others),  # hers alone
        succeed,
    ):
        refused(world, "not-successor", act)
    refused(world, "policy", lambda w: succeed(w, asked, others, cause="roster"))
    refused(world, "not-in-roster", lambda w: succeed(w, asked, others, by="ann"))
    refused(world, "not-in-roster", lambda w: succeed(w, asked, others, by="cem"))
    for version in (2, 3, 4):
        succeed(world, asked, others)
        assert world.manifests["newest"].payload["version"] == version
    refused(world, "not-successor", lambda w: succeed(w, asked, others))
    succeed(world, asked, others, by="fay")  # of her own request it is the first
    world.seal(by="eve", after_requests=[])
    refused(world, "not-successor", lambda w: succeed(w, asked, others, by="fay"))
    world.confirm(*CONFIRM)
    refused(world, "not-successor", lambda w: succeed(w, asked))  # not on the envelope in force
    later = released(world)
    refused(world, "not-successor", lambda w: succeed(w, asked, by="gus"))
    letting(world, lets=False)
    refused(world, "not-in-roster", lambda w: succeed(w, later))
    check_whole(world.ctx)


@pytest.mark.act("envelope.seal", "envelope.confirm")
def test_a_newer_one_ends_the_unconfirmed_one_before_it(world: World) -> None:
    found(world)
    asked = released(world)
    succeed(world, asked)
    first = world.manifests["first"] = world.manifests["newest"]
    world.confirm("ann")
    collecting = world.ask()
    on_old = world.ask(manifest=world.asked[asked].payload["manifest"])
    succeed(world, asked)
    assert tail(world, 3) == ["envelope:sealed", "request:cancelled", "envelope:superseded"]
    assert envelope_state(world, "first") == "superseded"
    assert world.state(collecting) == "cancelled"
    assert world.state(on_old) == "pending"
    receipt = world.receipt("bob", first)
    refused(
        world, "wrong-state", lambda w: envelopes.confirm(w.ctx, w.caller("bob"), body(receipt))
    )
    assert world.confirm(*CONFIRM).state == "ready"
    assert world.state(asked) == "review_due"
    check_whole(world.ctx)


def test_what_is_in_force_is_shown_while_one_that_was_ended_is_newer(world: World) -> None:
    """The list holds what a quorum needs: also beside an envelope that never was in force."""
    found(world)
    opened = world.manifests["newest"]
    asked = released(world)
    for _ in range(2):
        succeed(world, asked)
    shown = envelopes.listing(world.ctx, world.caller("ann"), world.account).envelopes
    states = [(one.state, one.leaf) for one in shown]
    assert [state for state, _ in states] == ["unconfirmed", "exposed"]
    world.confirm(*CONFIRM)
    shown = envelopes.listing(world.ctx, world.caller("ann"), world.account).envelopes
    assert [one.state for one in shown] == ["ready", "superseded"]
    assert shown[1].manifest.payload == body(opened).statement.payload


def test_a_bundle_is_without_what_no_checkpoint_covers_and_no_one_has_confirmed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(world)
    succeed(world, released(world))

    def bundled() -> list[tuple[str, bool]]:
        made = bundles.fetch(world.ctx, world.caller("ann"), world.account).envelopes
        return [(one.state, one.successor is not None) for one in made]

    assert bundled() == [("unconfirmed", True), ("exposed", False)]
    monkeypatch.setattr(bundles, "evidence", lambda *_: {})
    assert bundled() == [("exposed", False)]
    world.confirm(*CONFIRM)
    assert bundled() == [("ready", False), ("superseded", False)]


@pytest.mark.act("envelope.seal")
def test_what_its_requester_knows_is_not_sealed_again_for_another_roster(world: World) -> None:
    found(world)
    succeed(world, released(world))
    world.confirm(*CONFIRM)
    letting(world, requesters=[world.id("fay")])  # Gus is gone, and knows the password
    refused(world, "policy", lambda w: w.seal(by="eve", cause="roster"))
    world.seal(by="eve")
    world.confirm(*CONFIRM)
    letting(world, requesters=[world.id("fay")], lets=False)
    world.seal(by="eve", cause="roster")  # no one alone knows what Eve has sealed
    check_whole(world.ctx)


@pytest.mark.act("envelope.seal")
def test_keys_that_changed_since_the_request_seal_nothing(world: World) -> None:
    """Whoever has enrolled again may be someone else: the release was not theirs."""
    found(world)
    asked = released(world)
    others = Somebody("gus", world.id("gus"), identity_of("gus anew"))
    renew(world, others)
    world.anew["gus"] = others.identity
    letting(world, signers=(*CONFIRM, "gus"))
    refused(world, "not-successor", lambda w: succeed(w, asked))


@pytest.mark.act("envelope.seal")
def test_after_an_import_its_release_has_to_be_there(world: World) -> None:
    found(world)
    without = imported(world, with_release=False)
    refused(world, "not-successor", lambda w: succeed(w, without))
    asked = imported(world)
    refused(world, "not-successor", lambda w: succeed(w, asked))  # the other one is not named
    succeed(world, without, asked)
    world.confirm(*CONFIRM)
    assert world.state(without) == world.state(asked) == "review_due"
    check_whole(world.ctx)


def test_a_roster_that_lets_requesters_seal_is_drafted_like_any_other(world: World) -> None:
    found(world, lets=False)
    world.draft(policy=POLICY | {"requester_seals": True})
    assert tail(world, 1) == ["roster:drafted"]
