"""Verifying a request: its statement, and every statement about it.

Stable codes of lies: ``request-forged`` (not signed by a requester of the roster it names),
``request-replaced`` (the service shows other fields than were signed), ``request-over-policy``,
``decision-forged``, ``decision-for-another-request``, ``decision-wrong-group``, ``decision-twice``,
``word-forged`` (a cancellation, release, closure or review that its person did not sign).
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crypto.encoding import b64decode, parse_time
from crypto.errors import MalformedError
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import VerifiedChain
from service.client.trust.statements import read, signed_by
from service.domain.people import GroupName
from service.domain.quorum import Decision
from service.domain.request import Request
from service.domain.roster import Roster
from service.wire.base import Dsse
from service.wire.requests import Entered


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedRequest:
    """A request as its requester signed it; only ``request.entered_at`` is the service's word."""

    request: Request
    statement: Statement
    roster: Roster

    @property
    def signed_at(self) -> datetime:
        """When it was signed, by the clock of the requester's device."""
        return parse_time(self.statement.payload["at"])


def entry_time(text: str) -> datetime:
    """Return the log's time of a statement.

    Raises:
        ClientRefusal: ``malformed-statement``.
    """
    try:
        return parse_time(text)
    except MalformedError:
        raise ClientRefusal("malformed-statement", "the service sent a malformed time") from None


def verify_request(entered: Entered, chain: VerifiedChain) -> VerifiedRequest:
    """Verify a request as the log received it.

    Raises:
        ClientRefusal: as ``verify_request_statement``.
    """
    return verify_request_statement(entered.statement, entry_time(entered.at), chain)


def verify_request_statement(
    dsse: Dsse, entered_at: datetime, chain: VerifiedChain
) -> VerifiedRequest:
    """Verify a request by the keys and the policy of the roster that it names.

    Raises:
        ClientRefusal: ``malformed-statement``, ``roster-unknown``, ``request-forged``,
            ``request-replaced``, ``request-over-policy``.
    """
    statement = read(dsse, "request")
    payload = statement.payload
    roster = chain.named(payload["roster"])
    requester = payload["requester"]
    member = roster.members[requester] if requester in roster.requesters else None
    signed_by(statement, member, code="request-forged", what="the request")
    request = Request.from_payload(
        payload,
        statement.digest,
        recipient_key=b64decode(payload["recipient_key"]),
        entered_at=entered_at,
    )
    if request.account != roster.account:
        raise ClientRefusal("request-replaced", "the request is for another account")
    if (
        request.lifetime > roster.policy.request_lifetime
        or request.window > roster.policy.release_window
    ):
        raise ClientRefusal(
            "request-over-policy", "the request asks for more time than the roster's policy allows"
        )
    return VerifiedRequest(request=request, statement=statement, roster=roster)


def verify_decisions(decisions: Sequence[Entered], about: VerifiedRequest) -> tuple[Decision, ...]:
    """Verify every decision on a request, in the order in which the log has them.

    Raises:
        ClientRefusal: ``malformed-statement``, ``decision-forged``, ``decision-wrong-group``,
            ``decision-for-another-request``, ``decision-twice``.
    """
    verified = tuple(
        verify_decision(e.statement, about, seq=e.leaf, at=entry_time(e.at)) for e in decisions
    )
    # An approval shown a second time, as a newer leaf, would undo the denial after it.
    if any(
        len(values) != len(verified)
        for values in ({d.digest for d in verified}, {d.seq for d in verified})
    ):
        raise ClientRefusal("decision-twice", "the service shows one decision twice")
    return tuple(sorted(verified, key=lambda decision: decision.seq))


def verify_decision(dsse: Dsse, about: VerifiedRequest, *, seq: int, at: datetime) -> Decision:
    """Verify one decision by the keys of the roster that the request names.

    Raises:
        ClientRefusal: as ``verify_decisions``.
    """
    statement = read(dsse, "decision")
    payload = statement.payload
    if payload["request"] != about.request.digest:
        raise ClientRefusal("decision-for-another-request", "a decision is about another request")
    group, custodian = GroupName(payload["group"]), payload["custodian"]
    member = about.roster.custodian(custodian, group)
    if member is None and custodian in about.roster.custodians:
        raise ClientRefusal("decision-wrong-group", "a decision was counted in the wrong group")
    signed_by(statement, member, code="decision-forged", what="a decision")
    return Decision.from_payload(payload, statement.digest, seq=seq, at=at)


def verify_word(dsse: Dsse, kind: str, about: VerifiedRequest) -> Statement:
    """Verify a further statement of the requester on the request.

    ``kind`` is ``cancellation``, ``release`` or ``closure``.

    Raises:
        ClientRefusal: ``malformed-statement``, ``word-forged``.
    """
    statement = read(dsse, kind)
    payload = statement.payload
    if payload["request"] != about.request.digest:
        raise ClientRefusal("word-forged", f"the {kind} is about another request")
    if payload["requester"] != about.request.requester:
        raise ClientRefusal("word-forged", f"the {kind} names another requester")
    requester = about.roster.members[about.request.requester]
    signed_by(statement, requester, code="word-forged", what=f"the {kind}")
    return statement


def verify_review(dsse: Dsse, about: VerifiedRequest, chain: VerifiedChain) -> Statement:
    """Verify a review: by a custodian of its group in the request's roster or any later one.

    Raises:
        ClientRefusal: ``malformed-statement``, ``word-forged``.
    """
    statement = read(dsse, "review")
    payload = statement.payload
    if payload["request"] != about.request.digest:
        raise ClientRefusal("word-forged", "a review is about another request")
    group, reviewer = GroupName(payload["group"]), payload["reviewer"]
    members = [
        member
        for roster in reversed(chain.rosters)
        if roster.version >= about.roster.version
        and (member := roster.custodian(reviewer, group)) is not None
    ]
    for member in members[:-1]:
        with contextlib.suppress(ClientRefusal):  # keys may have changed since; one must fit
            signed_by(statement, member, code="word-forged", what="a review")
            return statement
    last = members[-1] if members else None
    signed_by(statement, last, code="word-forged", what="a review")
    return statement


def verify_further(dsse: Dsse, about: VerifiedRequest, chain: VerifiedChain) -> str:
    """Verify any statement on a request but a decision, and return its kind.

    Raises:
        ClientRefusal: ``malformed-statement``, ``word-forged``.
    """
    kind = dsse.payloadType.removeprefix("application/vnd.breakglass.").partition(".")[0]
    if kind == "review":
        verify_review(dsse, about, chain)
    elif kind in {"cancellation", "release", "closure"}:
        verify_word(dsse, kind, about)
    else:
        raise ClientRefusal("malformed-statement", "a statement does not belong to a request")
    return kind
