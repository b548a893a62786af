"""For which requests I have released my share of an envelope before, for the consent.

A quorum is counted per request. But someone who reads the service and owns the requests' keys can
add up shares from several requests on one envelope. So a custodian is warned before adding one.
This device's own notes count too: a service that hides a request cannot hide the share. What they
lack is the service's word, of which one look at its list is enough.
"""

from collections.abc import Mapping

from service.client.cli.invocation import Invocation
from service.client.device.home import Home
from service.client.foundation import render
from service.client.link.api import Api
from service.client.trust.shown import ShownRequest
from service.domain.request import Request
from service.wire.requests import RequestList, RequestSummary

Earlier = dict[str, object]

_FILE = "gone.json"
_PAGE = 200


def remember_share(home: Home, request: Request) -> None:
    """Note, before it is posted, that my share of an envelope goes to a request."""
    with home.locked():
        noted = home.read_json(_FILE) or {}
        requests = dict(noted.get(request.manifest, {}))
        requests[request.id] = render.one_line(request.reason)
        home.write_json(_FILE, {**noted, request.manifest: requests})


def earlier_requests(run: Invocation, api: Api, shown: ShownRequest) -> list[Earlier]:
    """Return the earlier requests on this envelope, as a consent takes them; drills are left out.

    Those that this device did not note are only ``listed`` by the service.
    """
    noted = noted_requests(run.home, shown.about.request)
    known = {one["request"] for one in noted} | {shown.about.request.id}
    listed = [one for one in _listed(run, api, shown) if one.id not in known]
    return [
        *noted,
        *({"request": one.id, "reason": one.reason, "listed": True} for one in listed),
    ]


def noted_requests(home: Home, request: Request) -> list[Earlier]:
    """Return the earlier requests on this one's envelope that this device has noted."""
    noted: Mapping[str, str] = (home.read_json(_FILE) or {}).get(request.manifest, {})
    return [
        {"request": number, "reason": reason, "listed": False}
        for number, reason in sorted(noted.items())
        if number != request.id
    ]


def _listed(run: Invocation, api: Api, shown: ShownRequest) -> list[RequestSummary]:
    """Return requests on this envelope that have had an approval of mine, withdrawn or not."""
    account, manifest = shown.about.request.account, shown.envelope.digest
    listed = api.get("/requests", RequestList, account=account, limit=_PAGE).requests
    return [
        one for one in listed if one.manifest_digest == manifest and run.config.person in one.handed
    ]
