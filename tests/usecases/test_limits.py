"""What one person must not be able to make too large, too slow or too loud for all the others."""

import pytest

from service.domain import errors
from service.usecases import bundles, offline, requests
from tests.cast import ACCOUNT, MFA
from tests.races.whole import check_whole
from tests.usecases.refusals.conftest import refused
from tests.usecases.test_brought_in import brought_in
from tests.usecases.world import World


def test_a_requester_has_at_most_five_requests_that_collect(ready: World) -> None:
    opened = [ready.ask(lifetime=60) for _ in range(5)]
    refused(ready, "too-many-open", lambda w: w.ask())
    ready.cancel(opened[0])
    opened.append(ready.ask(lifetime=120))
    refused(ready, "too-many-open", lambda w: w.ask())
    ready.clock.advance(seconds=60)  # four have expired, and nobody has written it down
    ready.ask()
    assert ready.state(opened[-1]) == "pending"


def test_a_custodian_changes_their_mind_a_few_times_and_no_more(ready: World) -> None:
    request = ready.ask()
    for _ in range(3):
        ready.approve("ann", request)
        ready.deny("ann", request)
        ready.clock.advance(seconds=1)
    with pytest.raises(errors.WrongStateError):
        ready.approve("ann", request)
    assert ready.approve("bob", request).state == "pending"
    assert ready.state(request) == "pending"


def test_an_approval_carries_no_text_of_its_own(ready: World) -> None:
    request = ready.ask()
    refused(ready, "malformed", lambda w: w.approve("ann", request, reason="x" * 1000))


def test_what_ends_by_a_newer_envelope_still_exposes_the_older_one(ready: World) -> None:
    ready.manifests["old"] = ready.manifests["newest"]
    request = ready.ask()
    ready.approve_all(request)
    ready.seal()
    ready.confirm("ann", "bob", "dea", "eli")
    assert ready.state(request) == "cancelled"
    assert ready.actions()[-3:] == [
        "request:cancelled",
        "envelope:exposed",
        "envelope:superseded",
    ]
    check_whole(ready.ctx)


def test_an_exposed_password_is_not_sealed_again_for_a_new_roster(ready: World) -> None:
    request = ready.ask()
    ready.approve_all(request)
    ready.cancel(request)  # exposed by the union of approvals: no request waits for a new one
    refused(ready, "policy", lambda w: w.seal(cause="roster"))
    assert ready.seal(cause="rotation").state == "unconfirmed"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("policy", {"lifetime": 3601}),
        ("policy", {"window": 10**12}),
        ("unknown-task", {"task": "make-coffee"}),
        ("reason-needed", {"reason": ""}),
    ],
)
def test_an_offline_release_is_held_to_the_rosters_policy(
    ready: World, code: str, changes: dict[str, object]
) -> None:
    posted = brought_in(ready, ("ann", "bob", "dea", "eli"), **changes)
    refused(ready, code, lambda w: offline.bring_in(w.ctx, w.caller("ann"), posted))


def test_a_draft_opens_neither_a_bundle_nor_the_way_in_for_an_offline_release(
    ready: World,
) -> None:
    fields = ready.roster_fields()
    people = [ready.id(name) for name in ("ann", "bob", "eve")]
    groups = {**fields["groups"], "password": {"threshold": 2, "custodians": people}}
    ready.draft(groups=groups)
    posted = brought_in(ready, ("ann", "bob", "dea", "eli"))
    refused(ready, "not-found", lambda w: bundles.fetch(w.ctx, w.caller("eve"), ACCOUNT))
    refused(ready, "not-found", lambda w: offline.bring_in(w.ctx, w.caller("eve"), posted))
    assert requests.listing(ready.ctx, ready.caller("ann"), account=ACCOUNT).requests == []


def test_a_roster_does_not_leave_the_envelope_to_those_who_never_confirmed_it(
    world: World,
) -> None:
    """Of the password group two have confirmed: the third could not approve any more."""
    world.enrol_everybody()
    world.register()
    world.accept_roster()
    world.seal()
    world.confirm("ann", "bob", *MFA)
    fields = world.roster_fields()
    people = [world.id(name) for name in ("bob", "cem", "eve")]
    groups = {**fields["groups"], "password": {"threshold": 2, "custodians": people}}
    refused(world, "strands-envelope", lambda w: w.draft(groups=groups))
    world.confirm("cem")
    world.accept_roster(signers=("ann", "bob", "dea", "eli", "eve"), groups=groups)
    request = world.ask()
    for name in ("bob", "cem", "dea"):
        world.approve(name, request)
    assert world.approve("eli", request).state == "approved"
