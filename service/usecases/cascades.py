"""What a new roster and a newly ready envelope do to everything else of the account."""

from sqlalchemy.orm import Session

from service.domain import credential
from service.domain.case import cancel, rotate
from service.domain.credential import Envelope
from service.domain.events import Event
from service.domain.request import AWAITING_ROTATION, COLLECTING
from service.domain.roster import Roster
from service.storage import envelopes, requests
from service.usecases.context import Unit
from service.usecases.exposure import expose_now, was_seen
from service.usecases.loading import settled, store


def became_ready(unit: Unit, envelope: Envelope) -> list[Event]:
    """End what collects on older envelopes, supersede them, move on what waited for this one.

    ``envelope`` is saved already. Requests that name it stay as they are. It is exposed at once if
    its password was opened before, under this envelope or an earlier one. Ending comes first: the
    approvals of what ends may show that an older envelope was exposed, and the log must say so.
    """
    events: list[Event] = []
    for stored in requests.of_account(unit.session, envelope.account, COLLECTING):
        if stored.request.manifest != envelope.digest:
            events += _cancelled(unit, stored, why="newer-envelope")
    seen = was_seen(unit.session, envelope)
    events += _supersede_older(unit.session, envelope)
    if seen:
        current = envelopes.by_manifest(unit.session, envelope.digest).envelope
        events += expose_now(unit.session, current, why="same-password")
    for stored in requests.of_account(unit.session, envelope.account, AWAITING_ROTATION):
        loaded = settled(unit, stored)
        after, moved = rotate(loaded.request, envelope)
        if not moved:
            continue
        loaded.move(after)
        store(unit, loaded)
        events += [*loaded.timed, *moved, *loaded.caused]
    return events


def _supersede_older(session: Session, envelope: Envelope) -> list[Event]:
    events: list[Event] = []
    for older in envelopes.unfinished(session, envelope.account):
        if older.version < envelope.version:
            after, done = credential.supersede(older)
            envelopes.save(session, older, after)
            events += done
    return events


def replaced(unit: Unit, envelope: Envelope) -> list[Event]:
    """End an unconfirmed envelope, and what collects on it: its requester has sealed once more."""
    events: list[Event] = []
    for stored in requests.of_account(unit.session, envelope.account, COLLECTING):
        if stored.request.manifest == envelope.digest:
            events += _cancelled(unit, stored, why="newer-envelope")
    after, done = credential.supersede(envelope)
    envelopes.save(unit.session, envelope, after)
    return events + done


def roster_accepted(unit: Unit, roster: Roster) -> list[Event]:
    """A new roster cancels every request that collects; one that retires its line cancels none.

    There they go on under the roster that they name: the same people, groups and thresholds.
    """
    events: list[Event] = []
    if roster.retired:
        return events
    for stored in requests.of_account(unit.session, roster.account, COLLECTING):
        events += _cancelled(unit, stored, why="roster-changed")
    return events


def _cancelled(unit: Unit, stored: requests.Stored, *, why: str) -> list[Event]:
    loaded = settled(unit, stored)
    if loaded.request.state in COLLECTING:
        after, done = cancel(loaded.request, why=why)
        loaded.move(after)
        loaded.timed += done
    store(unit, loaded)
    return [*loaded.timed, *loaded.caused]
