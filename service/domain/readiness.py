"""Who is what in an account, and what waits for them there.

What waits are acts, by the names that every face of the service uses for them; each face says in
its own words what that is and where it is done.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from service.domain.case import AFTER_ALL
from service.domain.credential import Envelope, EnvelopeState
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An open draft of a roster: its version, and whose signatures it still waits for."""

    version: int
    awaited: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One account as it concerns one person.

    ``roster`` is the newest one, ``newest`` the newest envelope; ``unfinished`` are the requests in
    a state of ``UNFINISHED``, oldest first. ``known`` is who knows the password in force, if its
    requester has sealed it.
    """

    account: str
    person: str
    operator: bool
    roster: Roster | None
    draft: Draft | None
    newest: Envelope | None
    unfinished: tuple[Request, ...]
    known: Known | None = None

    @property
    def group(self) -> GroupName | None:
        """The group in which the person is a custodian."""
        return self.roster.group_of(self.person) if self.roster else None

    @property
    def sealer(self) -> bool:
        """Whether the person may seal: no one may in a retired line."""
        roster = self.roster
        return roster is not None and not roster.retired and self.person in roster.sealers


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One act that waits for one person.

    ``name`` is what the account is called, or its id; ``group`` the person's own, if they are a
    custodian. An act on a request has it with its requester's name, as far as the roster knows it;
    one on a draft or an envelope has the version. ``known`` is who has sealed what another sealer
    has to replace.
    """

    act: Act
    account: str
    name: str
    request: Request | None = None
    requester: str = ""
    group: GroupName | None = None
    version: int = 0
    known: Known | None = None

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
    """What waits for the person in the account: requests first, oldest first."""
    found = [
        _duty(situation, act, request=request)
        for request in situation.unfinished
        for act, waits in _OF_REQUEST.items()
        if waits(situation, request)
    ]
    return [*found, *_of_envelope(situation), *_of_known(situation), *_of_roster(situation)]


def _duty(
    situation: Situation, act: Act, *, request: Request | None = None, version: int = 0
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
    )


def _decides(situation: Situation, request: Request) -> bool:
    return (
        request.state in COLLECTING
        and situation.group is not None
        and situation.person not in last_words(request.decisions, until_seq=AFTER_ALL)
    )


def _reviews(situation: Situation, request: Request) -> bool:
    group = situation.group
    return request.state is State.REVIEW_DUE and group is not None and group not in request.reviewed


def _mine(situation: Situation, request: Request, state: State) -> bool:
    return request.requester == situation.person and request.state is state


# In the order in which they are read, where several acts of one request wait for one person.
_OF_REQUEST: Mapping[Act, Callable[[Situation, Request], bool]] = {
    Act.DECIDE: _decides,
    Act.RELEASE: lambda who, request: _mine(who, request, State.APPROVED),
    Act.FETCH: lambda who, request: _mine(who, request, State.RELEASED),
    Act.CLOSE: lambda who, request: (
        _mine(who, request, State.ROTATION_DUE) and not request.summarised
    ),
    Act.SEAL: lambda who, request: who.sealer and request.state is State.ROTATION_DUE,
    Act.REVIEW: _reviews,
}


def _of_envelope(situation: Situation) -> Iterator[Duty]:
    roster, newest = situation.roster, situation.newest
    if newest is None:
        if situation.sealer:
            yield _duty(situation, Act.SEAL)
        return
    if roster is None or newest.roster != roster.working:
        return
    if newest.state is EnvelopeState.SUPERSEDED:
        return
    if situation.person in newest.unconfirmed:
        yield _duty(situation, Act.CONFIRM, version=newest.version)


def _of_known(situation: Situation) -> Iterator[Duty]:
    """Another sealer replaces what its requester has sealed, unless one has sealed already."""
    known = situation.known
    if known is None or known.replaced or not situation.sealer:
        return
    if situation.person != known.person:
        yield replace(_duty(situation, Act.SEAL), known=known)


def _of_roster(situation: Situation) -> Iterator[Duty]:
    draft = situation.draft
    if draft is not None and situation.person in draft.awaited:
        yield _duty(situation, Act.SIGN, version=draft.version)
    if situation.operator and situation.roster is None and draft is None:
        yield _duty(situation, Act.DRAFT)
