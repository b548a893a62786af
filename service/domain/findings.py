"""What is wrong with an account, or would be as soon as one person is away.

Findings are codes, in the order in which people read them; each face says them in its own words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from service.domain.credential import Envelope, EnvelopeState, lacks_spare
from service.domain.lines import aws_account
from service.domain.people import GroupName
from service.domain.roster import Roster, common_custodians
from service.domain.successor import Known
from service.domain.topic import Topic


class Code(StrEnum):
    """One for each thing that can be wrong; part of the API, so a code keeps its meaning."""

    NO_ROSTER = "no-roster"
    NO_SPARE_CUSTODIAN = "no-spare-custodian"
    NO_ENVELOPE = "no-envelope"
    UNCONFIRMED = "unconfirmed"
    EXPOSED = "exposed"
    EXPOSED_RETIRED = "exposed-retired"
    NO_SPARE = "no-spare"
    OLDER_ROSTER = "older-roster"
    DRILL_DUE = "drill-due"
    NOBODY_TOLD = "nobody-told"
    CIRCULAR_CHANNEL = "circular-channel"
    SEALED_BY_REQUESTER = "sealed-by-requester"
    SUCCESSOR_OVERDUE = "successor-overdue"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; ``group`` where it concerns one group alone, ``name`` one person."""

    code: Code
    group: GroupName | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What findings are made from.

    ``roster`` is the newest one, ``sealed_under`` the one that the envelope in question names, if
    there is an envelope. ``topic`` is the account's own where set, else that of the installation,
    if any; ``drilled``: a drill of the account has ended of late; ``known`` who knows the password
    in force, if its requester has sealed it.
    """

    roster: Roster | None
    in_force: Envelope | None
    newest: Envelope | None
    sealed_under: Roster | None
    topic: Topic | None
    drilled: bool
    known: Known | None = None


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
    found = [Finding(Code.EXPOSED_RETIRED)] if exposed else []
    if facts.known is not None:
        found.append(Finding(Code.SEALED_BY_REQUESTER, name=facts.known.name))
    return found


def _about_known(facts: Facts) -> Iterator[Finding]:
    if facts.known is not None:
        yield Finding(Code.SEALED_BY_REQUESTER, name=facts.known.name)
        if facts.known.overdue:
            yield Finding(Code.SUCCESSOR_OVERDUE, name=facts.known.name)


def _in_use(facts: Facts, roster: Roster) -> list[Finding]:
    found = [
        Finding(Code.NO_SPARE_CUSTODIAN, name)
        for name, group in roster.groups.items()
        if group.threshold == len(group.custodians)
    ]
    found += map(Finding, _about_envelopes(facts, roster))
    found += _about_known(facts)
    if facts.in_force is not None and not facts.drilled:
        found.append(Finding(Code.DRILL_DUE))
    return found


def _about_envelopes(facts: Facts, roster: Roster) -> Iterator[Code]:
    shown, sealed_under = in_question(facts.in_force, facts.newest), facts.sealed_under
    if shown is None or sealed_under is None:
        yield Code.NO_ENVELOPE
        return
    if facts.in_force is None:
        yield Code.UNCONFIRMED
    elif facts.in_force.state is EnvelopeState.EXPOSED:
        yield Code.EXPOSED
    if lacks_spare(shown, sealed_under):
        yield Code.NO_SPARE
    if any(_changed(sealed_under, roster, name) for name in GroupName):
        yield Code.OLDER_ROSTER


def _changed(before: Roster, now: Roster, group: GroupName) -> bool:
    """Whether a custodian of ``before`` left the group or has other keys; newcomers do not."""
    return len(common_custodians(before, now, group)) != len(before.groups[group].custodians)
