"""Verifying files passed by hand: the same statements, by this device's own clock.

Stable codes, beside those of requests, decisions and releases: ``not-offline`` (the statement was
made for the service), ``expired``, ``not-yet`` (made later than this device's clock says),
``stale-roster``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crypto.encoding import parse_time
from crypto.statement import Statement
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.trust.bundle import BundledSeal, VerifiedBundle
from service.client.trust.clocks import moment
from service.client.trust.release import (
    DeliveredShare,
    VerifiedRelease,
    count_quorum,
    verify_share,
)
from service.client.trust.request import (
    VerifiedRequest,
    verify_decision,
    verify_request_statement,
)
from service.client.trust.statements import read
from service.domain.quorum import Decision
from service.domain.roster import check_not_retired
from service.wire.base import Dsse
from service.wire.offline import OfflineDecision
from service.wire.requests import Resealed

_SLACK = timedelta(minutes=5)  # between the clocks of two people's devices


def verify_offline_request(
    dsse: Dsse, bundle: VerifiedBundle, now: datetime | None
) -> tuple[VerifiedRequest, BundledSeal]:
    """Verify a request passed by hand: under the newest roster, offline, and not expired.

    ``now`` is by this device's clock; None leaves time to the caller, as for the requester who
    opens: a clock alone refuses them nothing.

    Raises:
        LineRetiredError: the newest roster ended the line; nothing says when this was made.
        ClientRefusal: one of the codes above, or of ``trust.request`` and ``trust.bundle``.
    """
    payload = read(dsse, "request").payload
    about = verify_request_statement(dsse, parse_time(payload["at"]), bundle.chain)
    request = about.request
    if not request.offline or request.drill or payload["log_size"]:
        raise ClientRefusal("not-offline", "this request was not made for use without the service")
    check_not_retired(bundle.chain.newest)
    if request.roster != bundle.chain.newest.digest:
        raise ClientRefusal(
            "stale-roster",
            "the request was made under another roster than the bundle's newest",
            "make sure that all use the same bundle; if the request is older, ask for a new one",
        )
    if now is not None and (said := out_of_time(about, now)):
        if now >= request.expires_at:
            raise ClientRefusal("expired", said, "check both clocks, or make a new request")
        raise ClientRefusal("not-yet", said, "check the clocks of both devices")
    return about, bundle.sealed(request.manifest)


def out_of_time(about: VerifiedRequest, now: datetime) -> str:
    """Return how a request passed by hand does not fit this device's clock, naming both clocks.

    Empty if it does: made at most five minutes from now, and not expired.
    """
    request = about.request
    made, own = moment(request.entered_at), moment(now)
    by = f"this device's clock says {own}; by its requester's clock the request was made at {made}"
    if request.entered_at > now + _SLACK:
        return f"{by}, which is later"
    if now >= request.expires_at:
        return f"{by} and expired at {moment(request.expires_at)}"
    return ""


def verify_offline_release(
    about: VerifiedRequest,
    sealed: BundledSeal,
    bundle: VerifiedBundle,
    given: Sequence[OfflineDecision],
    release: Statement,
) -> VerifiedRelease:
    """Verify decisions passed by hand, and count them as the service would.

    Raises:
        ClientRefusal: ``no-quorum``, ``foreign-share``, or a code of ``trust.request``.
    """
    decisions = verify_offline_decisions(given, about, bundle)
    if len({d.custodian for d in decisions}) != len(decisions):
        raise ClientRefusal("decision-twice", "one custodian's decision was given twice")
    count = count_quorum(bundle.chain, about, sealed.envelope, decisions, until_seq=len(decisions))
    shares = [_share(item, d) for item, d in zip(given, decisions, strict=True) if d.approves]
    return VerifiedRelease(
        chain=bundle.chain,
        envelope=sealed.envelope,
        manifest=sealed.manifest,
        about=about,
        decisions=tuple(decisions),
        count=count,
        shares=tuple(s for s in shares if s.custodian in count.counted[s.group]),
        content=sealed.content,
        release=release,
        leaf=len(decisions),
        released_at=parse_time(release.payload["at"]),
    )


def verify_offline_decisions(
    given: Sequence[OfflineDecision], about: VerifiedRequest, bundle: VerifiedBundle
) -> list[Decision]:
    """Verify decisions passed by hand, in the order in which they were given.

    One that names a head of the log was not made by this: a head that no log ever had, in one
    custodian's decision, would keep the service from ever taking the case.

    Raises:
        ClientRefusal: ``not-offline``, or a code of ``trust.request``.
    """
    return [_decision(item.decision, about, seq, bundle) for seq, item in enumerate(given)]


def _decision(dsse: Dsse, about: VerifiedRequest, seq: int, bundle: VerifiedBundle) -> Decision:
    payload = read(dsse, "decision").payload
    decision = verify_decision(dsse, about, seq=seq, at=parse_time(payload["at"]))
    if payload["log_size"]:
        who = render.one_line(bundle.chain.name_of(decision.custodian))
        raise ClientRefusal(
            "not-offline",
            f"the decision of {who} names a log, so it was not made without the service",
            f"leave it out, and hear {who} by voice: the service would refuse the whole case",
        )
    return decision


def _share(item: OfflineDecision, decision: Decision) -> DeliveredShare:
    return verify_share(resealed_of(item, decision), {decision.digest: decision}, drill=False)


def resealed_of(item: OfflineDecision, decision: Decision) -> Resealed:
    """Return the share of a decision passed by hand in the form in which a service delivers it."""
    return Resealed(
        group=decision.group.value,
        custodian=decision.custodian,
        decision=decision.digest,
        resealed_share=item.resealed_share,
    )
