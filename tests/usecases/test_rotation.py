"""What a newer envelope and a newer roster change for what is open."""

import pytest

from crypto.encoding import b64encode
from service.domain import errors
from service.usecases import accounts, decisions
from service.wire.requests import Decide
from tests.cast import ACCOUNT
from tests.races.whole import check_whole
from tests.usecases.bodies import wire
from tests.usecases.looking import envelope_state, tail
from tests.usecases.world import World


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
    assert ready.confirm("ann", "bob", "dea").state == "unconfirmed"
    assert ready.confirm("eli").state == "ready"
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
    ready.review("ann", request)
    assert ready.review("dea", request, rotated=False).state == "rotation_due"
    ready.rotate(request)
    assert ready.state(request) == "review_due"
    assert ready.review("bob", request).state == "review_due"  # both groups look again
    assert ready.review("eli", request).state == "closed"


def test_who_has_moved_to_the_other_group_does_not_review_for_both(ready: World) -> None:
    request = ready.ask()
    ready.approve_all(request)
    ready.release(request)
    ready.close(request)
    ready.rotate(request)
    ready.review("ann", request)
    groups = {
        "password": {"threshold": 2, "custodians": [ready.id(n) for n in ("bob", "cem")]},
        "mfa": {"threshold": 2, "custodians": [ready.id(n) for n in ("dea", "eli", "fay", "ann")]},
    }
    ready.accept_roster(signers=("ann", "bob", "dea", "eli"), groups=groups)
    with pytest.raises(errors.AlreadyConfirmedError):
        ready.review("ann", request, group="mfa")
    with pytest.raises(errors.AlreadyConfirmedError):
        ready.review("ann", request, group="mfa", rotated=False)
    assert ready.review("dea", request).state == "closed"


def test_the_newest_unconfirmed_envelope_can_be_named_and_is_confirmed_by_approving(
    ready: World,
) -> None:
    ready.seal()
    request = ready.ask()
    with pytest.raises(errors.WrongStateError):
        ready.approve("ann", request)
    for name in ("ann", "bob", "dea", "eli"):
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
    ready.accept_roster(signers=("ann", "bob", "dea", "eli"))
    assert ready.state(request) == "cancelled"
    assert tail(ready, 3) == ["roster:signed", "roster:accepted", "request:cancelled"]


def test_nothing_replaces_a_roster_but_its_own_people(ready: World) -> None:
    """The operator's friends sign, and an approved request stays what it is."""
    request = ready.ask()
    ready.approve_all(request)
    fields = ready.roster_fields()
    friends = {"threshold": 1, "custodians": [ready.id("eve")]}
    with pytest.raises(errors.StrandsEnvelopeError):
        ready.draft(groups={**fields["groups"], "password": friends})
    more = {
        "threshold": 2,
        "custodians": [*fields["groups"]["password"]["custodians"], ready.id("eve")],
    }
    drafted = ready.draft(groups={**fields["groups"], "password": more})
    assert ready.sign_roster("eve", drafted).state == "draft"
    assert ready.sign_roster("ann", drafted).state == "draft"
    assert ready.sign_roster("bob", drafted).state == "draft"
    assert ready.state(request) == "approved"
    assert ready.release(request).state == "released"


@pytest.mark.act("account.show")
def test_a_changed_custodian_is_a_finding_until_it_is_sealed_anew(ready: World) -> None:
    fields = ready.roster_fields()
    people = [ready.id(n) for n in ("ann", "bob", "eve")]
    groups = {**fields["groups"], "password": {"threshold": 2, "custodians": people}}
    ready.accept_roster(signers=("ann", "bob", "dea", "eli", "eve"), groups=groups)
    found = accounts.show(ready.ctx, ready.caller("ann"), ACCOUNT).findings
    assert "older-roster" in {finding.code for finding in found}
    ready.seal()
    ready.confirm("ann", "bob", "dea", "eli")
    found = accounts.show(ready.ctx, ready.caller("ann"), ACCOUNT).findings
    assert "older-roster" not in {finding.code for finding in found}
