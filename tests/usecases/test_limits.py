"""What one person must not be able to make too large, too slow or too loud for all the others."""

import pytest

from service.domain import errors
from service.usecases import bundles, offline, requests
from tests.usecases.refusals.conftest import refused
from tests.usecases.test_behaviours import brought_in
from tests.usecases.world import ACCOUNT, World


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
        ready.approve("pia", request)
        ready.deny("pia", request)
        ready.clock.advance(seconds=1)
    with pytest.raises(errors.WrongStateError):
        ready.approve("pia", request)
    assert ready.approve("per", request).state == "pending"
    assert ready.state(request) == "pending"


def test_an_approval_carries_no_text_of_its_own(ready: World) -> None:
    request = ready.ask()
    refused(ready, "malformed", lambda w: w.approve("pia", request, reason="x" * 1000))


def test_a_draft_opens_neither_a_bundle_nor_the_way_in_for_an_offline_release(
    ready: World,
) -> None:
    fields = ready.roster_fields()
    people = [ready.id(name) for name in ("pia", "per", "eve")]
    groups = {**fields["groups"], "password": {"threshold": 2, "custodians": people}}
    ready.draft(groups=groups)
    posted = brought_in(ready, ("pia", "per", "mia", "max"))
    refused(ready, "not-found", lambda w: bundles.fetch(w.ctx, w.caller("eve"), ACCOUNT))
    refused(ready, "not-found", lambda w: offline.bring_in(w.ctx, w.caller("eve"), posted))
    assert requests.listing(ready.ctx, ready.caller("pia"), account=ACCOUNT).requests == []
