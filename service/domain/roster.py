"""Who counts: a signed chain of rosters.

The rules, in the order in which they are checked (protocol, "Roster"):

* no one is in both groups; 1 <= threshold <= members <= 16 in each;
* no custodian is a requester of the account; no operator or auditor is named at all;
* no identity, key or name appears twice; ``people`` is exactly the union of all who are named;
* a request may live for at most 24 h, a release window for at most 4 h;
* a version follows the newest one and names its digest; none follows one that retires the line,
  and that one changes no one who counts;
* it counts when it is signed by those of :mod:`service.domain.signers`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.domain import errors
from service.domain.outsiders import Outsiders
from service.domain.people import GroupName, Identities, Member

FIRST_PREVIOUS = "0" * 64
MAX_MEMBERS = 16
MAX_LIFETIME = 24 * 3600
MAX_WINDOW = 4 * 3600


class Cause(StrEnum):
    """Why a version came to be. Nothing replaces a roster but its own people."""

    FIRST = "first"
    CHANGE = "change"


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
    """Upper bounds for a request: seconds to live, seconds of a release window.

    ``requester_seals``: whether the requester of a released request may seal its successor.
    ``least_suite``: the oldest suite that people and requests may use; one exists so far.
    """

    request_lifetime: int
    release_window: int
    denials: Denials
    requester_seals: bool
    least_suite: str

    def __post_init__(self) -> None:
        """Refuse what lies outside the protocol's bounds (24 h and 4 h, both included)."""
        if not 1 <= self.request_lifetime <= MAX_LIFETIME:
            raise errors.PolicyError("a request's lifetime must be 1 second to 24 hours")
        if not 1 <= self.release_window <= MAX_WINDOW:
            raise errors.PolicyError("a release window must be 1 second to 4 hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One version of who counts for an account. ``digest`` is that of the signed statement.

    ``log_key`` and ``witnesses`` are verifier keys; ``cosigned_by`` is of how many witnesses a
    checkpoint is wanted. ``retired``: its people have ended the line.
    """

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
    log_key: str
    witnesses: tuple[str, ...]
    cosigned_by: int
    retired: bool

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
    def working(self) -> str:
        """The digest of the newest version for requests and envelopes.

        They go on under the version before one that retires the line, which takes no new ones.
        """
        return self.previous if self.retired else self.digest

    @property
    def outsiders(self) -> Outsiders:
        """The witnesses of whom its people want to hear."""
        return Outsiders(keys=self.witnesses, wanted=self.cosigned_by)

    @property
    def custodians(self) -> frozenset[str]:
        """All custodians of both groups."""
        return frozenset(p for group in self.groups.values() for p in group.custodians)

    @classmethod
    def from_payload(
        cls, payload: Mapping[str, Any], digest: str, identities: Identities
    ) -> "Roster":
        """Build from a payload whose keys and types were checked; applies :func:`check_people`.

        ``identities`` are verified ones, at least those that the roster names.

        Raises:
            IdentityMissingError: it names one that is not there, or is another person's.
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
            members={p["person"]: _member(p, identities) for p in payload["people"]},
            policy=Policy(
                request_lifetime=payload["policy"]["request_lifetime"],
                release_window=payload["policy"]["release_window"],
                denials=Denials(payload["policy"]["denials"]),
                requester_seals=payload["policy"]["requester_seals"],
                least_suite=payload["policy"]["least_suite"],
            ),
            log_key=payload["log_key"],
            witnesses=tuple(payload["witnesses"]),
            cosigned_by=payload["cosigned_by"],
            retired=payload["retired"],
        )
        check_people(roster, listed=[p["person"] for p in payload["people"]])
        return roster


def _member(entry: Mapping[str, str], identities: Identities) -> Member:
    keys = identities.get(entry["identity"])
    if keys is None or keys.person != entry["person"]:
        raise errors.IdentityMissingError
    return Member(
        person=entry["person"],
        name=entry["name"],
        identity=entry["identity"],
        encryption_key=keys.encryption_key,
        signing_key=keys.signing_key,
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
        {m.name for m in members},  # as bytes: tables of letters differ between platforms
        {m.encryption_key for m in members},
        {m.signing_key for m in members},
    ):
        if len(values) != len(members):
            raise errors.DuplicatePersonError


def check_succession(roster: Roster, previous: Roster | None) -> None:
    """Refuse a roster that does not follow ``previous``, the newest one, by exactly one version.

    Nothing follows a retired line, not even what would revive it: its people register another.
    A version that retires one has the groups, thresholds, roles and people of ``previous``.

    Raises:
        WrongVersionError, WrongAccountError, LineRetiredError, RetiringChangesError
    """
    if previous is None:
        expected = (1, FIRST_PREVIOUS)
        fits = roster.cause is Cause.FIRST
    else:
        if roster.account != previous.account:
            raise errors.WrongAccountError
        check_not_retired(previous)
        expected = (previous.version + 1, previous.digest)
        fits = roster.cause is not Cause.FIRST
    if not fits or (roster.version, roster.previous) != expected:
        raise errors.WrongVersionError
    if roster.retired and (previous is None or _who_counts(roster) != _who_counts(previous)):
        raise errors.RetiringChangesError


def _who_counts(roster: Roster) -> tuple[object, ...]:
    return roster.groups, roster.requesters, roster.sealers, roster.members


def check_not_retired(roster: Roster) -> None:
    """Refuse what is new in a line that its people have ended: request, password, roster.

    Raises:
        LineRetiredError
    """
    if roster.retired:
        raise errors.LineRetiredError


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

    Counted per group: those who are in it with the same identity in both rosters, and whose
    receipt is there: no one approves without one, and under most newer rosters none is signed.
    Needed: the larger of both thresholds.
    """
    for name in GroupName:
        able = {
            person
            for person in common_custodians(roster, envelope_roster, name)
            if (name, person) in receipts
        }
        if len(able) < needed(roster, envelope_roster, name):
            raise errors.StrandsEnvelopeError


def common_custodians(roster: Roster, other: Roster, group: GroupName) -> frozenset[str]:
    """Custodians who are in ``group`` with the same identity in both rosters."""
    return frozenset(
        person
        for person in roster.groups[group].custodians
        if person in other.groups[group].custodians
        and roster.members[person].same_identity(other.members[person])
    )


def needed(roster: Roster, other: Roster, group: GroupName) -> int:
    """How many of a group it takes under both rosters: the larger threshold."""
    return max(roster.groups[group].threshold, other.groups[group].threshold)
