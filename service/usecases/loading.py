"""A request with its facts, and with what time has done to it since it was saved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from service.domain.case import Case, settle
from service.domain.events import Event
from service.domain.request import FINAL, Request, State
from service.domain.roster import Roster
from service.storage import accounts, requests, reseals, rosters
from service.usecases.context import Unit
from service.usecases.exposure import by_union


@dataclass(slots=True)
class Loaded:
    """A case under its account's lock.

    ``timed`` is what time did, to be recorded before the act; ``caused`` what follows from the
    act, to be recorded after it.
    """

    stored: requests.Stored
    case: Case
    timed: list[Event]
    caused: list[Event] = field(default_factory=list)

    @property
    def request(self) -> Request:
        """The request as it now is."""
        return self.case.request

    def move(self, request: Request) -> None:
        """Take the next value; it is written by :func:`store`."""
        self.case = self.case.with_request(request)


def cases_of(
    session: Session, stored: Sequence[requests.Stored], known: Collection[Roster] = ()
) -> list[Case]:
    """Join requests with the rosters that they name; ``known`` ones are not asked for."""
    found = {roster.digest: roster for roster in known}
    named = {one.request.roster for one in stored} | {one.sealed.envelope.roster for one in stored}
    found |= rosters.accepted(session, named - found.keys())
    return [
        Case(
            request=one.request,
            roster=found[one.request.roster],
            envelope=one.sealed.envelope,
            envelope_roster=found[one.sealed.envelope.roster],
        )
        for one in stored
    ]


def cases_as_of_now(
    unit: Unit, stored: Sequence[requests.Stored], known: Collection[Roster] = ()
) -> list[Case]:
    """Cases with what time has done to each, in the order given; nothing is written."""
    cases = cases_of(unit.session, stored, known)
    return [case.with_request(settle(case, unit.now)[0]) for case in cases]


def case_of(session: Session, stored: requests.Stored) -> Case:
    """Join a request with the roster and the envelope that it names."""
    [case] = cases_of(session, [stored])
    return case


def load(unit: Unit, request: str) -> Loaded:
    """Lock the account, load the request, let time do its part.

    Nothing is written yet: if the act is refused, what time did is written by the next one.

    Raises:
        NotFoundError: no such request.
    """
    accounts.lock_of_request(unit.session, request)
    return settled(unit, requests.get(unit.session, request))


def settled(unit: Unit, stored: requests.Stored) -> Loaded:
    """Let time do its part on a request that was loaded under its account's lock."""
    case = case_of(unit.session, stored)
    after, events = settle(case, unit.now)
    return Loaded(stored=stored, case=case.with_request(after), timed=events)


def store(unit: Unit, loaded: Loaded) -> None:
    """Save the request and what its new state entails.

    A final state, or the end of the window, deletes the resealed shares. One that ends without a
    release may have exposed the envelope, since the approvers' shares had reached the service.
    """
    before, after = loaded.stored.request, loaded.request
    requests.save(unit.session, before, after)
    if after.state in FINAL or (before.state is State.RELEASED is not after.state):
        reseals.remove_all(unit.session, after.id)
    if after.state in {State.DENIED, State.CANCELLED, State.EXPIRED} and not after.drill:
        loaded.caused.extend(by_union(unit.session, loaded.case))
