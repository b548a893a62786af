"""Who can act in an account today: the one count of it, for every face of the service and client.

A custodian is *able* in a group when the identity that they enrolled last is the one by which the
newest roster and the envelope's own roster name them in it, and their receipt for that envelope
is there. All else that a roster promises is the past: anyone who lost their keys and enrolled anew
opens nothing that is sealed to the old ones.

It counts, and refuses no one: what may be approved is decided by ``quorum`` and ``case``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from service.domain.credential import Envelope, takes_receipts
from service.domain.people import GroupName
from service.domain.roster import Roster, needed

PROVEN_WITHIN = timedelta(days=90)

NewestIdentities = Mapping[str, str]  # by person: the digest of the identity they enrolled last


class Standing(StrEnum):
    """Whether a custodian can act, and if not, why; part of the API, so a name keeps its meaning.

    ``no-share``: nothing is sealed to them, since they joined the group later or nothing is at all.
    ``withdrawn``: the envelope has a share of theirs, and the newest roster does not name them in
    that group any more.
    """

    ABLE = "able"
    NEW_KEYS = "new-keys"
    NEVER_CONFIRMED = "never-confirmed"
    NO_SHARE = "no-share"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An envelope with the roster that it was sealed under."""

    envelope: Envelope
    roster: Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """One group: how many it takes, and each person's standing, in the roster's order.

    Those who hold a share and left the group come last. ``confirming`` may confirm still.
    """

    needed: int
    people: Mapping[str, Standing]
    confirming: frozenset[str]

    @property
    def able(self) -> frozenset[str]:
        """Who can approve, and open their share, with what is in force."""
        return frozenset(p for p, standing in self.people.items() if standing is Standing.ABLE)

    @property
    def members(self) -> tuple[str, ...]:
        """Those whom the newest roster names in the group."""
        return tuple(p for p, one in self.people.items() if one is not Standing.WITHDRAWN)

    @property
    def can_act(self) -> bool:
        """Whether enough of them can act."""
        return len(self.able) >= self.needed

    @property
    def spare(self) -> bool:
        """Whether one of those who can act may be away, or none of a group that has no more."""
        return len(self.able) >= min(len(self.members), self.needed + 1)


def has_new_keys(person: str, roster: Roster, newest: NewestIdentities) -> bool:
    """Whether someone whom the roster names has enrolled other keys than it names them with."""
    return newest.get(person) != roster.members[person].identity


def signs(person: str, roster: Roster | None, newest: NewestIdentities) -> bool:
    """Whether a roster names the person with the keys that they have today."""
    if roster is None or person not in roster.members:
        return False
    return not has_new_keys(person, roster, newest)


def signable(roster: Roster, newest: NewestIdentities) -> bool:
    """Whether enough of both groups have the keys with which they can sign the next version."""
    return all(
        sum(not has_new_keys(p, roster, newest) for p in group.custodians) >= group.threshold
        for group in roster.groups.values()
    )


def able(
    person: str, group: GroupName, *, roster: Roster, sealed: Sealed, newest: NewestIdentities
) -> bool:
    """Whether a custodian can act in a group, under the newest roster, with that envelope."""
    return standing(person, group, roster=roster, sealed=sealed, newest=newest) is Standing.ABLE


def standing(
    person: str,
    group: GroupName,
    *,
    roster: Roster,
    sealed: Sealed | None,
    newest: NewestIdentities,
) -> Standing:
    """Whether a custodian can act in a group, and if not, the first reason why.

    ``roster`` is the newest one, ``sealed`` the envelope in question, if there is one.
    """
    member = roster.custodian(person, group)
    if member is None:
        return Standing.WITHDRAWN
    if has_new_keys(person, roster, newest):
        return Standing.NEW_KEYS
    if sealed is None or (group, person) not in sealed.envelope.holders:
        return Standing.NO_SHARE
    if not member.same_identity(sealed.roster.custodian(person, group)):
        return Standing.NEW_KEYS
    if (group, person) not in sealed.envelope.receipts:
        return Standing.NEVER_CONFIRMED
    return Standing.ABLE


def readiness(
    *, roster: Roster, sealed: Sealed | None, newest: NewestIdentities
) -> Mapping[GroupName, Readiness]:
    """Both groups: who can act, who cannot and why, and how many it takes under both rosters."""
    return {group: _group(group, roster, sealed, newest) for group in GroupName}


def _group(
    group: GroupName, roster: Roster, sealed: Sealed | None, newest: NewestIdentities
) -> Readiness:
    holders = sealed.envelope.holders if sealed else frozenset()
    held = sorted(person for name, person in holders if name is group)
    people = {
        person: standing(person, group, roster=roster, sealed=sealed, newest=newest)
        for person in (*roster.groups[group].custodians, *held)
    }
    return Readiness(
        needed=needed(roster, sealed.roster if sealed else roster, group),
        people=people,
        confirming=_confirming(people, roster, sealed),
    )


def _confirming(
    people: Mapping[str, Standing], roster: Roster, sealed: Sealed | None
) -> frozenset[str]:
    """Who may sign a receipt still, if any is taken for that envelope."""
    if sealed is None or not takes_receipts(sealed.roster, roster):
        return frozenset()
    return frozenset(p for p, one in people.items() if one is Standing.NEVER_CONFIRMED)


def may_approve(
    person: str, group: GroupName, *, roster: Roster, sealed: Sealed, newest: NewestIdentities
) -> bool:
    """Whether to ask someone to approve a request of this roster on this envelope.

    Those who are able, and those whose approval brings the receipt that is missing.
    """
    found = readiness(roster=roster, sealed=sealed, newest=newest)[group]
    return person in found.able | found.confirming


def replaced(roster: Roster, newest: NewestIdentities) -> frozenset[str]:
    """Everyone whom a roster names with other keys than they have today."""
    return frozenset(person for person in roster.members if has_new_keys(person, roster, newest))


def not_proven(able_people: Iterable[str], proven: Iterable[str]) -> frozenset[str]:
    """Who can act, and has not shown it of late: a remark, which is never subtracted."""
    return frozenset(able_people) - frozenset(proven)
