"""A roster for people: who has which part, who signed it, and what a request may ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crypto.identity import PublicKeys
from service.domain.able import Standing
from service.domain.people import GroupName
from service.domain.roster import Roster
from service.domain.words import one_line
from service.usecases.accounts import Account
from service.web.pages.said import rosters as said_rosters
from service.web.pages.said import said
from service.web.pages.words import Tag
from service.wire.accounts import OpenDraft, Rosters
from service.wire.base import Dsse

_TAGS: Mapping[Standing, Tag] = {
    Standing.ABLE: Tag("can act", "good"),
    Standing.NEW_KEYS: Tag("new keys", "wrong"),
    Standing.NEVER_CONFIRMED: Tag("not confirmed", "late"),
    Standing.NO_SHARE: Tag("holds no share", "muted"),
    Standing.WITHDRAWN: Tag("left, and holds a share", "late"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group: how many it takes, and everyone of it with whether they can act.

    Those who left and hold a share of what is sealed are among ``people``, and not in ``size``.
    """

    group: str
    threshold: int
    people: Sequence[tuple[str, Tag]]
    size: int
    able: int

    @property
    def words(self) -> str:
        """Whether the group can act today, and with whom to spare."""
        if self.able < self.threshold:
            return f"{self.able} of {self.size} can act; it takes {self.threshold}"
        spare = self.able - self.threshold
        rest = f"{spare} to spare" if spare else "nobody to spare"
        return f"{self.able} of {self.size} can act, {rest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterView:
    """The roster in force, as the service has it; devices verify it before they act on it."""

    version: int
    at: str
    signers: Sequence[str]
    groups: Sequence[Group]
    requesters: Sequence[str]
    sealers: Sequence[str]
    lifetime: int
    window: int
    denials: str


def payload(dsse: Dsse) -> Mapping[str, Any]:
    """What a statement says; the service checked it when it came."""
    return said(dsse.payload)


def roster_view(found: Rosters, detail: Account) -> RosterView | None:
    """The newest roster of a chain, with who of it can act; None without any."""
    if not found.chain:
        return None
    rosters = said_rosters(found.chain[-2:], found.identities)
    roster, statement = rosters[-1], found.chain[-1]
    return RosterView(
        version=roster.version,
        at=str(payload(statement)["at"]),
        signers=_signers(rosters, statement),
        groups=[_group(name, detail) for name in detail.readiness],
        requesters=[one_line(roster.members[p].name) for p in roster.requesters],
        sealers=[one_line(roster.members[p].name) for p in roster.sealers],
        lifetime=roster.policy.request_lifetime,
        window=roster.policy.release_window,
        denials=roster.policy.denials.value,
    )


def _group(name: GroupName, detail: Account) -> Group:
    found = detail.readiness[name]
    return Group(
        group=name.value,
        threshold=found.needed,
        people=[(one_line(detail.names[p]), _TAGS[one]) for p, one in found.people.items()],
        size=len(found.members),
        able=len(found.able),
    )


def _signers(rosters: Sequence[Roster], statement: Dsse) -> list[str]:
    """Names of those who have signed it, from this roster and the one before."""
    names = {
        PublicKeys(encryption_key=m.encryption_key, signing_key=m.signing_key).keyid: m.name
        for roster in rosters
        for m in roster.members.values()
    }
    return [one_line(names[s.keyid]) for s in statement.signatures if s.keyid in names]


def draft_waits_for(draft: OpenDraft | None) -> list[str]:
    """The people whose signatures an open draft waits for, by name; empty without one."""
    if draft is None:
        return []
    names = {member["person"]: member["name"] for member in said(draft.payload)["people"]}
    missing = sorted({person for people in draft.missing.values() for person in people})
    return [one_line(names.get(person, "somebody of the roster before")) for person in missing]
