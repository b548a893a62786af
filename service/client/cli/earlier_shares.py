"""For which requests I have released my share of an envelope before, and the warning about it.

A quorum is counted per request. But someone who reads the service and owns the requests' keys can
add up shares from several requests on one envelope. So a custodian is warned before adding one.
This device's own notes count too: a service that hides a request cannot hide the share.
"""

from collections.abc import Mapping

from service.client.cli.invocation import Invocation
from service.client.device.home import Home
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.shown import ShownRequest, verify_shown
from service.domain.request import Request
from service.wire.requests import RequestDetail, RequestList

_FILE = "gone.json"
_PAGE = 200


def remember_share(home: Home, request: Request) -> None:
    """Note, before it is posted, that my share of an envelope goes to a request."""
    with home.locked():
        noted = home.read_json(_FILE) or {}
        requests = dict(noted.get(request.manifest, {}))
        requests[request.id] = render.one_line(request.reason)
        home.write_json(_FILE, {**noted, request.manifest: requests})


def earlier_requests(run: Invocation, api: Api, shown: ShownRequest) -> list[str]:
    """Return a warning that names the earlier requests on this envelope, drills left out."""
    noted: Mapping[str, str] = (run.home.read_json(_FILE) or {}).get(shown.envelope.digest, {})
    reasons = dict(noted)
    for other in _approved_by_me(run, api, shown):
        reasons.setdefault(other.id, render.one_line(other.reason))
    reasons.pop(shown.about.request.id, None)
    if not reasons:
        return []
    return [
        "you have already released your share of this password for: "
        + "; ".join(f"{number} ({reason})" for number, reason in sorted(reasons.items()))
    ]


def _approved_by_me(run: Invocation, api: Api, shown: ShownRequest) -> list[Request]:
    """Return requests on this envelope that bear a verified approval of mine, withdrawn or not."""
    me, account = run.config.person, shown.about.request.account
    listed = api.get("/requests", RequestList, account=account, limit=_PAGE).requests
    found = []
    for summary in listed:
        said = {person for group in summary.groups for person in (*group.approved, *group.denied)}
        if summary.drill or me not in said:
            continue
        detail = api.get(f"/requests/{summary.id}", RequestDetail)
        try:
            other = verify_shown(summary.id, detail, shown.chain)
        except ClientRefusal as refused:
            run.terminal.warn(f"request {summary.id} does not verify: {refused.message}")
            continue
        mine = any(d.approves and d.custodian == me for d in other.decisions)
        if mine and other.envelope.digest == shown.envelope.digest:
            found.append(other.about.request)
    return found
