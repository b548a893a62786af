"""When an envelope counts as seen although nothing was released."""

from sqlalchemy.orm import Session

from crypto.leaf import parse_leaf
from service.domain.able import Sealed
from service.domain.case import Case
from service.domain.credential import Envelope, EnvelopeState, expose, exposed_by_union
from service.domain.events import Action, Event
from service.domain.exposed import APPROVED_ONLY, Cause, Ended, approvers, cause_of
from service.domain.exposure import of_one_password, share_password
from service.domain.request import State
from service.storage import envelopes, last_acts, log, requests, statements

ENDED_WITHOUT = frozenset({State.DENIED, State.CANCELLED, State.EXPIRED})


def by_union(session: Session, case: Case) -> list[Event]:
    """Expose the envelope if ended requests together brought enough shares to the service.

    ``case`` has ended just now without a release and is saved; drills never count.
    """
    people = set(approvers(case.request.decisions))
    if not people:
        return []  # it added nothing to what earlier ones had brought, and those were looked at
    for stored in requests.of_manifest(session, case.envelope.digest):
        if stored.request.state in ENDED_WITHOUT and not stored.request.drill:
            people |= approvers(stored.request.decisions)
    if not exposed_by_union(case.envelope_roster, people):
        return []
    # Another request that ended in this transaction may have exposed it since the case was read.
    before = envelopes.by_manifest(session, case.envelope.digest).envelope
    return expose_now(session, before, why=APPROVED_ONLY)


def expose_opened(session: Session, opened: Envelope, *, why: str) -> list[Event]:
    """Expose an envelope that was opened without the service, and later ones of its password.

    ``why`` is said of what was opened; of the others no one knows more than their password.
    """
    every = envelopes.of_account(session, opened.account)
    return [
        event
        for envelope in of_one_password(every, opened)
        for event in expose_now(
            session, envelope, why=why if envelope.digest == opened.digest else Cause.SAME.value
        )
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


def exposed_by(session: Session, sealed: Sealed | None) -> Cause | None:
    """How an envelope was exposed; None if it is not."""
    if sealed is None or sealed.envelope.state is not EnvelopeState.EXPOSED:
        return None
    digest = sealed.envelope.digest
    ended = [
        Ended(
            state=stored.request.state,
            approvers=approvers(stored.request.decisions),
            by_requester=bool(stored.of_kind("cancellation")),
        )
        for stored in requests.of_manifest(session, digest)
        if stored.request.state in ENDED_WITHOUT and not stored.request.drill
    ]
    return cause_of(_why(session, sealed.envelope), ended, roster=sealed.roster)


def _why(session: Session, envelope: Envelope) -> str:
    """What the log says of it; nothing if its last such entry is about another envelope."""
    entry = last_acts.last_about(session, envelope.account, Action.ENVELOPE_EXPOSED)
    if entry is None:
        return ""
    [data] = log.read_leaves(session, entry, 1)
    details = parse_leaf(data).details
    return str(details.get("why", "")) if details.get("manifest") == envelope.digest else ""
