"""Good values of the rules; each test says only what it wants to be different.

Ids and digests are short words, since the rules compare them and never look inside.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from service.domain.case import Case
from service.domain.credential import Envelope, EnvelopeState
from service.domain.people import GroupName, IdentityKeys
from service.domain.quorum import Decision
from service.domain.request import Request
from service.domain.roster import FIRST_PREVIOUS, Roster
from tests import cast
from tests.cast import ACCOUNT, CUSTODIANS, PASSWORD, REQUESTER, SEALER

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LIFETIME = 3600
WINDOW = 900
P, M = GroupName.PASSWORD, GroupName.MFA
EVERYBODY = (*CUSTODIANS, REQUESTER, SEALER)


def group_of(person: str) -> GroupName:
    """The group in which a custodian stands unless a test says otherwise."""
    return P if person in PASSWORD else M


def signing_key(person: str, keys: str = "1") -> bytes:
    """The signing key of a person; ``keys`` numbers the identities they had."""
    return f"{person} signs {keys}".encode()


def listed(person: str, keys: str = "1") -> dict[str, str]:
    """A person's line of a roster."""
    return {"person": person, "name": person.title(), "identity": f"{person}/{keys}"}


def enrolled(person: str, keys: str = "1") -> IdentityKeys:
    """What a person's identity says."""
    return IdentityKeys(
        person=person,
        encryption_key=f"{person} unseals {keys}".encode(),
        signing_key=signing_key(person, keys),
    )


class Enrolled(dict[str, IdentityKeys]):
    """Everyone's identities, made as they are asked for: ``ann/2`` is Ann's second."""

    def get(self, digest: str, default: Any = None) -> Any:
        return super().get(digest, enrolled(*digest.split("/")) if "/" in digest else default)


IDENTITIES = Enrolled()


def roster_payload(*, keys: Mapping[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """A first roster, 2 of 3 in both groups; ``keys`` numbers the identities that are not first."""

    def line(person: str) -> dict[str, str]:
        return listed(person, (keys or {}).get(person, "1"))

    return cast.roster_fields(line, **{"sealers": (SEALER,), **changes})


def roster(digest: str = "roster-1", **changes: Any) -> Roster:
    """That roster as the rules know it."""
    return Roster.from_payload(roster_payload(**changes), digest, IDENTITIES)


def next_roster(previous: Roster, /, **changes: Any) -> Roster:
    """A change that follows ``previous``, with the same people unless told otherwise."""
    fields = {"version": previous.version + 1, "previous": previous.digest, "cause": "change"}
    return roster(f"roster-{previous.version + 1}", **(fields | changes))


def manifest_payload(under: Roster, **changes: Any) -> dict[str, Any]:
    """The first manifest under a roster, one share for each custodian."""
    shares = [
        {
            "group": group.value,
            "custodian": person,
            "commitment": f"commitment of {person}",
            "sealed_share_digest": f"share of {person}",
        }
        for group in GroupName
        for person in under.groups[group].custodians
    ]
    payload: dict[str, Any] = {
        "envelope": "envelope-1",
        "account": under.account,
        "version": 1,
        "previous": FIRST_PREVIOUS,
        "roster": under.digest,
        "sealer": "sam",
        "cause": "initial",
        "after_requests": [],
        "shares": shares,
        "content_digest": "content",
        "opening_key": "opening key",
    }
    return payload | changes


def envelope(under: Roster | None = None, digest: str = "manifest-1", **changes: Any) -> Envelope:
    """The envelope in force; state, receipts and place in the log can be told too."""
    own: dict[str, Any] = {"state": EnvelopeState.READY, "seq": 5}
    own |= {name: changes.pop(name) for name in ("state", "receipts", "seq") if name in changes}
    payload = manifest_payload(under or roster(), **changes)
    return replace(Envelope.from_payload(payload, digest), **own)


def next_envelope(previous: Envelope, /, under: Roster | None = None, **changes: Any) -> Envelope:
    """A ready envelope that follows ``previous``."""
    fields = {
        "envelope": f"envelope-{previous.version + 1}",
        "version": previous.version + 1,
        "previous": previous.digest,
        "cause": "rotation",
        "seq": 50,
    }
    return envelope(under, f"manifest-{previous.version + 1}", **(fields | changes))


def request_payload(**changes: Any) -> dict[str, Any]:
    """What a requester signs."""
    payload: dict[str, Any] = {
        "request": "request-1",
        "account": ACCOUNT,
        "roster": "roster-1",
        "manifest": "manifest-1",
        "requester": "gus",
        "task": "billing",
        "task_text": "",
        "reason": "the invoice run is stuck",
        "ticket": "OPS-1",
        "lifetime": LIFETIME,
        "window": WINDOW,
        "drill": False,
        "offline": False,
    }
    return payload | changes


def request(**changes: Any) -> Request:
    """A request that entered at ``START``, with any of its fields changed."""
    made = Request.from_payload(
        request_payload(), "digest-1", recipient_key=b"recipient", entered_at=START
    )
    return replace(made, **changes)


def decision(person: str, *, seq: int = 10, approves: bool = True, **changes: Any) -> Decision:
    """A custodian's decision a second after the request came in."""
    made = Decision(
        custodian=person,
        group=group_of(person),
        approves=approves,
        reason="" if approves else "not now",
        reseal_digest=f"resealed by {person}" if approves else "",
        seq=seq,
        at=START + SECOND,
        digest=f"decision {seq} of {person}",
    )
    return replace(made, **changes)


def approvals(*people: str) -> tuple[Decision, ...]:
    """One approval of each, in this order."""
    return tuple(decision(person, seq=10 + place) for place, person in enumerate(people))


def case(under: Roster | None = None, **changes: Any) -> Case:
    """A request on the envelope in force, both under one roster."""
    named = under or roster()
    return Case(
        request=request(**changes), roster=named, envelope=envelope(named), envelope_roster=named
    )
