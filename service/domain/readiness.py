"""Who is what in an account, and what waits for them there.

What waits are acts, by the names that every face of the service uses for them; each face says in
its own words what that is and where it is done.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from service.domain.able import (
    NewestIdentities,
    Sealed,
    may_approve,
    readiness,
    replaced,
    signable,
    signs,
)
from service.domain.case import AFTER_ALL, Case
from service.domain.credential import IN_FORCE, EnvelopeState, takes_receipts
from service.domain.exposed import Cause
from service.domain.findings import resealing_due
from service.domain.people import GroupName
from service.domain.quorum import last_words
from service.domain.request import COLLECTING, Request, State
from service.domain.roster import Roster
from service.domain.successor import Known

UNFINISHED = COLLECTING | {State.RELEASED, State.ROTATION_DUE, State.REVIEW_DUE}


class Act(StrEnum):
    """What can wait for a person; part of the API, so a name keeps its meaning."""

    DECIDE = "request.decide"
    RELEASE = "request.release"
    FETCH = "request.fetch"
    CLOSE = "request.close"
    REVIEW = "request.review"
    SEAL = "envelope.seal"
    CONFIRM = "envelope.confirm"
    SIGN = "roster.sign"
    DRAFT = "roster.draft"
    REGISTER = "account.register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An open draft of a roster: its version, and whose signatures it still waits for."""

    version: int
    awaited: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One account as it concerns one person.

    ``roster`` is the newest one, ``newest`` the newest envelope and ``sealed`` the one in question,
    each with its roster; ``exposed`` says how that one was exposed, if it was. ``unfinished`` are
    the requests in a state of ``UNFINISHED``, oldest first. ``enrolled`` is the identity that each
    person enrolled last, of everyone whom the newest roster names, and of the person. ``later``:
    a further line of the same account is registered. ``known`` is who knows the password in force,
    if its requester has sealed it.
    """

    account: str
    person: str
    operator: bool
    roster: Roster | None
    draft: Draft | None
    newest: Sealed | None
    sealed: Sealed | None
    exposed: Cause | None
    unfinished: tuple[Case, ...]
    enrolled: NewestIdentities
    later: bool = False
    known: Known | None = None

    @property
    def group(self) -> GroupName | None:
        """The group in which the person is a custodian."""
        return self.roster.group_of(self.person) if self.roster else None

    @property
    def signs(self) -> bool:
        """Whether the newest roster names the person with the keys that they have today."""
        return signs(self.person, self.roster, self.enrolled)

    @property
    def sealer(self) -> bool:
        """Whether the person can seal: no one can in a retired line."""
        roster = self.roster
        if roster is None or roster.retired:
            return False
        return self.person in roster.sealers and self.signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One act that waits for one person.

    ``name`` is what the account is called, or its id; ``group`` the person's own, if they are a
    custodian. An act on a request has it with its requester's name, as far as the roster knows it;
    one on a draft or an envelope has the version. ``because`` says how what is to be replaced was
    exposed; ``changed``: custodians have other keys, or have left. ``known`` is who has sealed what
    another sealer has to replace.
    """

    act: Act
    account: str
    name: str
    request: Request | None = None
    requester: str = ""
    group: GroupName | None = None
    version: int = 0
    known: Known | None = None
    because: Cause | None = None
    changed: bool = False

    @property
    def due_at(self) -> datetime | None:
        """When it is too late, if it ever is: the request's end, or that of its window."""
        if self.known is not None:
            return self.known.replace_by
        if self.request is None:
            return None
        if self.request.state in COLLECTING:
            return self.request.expires_at
        return self.request.window_ends_at if self.request.state is State.RELEASED else None


def roles(roster: Roster | None, person: str, *, operator: bool, auditor: bool) -> list[str]:
    """What a person is in an account, the service's own roles first."""
    found = [role for role, yes in (("operator", operator), ("auditor", auditor)) if yes]
    if roster is None:
        return found
    group = roster.group_of(person)
    found += [f"custodian:{group.value}"] if group else []
    found += ["requester"] if person in roster.requesters else []
    return found + (["sealer"] if person in roster.sealers else [])


def duties(situation: Situation) -> list[Duty]:
    """What waits for the person in the account: requests first, oldest first.

    Nothing waits for anyone that they cannot do: for most acts it takes the keys by which a roster
    names them.
    """
    found = [
        _duty(situation, act, request=case.request)
        for case in situation.unfinished
        for act, waits in _OF_REQUEST.items()
        if waits(situation, case)
    ]
    if not any(duty.act is Act.SEAL for duty in found):
        found += [*_of_password(situation)] or [*_of_known(situation)]
    return [*found, *_of_envelope(situation), *_of_roster(situation)]


def _duty(
    situation: Situation,
    act: Act,
    *,
    request: Request | None = None,
    version: int = 0,
    because: Cause | None = None,
    changed: bool = False,
) -> Duty:
    roster = situation.roster
    asks = roster.members.get(request.requester) if roster and request else None
    return Duty(
        act=act,
        account=situation.account,
        name=roster.name if roster else situation.account,
        request=request,
        requester=asks.name if asks else "",
        group=situation.group,
        version=version,
        because=because,
        changed=changed,
    )


def _decides(situation: Situation, case: Case) -> bool:
    request, group = case.request, situation.group
    if request.state not in COLLECTING or situation.roster is None or group is None:
        return False
    if situation.person in last_words(request.decisions, until_seq=AFTER_ALL):
        return False
    return may_approve(
        situation.person,
        group,
        roster=situation.roster,
        sealed=Sealed(envelope=case.envelope, roster=case.envelope_roster),
        newest=situation.enrolled,
    )


def _reviews(situation: Situation, case: Case) -> bool:
    request, group = case.request, situation.group
    if request.state is not State.REVIEW_DUE or group is None or not situation.signs:
        return False
    return group not in request.reviewed and situation.person not in request.reviewers


def _mine(situation: Situation, case: Case, state: State) -> bool:
    request = case.request
    mine = request.requester == situation.person and request.state is state
    return mine and signs(situation.person, case.roster, situation.enrolled)


# In the order in which they are read, where several acts of one request wait for one person.
_OF_REQUEST: Mapping[Act, Callable[[Situation, Case], bool]] = {
    Act.DECIDE: _decides,
    Act.RELEASE: lambda who, case: _mine(who, case, State.APPROVED),
    Act.FETCH: lambda who, case: _mine(who, case, State.RELEASED),
    Act.CLOSE: lambda who, case: (
        _mine(who, case, State.ROTATION_DUE) and not case.request.summarised
    ),
    Act.SEAL: lambda who, case: who.sealer and case.request.state is State.ROTATION_DUE,
    Act.REVIEW: _reviews,
}


def _of_password(situation: Situation) -> Iterator[Duty]:
    """Whether a sealer is to seal again, although no release waits for it."""
    roster, sealed, newest = situation.roster, situation.sealed, situation.newest
    if not situation.sealer or roster is None or sealed is None or newest is None:
        return
    later = newest.envelope.version > sealed.envelope.version
    if later and takes_receipts(newest.roster, roster):
        return  # it is sealed again already, and waits for confirmations
    in_use = any(case.request.state is State.RELEASED for case in situation.unfinished)
    if situation.exposed is not None and not in_use:
        yield _duty(situation, Act.SEAL, because=situation.exposed)
    elif resealing_due(roster, sealed, situation.enrolled):
        yield _duty(situation, Act.SEAL, changed=True)


def _of_envelope(situation: Situation) -> Iterator[Duty]:
    roster, newest = situation.roster, situation.newest
    if newest is None:
        if situation.sealer:
            yield _duty(situation, Act.SEAL)
        return
    if roster is None or not takes_receipts(newest.roster, roster):
        return
    envelope = newest.envelope
    if envelope.state is EnvelopeState.SUPERSEDED:
        return
    if situation.person in envelope.unconfirmed and situation.signs:
        yield _duty(situation, Act.CONFIRM, version=envelope.version)


def _of_known(situation: Situation) -> Iterator[Duty]:
    """Another sealer replaces what its requester has sealed, unless one has sealed already."""
    known = situation.known
    if known is None or known.replaced or not situation.sealer:
        return
    if situation.person != known.person:
        yield replace(_duty(situation, Act.SEAL), known=known)


def _of_roster(situation: Situation) -> Iterator[Duty]:
    draft, roster = situation.draft, situation.roster
    if draft is not None and situation.person in draft.awaited:
        yield _duty(situation, Act.SIGN, version=draft.version)
    if not situation.operator or draft is not None or (roster is not None and roster.retired):
        return
    if roster is None:
        yield _duty(situation, Act.DRAFT)
    elif redrafting_due(roster, situation.sealed, situation.enrolled):
        yield _duty(situation, Act.DRAFT, changed=True)
    elif not signable(roster, situation.enrolled) and not situation.later:
        yield _duty(situation, Act.REGISTER)


def redrafting_due(roster: Roster, sealed: Sealed | None, enrolled: NewestIdentities) -> bool:
    """Whether an operator is to draft a roster with people's new keys, and it can come to count.

    Enough of both groups must be left to sign it, and to open what is in force.
    """
    if not replaced(roster, enrolled) or not signable(roster, enrolled):
        return False
    in_force = sealed is not None and sealed.envelope.state in IN_FORCE
    groups = readiness(roster=roster, sealed=sealed, newest=enrolled)
    return not in_force or all(group.can_act for group in groups.values())
