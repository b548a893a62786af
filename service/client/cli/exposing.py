"""Saying before the press that taking a request back, or denying it, exposes the password."""

from service.client.cli.invocation import Invocation
from service.client.foundation.words.exposure import cost_of_ending
from service.client.link.api import Api
from service.client.trust.shown import ShownRequest
from service.domain.credential import exposed_by_union
from service.domain.exposed import approvers
from service.domain.people import GroupName
from service.domain.request import FINAL
from service.domain.roster import Roster
from service.wire.requests import RequestList

_PAGE = 200


def warn_of_exposure(run: Invocation, api: Api, shown: ShownRequest) -> None:
    """Warn if the shares that were handed over open the password once this request ends.

    This request's approvals were verified; the earlier ones are what the service lists, and it is
    asked for them only where they matter.

    Raises:
        ClientRefusal: the service does not answer with a list.
    """
    own = approvers(shown.decisions)
    if shown.about.request.drill or not own:
        return
    sealed_for = shown.chain.named(shown.envelope.roster)
    alone = exposed_by_union(sealed_for, own)
    if alone or exposed_by_union(sealed_for, own | _earlier(api, shown, sealed_for)):
        run.terminal.warn(cost_of_ending(alone=alone))


def _earlier(api: Api, shown: ShownRequest, sealed_for: Roster) -> frozenset[tuple[GroupName, str]]:
    """Return whose shares went to requests on this envelope that ended without a release."""
    account = shown.about.request.account
    listed = api.get("/requests", RequestList, account=account, limit=_PAGE).requests
    return frozenset(
        (group, person)
        for one in listed
        if one.manifest_digest == shown.envelope.digest and one.state in FINAL
        for person in one.handed
        if (group := sealed_for.group_of(person)) is not None
    )
