"""Asking the service for rosters, requests and envelopes, and verifying them with ``trust``."""

from service.client.cli.invocation import Invocation
from service.client.device import memory
from service.client.link.api import Api
from service.client.trust.chain import VerifiedChain, verify_chain
from service.client.trust.shown import ShownRequest, verify_shown
from service.wire.accounts import EnvelopeFacts, Envelopes, Rosters
from service.wire.people import Person
from service.wire.requests import RequestDetail


def fetch_chain(run: Invocation, api: Api, account: str, *, looking: bool = False) -> VerifiedChain:
    """Fetch and verify an account's rosters, anchored in my own signature, and remember them.

    Operators and auditors have signed none: when they are only ``looking``, the chain is verified
    without an anchor, and a note says so. Only the service says that someone is one of them, so it
    waives nothing for an act that signs or seals.

    Raises:
        ClientRefusal: a code of ``trust.chain``, or ``roster-rolled-back``.
    """
    me: str | None = run.config.fingerprint
    if looking and _outsider(api):
        me = None
        run.terminal.note("You sign no rosters: that these people count is the service's word.")
    rosters = api.get(f"/accounts/{account}/rosters", Rosters)
    seen = memory.seen_roster(run.home, account)
    chain = verify_chain(rosters.chain, rosters.identities, account=account, me=me, remembered=seen)
    if me is not None:  # an unanchored chain must not make this device refuse the real one
        remember_chain(run, chain)
    return chain


def remember_chain(run: Invocation, chain: VerifiedChain) -> None:
    """Remember a verified chain's newest version; never less than before.

    Raises:
        ClientRefusal: ``roster-rewound``: another roster of this version was seen.
    """
    newest = chain.newest
    seen = memory.seen_roster(run.home, newest.account)
    if seen is None or seen[0] <= newest.version:
        memory.remember_roster(run.home, newest.account, newest.version, newest.digest)


def _outsider(api: Api) -> bool:
    me = api.get("/people/me", Person)
    return me.operator or me.auditor


def fetch_request(
    run: Invocation, api: Api, request: str, *, looking: bool = False
) -> ShownRequest:
    """Fetch a request with every statement on it, and verify all of them.

    ``looking`` is as in :func:`fetch_chain`.

    Raises:
        ClientRefusal: a code of ``trust.chain``, ``trust.envelope`` or ``trust.request``.
    """
    detail = api.get(f"/requests/{request}", RequestDetail)
    chain = fetch_chain(run, api, detail.account, looking=looking)
    return verify_shown(request, detail, chain)


def fetch_envelopes(api: Api, account: str) -> list[EnvelopeFacts]:
    """Fetch an account's envelopes, newest first. Nothing is verified yet."""
    return api.get(f"/accounts/{account}/envelopes", Envelopes).envelopes
