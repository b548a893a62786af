"""When an envelope counts as seen although nothing was released."""

from sqlalchemy.orm import Session

from service.domain.case import Case
from service.domain.credential import Envelope, EnvelopeState, expose, exposed_by_union
from service.domain.events import Event
from service.domain.exposure import of_one_password, share_password
from service.domain.people import GroupName
from service.domain.request import Request, State
from service.storage import envelopes, requests, statements

ENDED_WITHOUT = frozenset({State.DENIED, State.CANCELLED, State.EXPIRED})


def approvers(request: Request) -> set[tuple[GroupName, str]]:
    """Everyone who ever approved, withdrawn approvals included."""
    return {(d.group, d.custodian) for d in request.decisions if d.approves}


def by_union(session: Session, case: Case) -> list[Event]:
    """Expose the envelope if ended requests together brought enough shares to the service.

    ``case`` has ended just now without a release and is saved; drills never count.
    """
    people = approvers(case.request)
    if not people:
        return []  # it added nothing to what earlier ones had brought, and those were looked at
    for stored in requests.of_manifest(session, case.envelope.digest):
        if stored.request.state in ENDED_WITHOUT and not stored.request.drill:
            people |= approvers(stored.request)
    if not exposed_by_union(case.envelope_roster, people):
        return []
    # Another request that ended in this transaction may have exposed it since the case was read.
    before = envelopes.by_manifest(session, case.envelope.digest).envelope
    return expose_now(session, before, why="approvals-without-release")


def expose_opened(session: Session, opened: Envelope, *, why: str) -> list[Event]:
    """Expose an envelope that was opened without the service, and later ones of its password."""
    every = envelopes.of_account(session, opened.account)
    return [
        event
        for envelope in of_one_password(every, opened)
        for event in expose_now(session, envelope, why=why)
    ]


def was_seen(session: Session, ready: Envelope) -> bool:
    """Whether the password of an envelope that is in force from now on was opened before."""
    every = envelopes.of_account(session, ready.account)
    return any(_was_opened(session, envelope) for envelope in share_password(every, ready))


def _was_opened(session: Session, envelope: Envelope) -> bool:
    """Whether it is known to be seen; while it was unconfirmed, its state could not say so."""
    if envelope.state is EnvelopeState.EXPOSED:
        return True
    if any(r.statement.kind == "papers" for r in statements.about(session, envelope.digest)):
        return True
    asked = requests.of_manifest(session, envelope.digest)
    return any(s.request.released_at is not None and not s.request.drill for s in asked)


def expose_now(session: Session, before: Envelope, *, why: str) -> list[Event]:
    """Mark an envelope as exposed and save it; nothing if it is that already."""
    after, events = expose(before, why=why)
    if events:
        envelopes.save(session, before, after)
    return events
