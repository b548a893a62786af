"""The one counting function, for the service, both clients and the auditor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from service.domain import errors
from service.domain.people import GroupName
from service.domain.roster import Roster, common_custodians, needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A custodian's signed answer; ``seq`` and ``at`` are the log's."""

    custodian: str
    group: GroupName
    approves: bool
    reason: str
    reseal_digest: str
    seq: int
    at: datetime
    digest: str

    @classmethod
    def from_payload(
        cls, payload: Mapping[str, Any], digest: str, *, seq: int, at: datetime
    ) -> "Decision":
        """Build from a payload whose keys and types were checked, and whose signer was."""
        return cls(
            custodian=payload["custodian"],
            group=GroupName(payload["group"]),
            approves=payload["decision"] == "approve",
            reason=payload["reason"],
            reseal_digest=payload["resealed_share_digest"],
            seq=seq,
            at=at,
            digest=digest,
        )


class Asked(Protocol):
    """What the count needs to know of a request."""

    @property
    def requester(self) -> str:
        """Who asks, and never counts."""
        ...

    @property
    def roster(self) -> str:
        """The digest of the roster that is named."""
        ...

    @property
    def manifest(self) -> str:
        """The digest of the manifest that is named."""
        ...

    @property
    def lifetime(self) -> int:
        """Seconds from its entry into the log."""
        ...

    @property
    def offline(self) -> bool:
        """Whether it happened while the service was gone."""
        ...


class Sealed(Protocol):
    """What the count needs to know of a manifest."""

    @property
    def digest(self) -> str:
        """That of the manifest statement."""
        ...

    @property
    def roster(self) -> str:
        """The digest of the roster that is named."""
        ...

    @property
    def holders(self) -> frozenset[tuple[GroupName, str]]:
        """Who holds a share, by group."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """Per group: how many are needed, and whose approvals count."""

    needed: Mapping[GroupName, int]
    counted: Mapping[GroupName, frozenset[str]]

    def met_in(self, group: GroupName) -> bool:
        """Whether one group has enough."""
        return len(self.counted[group]) >= self.needed[group]

    @property
    def met(self) -> bool:
        """Whether both groups have enough."""
        return all(self.met_in(group) for group in GroupName)


def last_words(decisions: Iterable[Decision], *, until_seq: int) -> dict[str, Decision]:
    """Each custodian's newest decision whose leaf index is below ``until_seq``."""
    last: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda d: d.seq):
        if decision.seq < until_seq:
            last[decision.custodian] = decision
    return last


def quorum(
    *,
    roster: Roster,
    manifest_roster: Roster,
    manifest: Sealed,
    request: Asked,
    entered_at: datetime,
    decisions: Iterable[Decision],
    until_seq: int,
) -> Quorum:
    """Count the approvals that hold for a release whose leaf index is ``until_seq``.

    A decision counts when all of these hold (protocol, "Request, decisions, release"):

    * its custodian is in that group, with the same two keys, in the roster that the request
      names and in the roster of its manifest, and the manifest holds a share of theirs;
    * the custodian is not the requester;
    * its custodian's last word before ``until_seq`` is this approval;
    * the log received it at or after the request's entry and before ``entered_at + lifetime``
      (left out for an ``offline`` request, which the log learns of afterwards).

    Needed per group is the larger of both rosters' thresholds. The caller has verified every
    signature, with keys of the roster that the request names.

    Raises:
        MismatchError: the rosters or the manifest are not those that the request names.
    """
    if request.roster != roster.digest:
        raise errors.StaleRosterError("the request names another roster")
    if request.manifest != manifest.digest or manifest.roster != manifest_roster.digest:
        raise errors.WrongEnvelopeError
    expiry = entered_at + timedelta(seconds=request.lifetime)
    counted: dict[GroupName, set[str]] = {group: set() for group in GroupName}
    eligible = {g: common_custodians(roster, manifest_roster, g) for g in GroupName}
    for custodian, decision in last_words(decisions, until_seq=until_seq).items():
        if not decision.approves or custodian == request.requester:
            continue
        if custodian not in eligible[decision.group]:
            continue
        if (decision.group, custodian) not in manifest.holders:
            continue
        if not request.offline and not entered_at <= decision.at < expiry:
            continue
        counted[decision.group].add(custodian)
    return Quorum(
        needed={g: needed(roster, manifest_roster, g) for g in GroupName},
        counted={g: frozenset(people) for g, people in counted.items()},
    )
