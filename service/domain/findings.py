"""What is wrong with an account, or would be as soon as one person is away.

Findings are codes, in the order in which people read them; each face says them in its own words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from service.domain.able import (
    NewestIdentities,
    Readiness,
    Sealed,
    Standing,
    has_new_keys,
    not_proven,
    readiness,
    signable,
)
from service.domain.credential import Envelope, EnvelopeState
from service.domain.exposed import Cause
from service.domain.lines import aws_account
from service.domain.people import GroupName
from service.domain.roster import Roster, common_custodians
from service.domain.successor import Known
from service.domain.topic import Topic


class Code(StrEnum):
    """One for each thing that can be wrong; part of the API, so a code keeps its meaning."""

    NO_ROSTER = "no-roster"
    KEYS_REPLACED = "keys-replaced"
    GROUP_CANNOT_ACT = "group-cannot-act"
    NO_SPARE_CUSTODIAN = "no-spare-custodian"
    NO_ENVELOPE = "no-envelope"
    UNCONFIRMED = "unconfirmed"
    EXPOSED = "exposed"
    EXPOSED_RETIRED = "exposed-retired"
    NO_SPARE = "no-spare"
    OLDER_ROSTER = "older-roster"
    NOT_PROVEN = "not-proven"
    DRILL_DUE = "drill-due"
    NOBODY_TOLD = "nobody-told"
    CIRCULAR_CHANNEL = "circular-channel"
    SEALED_BY_REQUESTER = "sealed-by-requester"
    SUCCESSOR_OVERDUE = "successor-overdue"


# Wrong now, and not only at the next illness.
URGENT = frozenset(
    {
        Code.KEYS_REPLACED,
        Code.GROUP_CANNOT_ACT,
        Code.EXPOSED,
        Code.EXPOSED_RETIRED,
        Code.NOBODY_TOLD,
        Code.CIRCULAR_CHANNEL,
        Code.SUCCESSOR_OVERDUE,
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; ``group`` where it concerns one group alone.

    ``name`` is whom it concerns, ``link`` the day of the operator's link that caused it. ``named``:
    the newest roster names their new keys already, so it is to be sealed again. ``able`` of
    ``people`` can act, and it takes ``needed``. ``cause`` is how an envelope was exposed.
    """

    code: Code
    group: GroupName | None = None
    name: str = ""
    link: date | None = None
    named: bool = False
    able: int = 0
    people: int = 0
    needed: int = 0
    cause: Cause | None = None

    @property
    def urgent(self) -> bool:
        """Whether it is wrong now."""
        return self.code in URGENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What findings are made from.

    ``roster`` is the newest one, ``sealed_under`` the one that the envelope in question names, if
    there is an envelope. ``topic`` is the account's own where set, else that of the installation,
    if any; ``drilled``: a drill of the account has ended of late; ``known`` who knows the password
    in force, if its requester has sealed it. ``enrolled`` is what each person of the roster
    enrolled last, ``links`` by an operator's link of which day, and ``proven`` who has shown with
    those keys that their share opens, within 90 days. ``exposed`` is how the envelope in force was
    exposed, if it was.
    """

    roster: Roster | None
    in_force: Envelope | None
    newest: Envelope | None
    sealed_under: Roster | None
    topic: Topic | None
    drilled: bool
    known: Known | None = None
    enrolled: NewestIdentities = field(default_factory=dict)
    links: Mapping[str, date] = field(default_factory=dict)
    proven: frozenset[str] = frozenset()
    exposed: Cause | None = None

    @property
    def sealed(self) -> Sealed | None:
        """The envelope by which the account is judged, with its roster."""
        shown = in_question(self.in_force, self.newest)
        if shown is None or self.sealed_under is None:
            return None
        return Sealed(envelope=shown, roster=self.sealed_under)


def in_question(in_force: Envelope | None, newest: Envelope | None) -> Envelope | None:
    """The envelope by which an account is judged: the one in force, else the newest."""
    return in_force or newest


def state(roster: Roster | None, envelope: Envelope | None) -> str:
    """How far an account got; ``envelope`` is the one in question.

    One of ``no-roster``, ``no-envelope``, or the envelope's own state.
    """
    if roster is None:
        return Code.NO_ROSTER.value
    return envelope.state.value if envelope else Code.NO_ENVELOPE.value


def findings(facts: Facts) -> list[Finding]:
    """All that is wrong. Without a roster nothing else can be said.

    In a retired line only what its notices need, and that someone may have its password: it takes
    no new password, people or drill.
    """
    if facts.roster is None:
        return [Finding(Code.NO_ROSTER)]
    found = _in_retired(facts) if facts.roster.retired else _in_use(facts, facts.roster)
    if facts.topic is None:
        found.append(Finding(Code.NOBODY_TOLD))
    elif facts.topic.account == aws_account(facts.roster.account):
        found.append(Finding(Code.CIRCULAR_CHANNEL))
    return found


def _in_retired(facts: Facts) -> list[Finding]:
    envelope = facts.in_force
    exposed = envelope is not None and envelope.state is EnvelopeState.EXPOSED
    found = [Finding(Code.EXPOSED_RETIRED, cause=facts.exposed)] if exposed else []
    if facts.known is not None:
        found.append(Finding(Code.SEALED_BY_REQUESTER, name=facts.known.name))
    return found


def _about_known(facts: Facts) -> Iterator[Finding]:
    if facts.known is not None:
        yield Finding(Code.SEALED_BY_REQUESTER, name=facts.known.name)
        if facts.known.overdue:
            yield Finding(Code.SUCCESSOR_OVERDUE, name=facts.known.name)


def _in_use(facts: Facts, roster: Roster) -> list[Finding]:
    found = [*_about_keys(facts, roster)]
    found += [
        Finding(Code.NO_SPARE_CUSTODIAN, name)
        for name, group in roster.groups.items()
        if group.threshold == len(group.custodians)
    ]
    found += _about_envelopes(facts, roster)
    found += _about_known(facts)
    if facts.in_force is not None and not facts.drilled:
        found.append(Finding(Code.DRILL_DUE))
    return found


def _about_keys(facts: Facts, roster: Roster) -> Iterator[Finding]:
    """Whom the roster, or what is sealed under it, knows by keys that they do not have any more."""
    groups = readiness(roster=roster, sealed=facts.sealed, newest=facts.enrolled)
    new = {p for group in groups.values() for p in _with(group, Standing.NEW_KEYS)}
    for person, member in roster.members.items():
        if person in new or has_new_keys(person, roster, facts.enrolled):
            yield Finding(
                Code.KEYS_REPLACED,
                roster.group_of(person),
                name=member.name,
                link=facts.links.get(person),
                named=not has_new_keys(person, roster, facts.enrolled),
            )


def _with(group: Readiness, standing: Standing) -> frozenset[str]:
    return frozenset(person for person, found in group.people.items() if found is standing)


def _about_envelopes(facts: Facts, roster: Roster) -> Iterator[Finding]:
    sealed = facts.sealed
    if sealed is None:
        yield Finding(Code.NO_ENVELOPE)
        return
    if facts.in_force is None:
        yield Finding(Code.UNCONFIRMED)
    elif facts.in_force.state is EnvelopeState.EXPOSED:
        yield Finding(Code.EXPOSED, cause=facts.exposed)
    groups = readiness(roster=roster, sealed=sealed, newest=facts.enrolled)
    for name, group in groups.items():
        yield from _about_group(name, group, in_force=facts.in_force is not None)
    if _is_older(sealed.roster, roster):
        yield Finding(Code.OLDER_ROSTER)
    for name, group in groups.items():
        for person in sorted(not_proven(group.able, facts.proven)):
            yield Finding(Code.NOT_PROVEN, name, name=roster.members[person].name)


def resealing_due(roster: Roster, sealed: Sealed, enrolled: NewestIdentities) -> bool:
    """Whether it is to be sealed again because of whom the newest roster names, and would help.

    A custodian left or has other keys, root signs in with another address than the one sealed with
    the password, or too few hold a share; and enough of both groups could
    open what is sealed to the keys that the roster names.
    """
    groups = readiness(roster=roster, sealed=sealed, newest=enrolled).values()
    enough = all(group.can_act or group.confirming for group in groups)
    if enough and not _is_older(sealed.roster, roster):
        return False
    return signable(roster, enrolled)


def _about_group(name: GroupName, group: Readiness, *, in_force: bool) -> Iterator[Finding]:
    # Before it is in force, those who may confirm still are hoped for.
    hoped = group.able if in_force else group.able | group.confirming
    if len(hoped) < group.needed:
        code = Code.GROUP_CANNOT_ACT
    elif not group.spare:
        code = Code.NO_SPARE
    else:
        return
    yield Finding(code, name, able=len(group.able), people=len(group.members), needed=group.needed)


def _is_older(before: Roster, now: Roster) -> bool:
    """Whether what was sealed under ``before`` is no longer right. Newcomers do not make it so."""
    if before.root_email != now.root_email:
        return True
    return any(_changed(before, now, name) for name in GroupName)


def _changed(before: Roster, now: Roster, group: GroupName) -> bool:
    """Whether a custodian of ``before`` left the group or has other keys; newcomers do not."""
    return len(common_custodians(before, now, group)) != len(before.groups[group].custodians)
