"""Verifying a request as the service shows it: everything shown must fit what was signed."""

from dataclasses import dataclass

from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import VerifiedChain
from service.client.trust.envelope import verify_manifest
from service.client.trust.request import (
    VerifiedRequest,
    verify_decisions,
    verify_further,
    verify_request,
)
from service.domain.credential import Envelope
from service.domain.quorum import Decision
from service.wire.requests import RequestDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRequest:
    """A request as the service shows it, with its verified statements.

    ``further`` are time of entry and kind of each verified cancellation, release, closure, review.
    ``foreign`` are digests of statements of it that name a log which is not this one.
    """

    detail: RequestDetail
    chain: VerifiedChain
    about: VerifiedRequest
    envelope: Envelope
    manifest: Statement
    decisions: tuple[Decision, ...]
    further: tuple[tuple[str, str], ...]
    foreign: frozenset[str] = frozenset()

    @property
    def left_out(self) -> tuple[Decision, ...]:
        """Approvals that name a log which is not this one; a denial counts whatever it names."""
        return tuple(d for d in self.decisions if d.approves and d.digest in self.foreign)

    @property
    def counted(self) -> tuple[Decision, ...]:
        """All other decisions."""
        return tuple(d for d in self.decisions if d not in self.left_out)


def verify_shown(request: str, detail: RequestDetail, chain: VerifiedChain) -> ShownRequest:
    """Verify a request's detail; what the service says beside the statements must fit them.

    Raises:
        ClientRefusal: ``request-replaced``, ``manifest-replaced``, or a code of ``trust.envelope``
            or ``trust.request``.
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
            "request-replaced", "the service shows the request with other facts than were signed"
        )
    envelope, manifest = verify_manifest(detail.manifest, chain, detail.successor)
    if envelope.digest != signed.manifest:
        raise ClientRefusal(
            "manifest-replaced", "the service shows another envelope than the request names"
        )
    return ShownRequest(
        detail=detail,
        chain=chain,
        about=about,
        envelope=envelope,
        manifest=manifest,
        decisions=verify_decisions(detail.decisions, about),
        further=tuple((e.at, verify_further(e.statement, about, chain)) for e in detail.others),
    )
