"""Who counts: a signed chain of rosters.

The rules, in the order in which they are checked (protocol, "Roster"):

* no one is in both groups; 1 <= threshold <= members <= 16 in each;
* no custodian is a requester of the account; no operator or auditor is named at all;
* no key and no name appears twice; ``people`` is exactly the union of all who are named;
* a request may live for at most 24 h, a release window for at most 4 h;
* a version follows the newest one and names its digest; a restart does too;
* it counts when it is signed by :func:`signers_needed`.
"""

from binascii import a2b_base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.domain import errors
from service.domain.people import GroupName, Member

FIRST_PREVIOUS = "0" * 64
MAX_MEMBERS = 16
MAX_LIFETIME = 24 * 3600
MAX_WINDOW = 4 * 3600


class Cause(StrEnum):
    """Why a version came to be; a restart replaces the last one without its quorum."""

    FIRST = "first"
    CHANGE = "change"
    RESTART = "restart"


class Denials(StrEnum):
    """When a denial ends a request: at the first, or once a threshold is out of reach."""

    UNREACHABLE = "unreachable"
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group and how many of it are needed. An empty or zero one cannot be constructed."""

    threshold: int
    custodians: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a group that would open by itself, or that cannot reach its threshold."""
        if len(set(self.custodians)) != len(self.custodians):
            raise errors.DuplicatePersonError
        if not 1 <= self.threshold <= len(self.custodians) <= MAX_MEMBERS:
            raise errors.ThresholdError


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Upper bounds for a request: seconds to live, seconds of a release window."""

    request_lifetime: int
    release_window: int
    denials: Denials

    def __post_init__(self) -> None:
        """Refuse what lies outside the protocol's bounds (24 h and 4 h, both included)."""
        if not 1 <= self.request_lifetime <= MAX_LIFETIME:
            raise errors.PolicyError("a request's lifetime must be 1 second to 24 hours")
        if not 1 <= self.release_window <= MAX_WINDOW:
            raise errors.PolicyError("a release window must be 1 second to 4 hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One version of who counts for an account. ``digest`` is that of the signed statement."""

    digest: str
    account: str
    version: int
    previous: str
    cause: Cause
    name: str
    root_email: str
    type: str
    groups: Mapping[GroupName, Group]
    requesters: tuple[str, ...]
    sealers: tuple[str, ...]
    members: Mapping[str, Member]
    policy: Policy

    def group_of(self, person: str) -> GroupName | None:
        """The one group in which the person is a custodian, or None."""
        for name, group in self.groups.items():
            if person in group.custodians:
                return name
        return None

    def custodian(self, person: str, group: GroupName) -> Member | None:
        """The member if they are a custodian of exactly that group."""
        return self.members[person] if person in self.groups[group].custodians else None

    @property
    def custodians(self) -> frozenset[str]:
        """All custodians of both groups."""
        return frozenset(p for group in self.groups.values() for p in group.custodians)

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any], digest: str) -> "Roster":
        """Build from a payload whose keys and types were checked; applies :func:`check_people`.

        Raises:
            RosterRuleError, PolicyError: the roster breaks a rule that needs no other facts.
        """
        roster = cls(
            digest=digest,
            account=payload["account"],
            version=payload["version"],
            previous=payload["previous"],
            cause=Cause(payload["cause"]),
            name=payload["name"],
            root_email=payload["root_email"],
            type=payload["type"],
            groups={
                name: Group(
                    threshold=payload["groups"][name]["threshold"],
                    custodians=tuple(payload["groups"][name]["custodians"]),
                )
                for name in GroupName
            },
            requesters=tuple(payload["requesters"]),
            sealers=tuple(payload["sealers"]),
            members={p["person"]: _member(p) for p in payload["people"]},
            policy=Policy(
                request_lifetime=payload["policy"]["request_lifetime"],
                release_window=payload["policy"]["release_window"],
                denials=Denials(payload["policy"]["denials"]),
            ),
        )
        check_people(roster, listed=[p["person"] for p in payload["people"]])
        return roster


def _member(entry: Mapping[str, str]) -> Member:
    return Member(
        person=entry["person"],
        name=entry["name"],
        encryption_key=a2b_base64(entry["encryption_key"]),
        signing_key=a2b_base64(entry["signing_key"]),
    )


def check_people(roster: Roster, *, listed: Collection[str]) -> None:
    """Refuse overlaps, duplicates, and a ``people`` list that is not exactly those named.

    ``listed`` is the list as signed, in which a person could appear twice.
    """
    password, mfa = (set(roster.groups[name].custodians) for name in GroupName)
    if password & mfa:
        raise errors.BothGroupsError
    if (password | mfa) & set(roster.requesters):
        raise errors.RequesterIsCustodianError
    named = password | mfa | set(roster.requesters) | set(roster.sealers)
    if len(listed) != len(named) or set(listed) != named:
        raise errors.PeopleMismatchError
    members = roster.members.values()
    for values in (
        {m.name.casefold() for m in members},
        {m.encryption_key for m in members},
        {m.signing_key for m in members},
    ):
        if len(values) != len(members):
            raise errors.DuplicatePersonError


def check_succession(roster: Roster, previous: Roster | None) -> None:
    """Refuse a roster that does not follow ``previous``, the newest one, by exactly one version."""
    if previous is None:
        expected = (1, FIRST_PREVIOUS)
        fits = roster.cause is Cause.FIRST
    else:
        expected = (previous.version + 1, previous.digest)
        fits = roster.cause is not Cause.FIRST
        if roster.account != previous.account:
            raise errors.WrongAccountError
    if not fits or (roster.version, roster.previous) != expected:
        raise errors.WrongVersionError


def check_outsiders(
    roster: Roster, *, operators: Collection[str], auditors: Collection[str]
) -> None:
    """Refuse a roster that names an operator or an auditor."""
    if roster.members.keys() & set(operators):
        raise errors.OperatorInRosterError
    if roster.members.keys() & set(auditors):
        raise errors.AuditorInRosterError


def check_not_stranding(
    roster: Roster, envelope_roster: Roster, receipts: Collection[tuple[GroupName, str]]
) -> None:
    """Refuse a change that leaves the envelope in force without enough custodians.

    Counted per group: those who are in it with the same two keys in both rosters, and whose
    receipt is there: no one approves without one, and none is signed under an older roster.
    Needed: the larger of both thresholds. A restart is the exception, since a group can no longer
    sign.
    """
    if roster.cause is Cause.RESTART:
        return
    for name in GroupName:
        able = {
            person
            for person in common_custodians(roster, envelope_roster, name)
            if (name, person) in receipts
        }
        if len(able) < needed(roster, envelope_roster, name):
            raise errors.StrandsEnvelopeError


def common_custodians(roster: Roster, other: Roster, group: GroupName) -> frozenset[str]:
    """Custodians who are in ``group`` with the same two keys in both rosters."""
    return frozenset(
        person
        for person in roster.groups[group].custodians
        if person in other.groups[group].custodians
        and roster.members[person].same_keys(other.members[person])
    )


def needed(roster: Roster, other: Roster, group: GroupName) -> int:
    """How many of a group it takes under both rosters: the larger threshold."""
    return max(roster.groups[group].threshold, other.groups[group].threshold)


def new_members(roster: Roster, previous: Roster | None) -> frozenset[str]:
    """Those whose keys are new or changed against ``previous``."""
    if previous is None:
        return frozenset(roster.members)
    return frozenset(
        person
        for person, member in roster.members.items()
        if not member.same_keys(previous.members.get(person))
    )


def signers_needed(
    roster: Roster, previous: Roster | None, *, signed: Collection[bytes]
) -> dict[str, frozenset[str]]:
    """Whose signatures are still missing, by reason; empty when the roster counts.

    ``signed`` are the signing keys of the signatures that verified. Keys of the result:
    ``everybody`` (a first roster: all custodians; a restart: all who are named), ``consent`` (whose
    keys are new or changed, under the new keys), and a group's name for those custodians of the
    previous roster of whom enough to reach its threshold must still sign, under the previous keys.
    """
    missing: dict[str, frozenset[str]] = {}
    new = {p for p in new_members(roster, previous) if roster.members[p].signing_key not in signed}
    if new:
        missing["consent"] = frozenset(new)
    if previous is None or roster.cause is Cause.RESTART:
        all_of = roster.custodians if previous is None else frozenset(roster.members)
        open_ = {p for p in all_of if roster.members[p].signing_key not in signed}
        if open_:
            missing["everybody"] = frozenset(open_)
        return missing
    for name, group in previous.groups.items():
        there = {p for p in group.custodians if previous.members[p].signing_key in signed}
        if len(there) < group.threshold:
            missing[name.value] = frozenset(set(group.custodians) - there)
    return missing


def awaited_keys(roster: Roster, previous: Roster | None) -> frozenset[bytes]:
    """Signing keys whose signature on this roster means something: new and previous ones."""
    keys = {m.signing_key for m in roster.members.values()}
    if previous is not None and roster.cause is not Cause.RESTART:
        keys |= {previous.members[p].signing_key for p in previous.custodians}
    return frozenset(keys)


def check_signed(roster: Roster, previous: Roster | None, *, signed: Collection[bytes]) -> None:
    """Refuse a roster that lacks signatures, or carries one that was not asked for."""
    if not set(signed) <= awaited_keys(roster, previous):
        raise errors.NotAwaitedError
    if signers_needed(roster, previous, signed=signed):
        raise errors.TooFewSignersError
