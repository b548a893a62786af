"""Asking the service for what the other ``trust`` modules then verify."""

from dataclasses import dataclass

from crypto.statement import Statement
from service.client import memory
from service.client.api import Api
from service.client.errors import ClientRefusal
from service.client.invocation import Invocation
from service.client.trust import VerifiedChain, verify_chain
from service.client.trust_envelope import verify_manifest
from service.client.trust_request import (
    VerifiedRequest,
    verify_decisions,
    verify_further,
    verify_request,
)
from service.domain.credential import Envelope
from service.domain.quorum import Decision
from service.wire.accounts import EnvelopeFacts, Envelopes, Rosters
from service.wire.people import Person
from service.wire.requests import RequestDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A request as the service shows it, and what of that is signed.

    ``further`` are time of entry and kind of each verified cancellation, release, closure, review.
    """

    detail: RequestDetail
    chain: VerifiedChain
    about: VerifiedRequest
    envelope: Envelope
    manifest: Statement
    decisions: tuple[Decision, ...]
    further: tuple[tuple[str, str], ...]


def fetch_chain(run: Invocation, api: Api, account: str, *, looking: bool = False) -> VerifiedChain:
    """Fetch and verify an account's rosters, anchored in my own signature, and remember them.

    Operators and auditors have signed none: when they are only ``looking``, the chain is verified
    without an anchor, and they are told so. That somebody is one of them is the service's word, so
    it waives nothing for an act that signs or seals.

    Raises:
        ClientRefusal: a code of ``trust``, or ``roster-rolled-back``.
    """
    me: str | None = run.config.fingerprint
    if looking and _outsider(api):
        me = None
        run.terminal.note("You are in no roster: who counts here is what the service says.")
    rosters = api.get(f"/accounts/{account}/rosters", Rosters)
    seen = memory.seen_roster(run.home, account)
    chain = verify_chain(rosters.chain, account=account, me=me, remembered=seen)
    if me is not None:  # what nobody anchored must not make this device refuse the real chain
        remember_chain(run, chain)
    for version in chain.restarts:
        run.terminal.warn(
            f"roster version {version} replaces version {version - 1} without its quorum"
        )
    return chain


def remember_chain(run: Invocation, chain: VerifiedChain) -> None:
    """Remember how far a verified chain counts for me; never less than before.

    Raises:
        ClientRefusal: ``roster-rewound``: another roster of this version was seen.
    """
    version, digest = chain.remembered_by(run.config.fingerprint)
    seen = memory.seen_roster(run.home, chain.newest.account)
    if seen is None or seen[0] <= version:
        memory.remember_roster(run.home, chain.newest.account, version, digest)


def _outsider(api: Api) -> bool:
    me = api.get("/people/me", Person)
    return me.operator or me.auditor


def fetch_request(run: Invocation, api: Api, request: str, *, looking: bool = False) -> Shown:
    """Fetch a request with every statement on it, and verify all of them.

    ``looking`` is as in :func:`fetch_chain`.

    Raises:
        ClientRefusal: a code of ``trust``, ``trust_envelope`` or ``trust_request``.
    """
    detail = api.get(f"/requests/{request}", RequestDetail)
    chain = fetch_chain(run, api, detail.account, looking=looking)
    return verify_shown(request, detail, chain)


def verify_shown(request: str, detail: RequestDetail, chain: VerifiedChain) -> Shown:
    """Verify a request's detail; what the service says beside the statements must fit them.

    Raises:
        ClientRefusal: as ``fetch_request``.
    """
    about = verify_request(detail.request, chain)
    signed = about.request
    said = (detail.id, detail.digest, detail.account, detail.requester, detail.drill)
    if (request, *said[1:]) != said or said != (
        signed.id,
        signed.digest,
        signed.account,
        signed.requester,
        signed.drill,
    ):
        raise ClientRefusal(
            "request-replaced", "the service shows a request otherwise than it was signed"
        )
    envelope, manifest = verify_manifest(detail.manifest, chain)
    if envelope.digest != signed.manifest:
        raise ClientRefusal("manifest-replaced", "the request names another envelope than this one")
    return Shown(
        detail=detail,
        chain=chain,
        about=about,
        envelope=envelope,
        manifest=manifest,
        decisions=verify_decisions(detail.decisions, about),
        further=tuple((e.at, verify_further(e.statement, about, chain)) for e in detail.others),
    )


def fetch_envelopes(api: Api, account: str) -> list[EnvelopeFacts]:
    """Fetch an account's envelopes, newest first. Nothing is verified yet."""
    return api.get(f"/accounts/{account}/envelopes", Envelopes).envelopes
