"""Finding before the press that what ends a request exposes the password."""

from collections.abc import Sequence

from service.client.cli.invocation import Invocation
from service.client.foundation.words.exposure import cost_of_roster
from service.client.link.api import Api
from service.client.trust.shown import ShownRequest
from service.domain.credential import exposed_by_union
from service.domain.exposed import approvers
from service.domain.people import GroupName
from service.domain.request import COLLECTING, FINAL
from service.domain.roster import Roster
from service.wire.requests import RequestList, RequestSummary

_PAGE = 200


def ending_of(api: Api, shown: ShownRequest) -> str:
    """Say if the shares that were handed over open the password once this request ends.

    ``alone``, with ``earlier`` requests, or not at all (empty). This request's approvals were
    verified; the earlier ones are what the service lists, and it is asked for them only where they
    matter.

    Raises:
        ClientRefusal: the service does not answer with a list.
    """
    own = approvers(shown.decisions)
    if shown.about.request.drill or not own:
        return ""
    sealed_for = shown.chain.named(shown.envelope.roster)
    if exposed_by_union(sealed_for, own):
        return "alone"
    return "earlier" if exposed_by_union(sealed_for, own | _earlier(api, shown, sealed_for)) else ""


def cost_of_overtaking(run: Invocation, api: Api, roster: Roster, previous: Roster | None) -> str:
    """Say if open requests end once a draft is in force, and if that exposes a password.

    All of it is by the service's list, and reckoned by the thresholds in force, ``previous``.
    Nothing is said to anyone whom that does not name: they may not see its requests.

    Raises:
        ClientRefusal: the service does not answer with a list.
    """
    if previous is None or roster.retired or run.config.person not in previous.members:
        return ""
    account = roster.account
    listed = api.get("/requests", RequestList, account=account, limit=_PAGE).requests
    ending = [one for one in listed if one.state in COLLECTING]
    if not ending:
        return ""
    passwords = {one.manifest_digest for one in ending if not one.drill}
    exposed = any(exposed_by_union(previous, _given(listed, one, previous)) for one in passwords)
    return cost_of_roster(len(ending), exposed=exposed)


def _given(
    listed: Sequence[RequestSummary], manifest: str, roster: Roster
) -> frozenset[tuple[GroupName, str]]:
    """Return whose shares of an envelope went to requests that ended, or would, unreleased."""
    return frozenset(
        (group, person)
        for one in listed
        if one.manifest_digest == manifest and one.state in COLLECTING | FINAL
        for person in one.handed
        if (group := roster.group_of(person)) is not None
    )


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
