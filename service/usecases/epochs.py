"""Continuing after an older copy of the database was put back: logged and announced."""

from functools import partial

from crypto.epoch import Epoch, check_why, read_epoch
from crypto.note import NoteVerifier
from service.domain.events import SERVICE, Action, Event
from service.storage import epochs, invitations, log, sessions
from service.storage.epochs import GivenUp
from service.usecases.context import Context
from service.usecases.settling import restart_all


def begin(ctx: Context, actor: str, why: str, newer: str = "") -> Epoch:
    """Begin a new epoch of the log: give up the last signed checkpoint, in an announced event.

    In the same transaction sessions, enrolment links, windows and everything that collects
    approvals end: what is lost may have ended them, and no one knows.

    Returns what the epoch's first leaf says.

    Raises:
        MalformedError: no reason, or one that cannot stand in a leaf.
        SignerError, StorageError: there is nothing to give up, or the log is damaged; see
            ``Signer.begin_epoch``.
    """
    check_why(why)
    ctx.signer.begin_epoch(ctx.database, partial(_append, ctx, actor, why), newer)
    with ctx.read() as unit:
        return read_epoch(
            epochs.first_leaves(unit.session)[0], NoteVerifier.from_vkey(ctx.signer.verifier_key)
        )


def _append(ctx: Context, actor: str, why: str, given_up: GivenUp) -> None:
    with ctx.write() as unit:
        sessions.end_everybodys(unit.session, unit.now)
        invitations.close_all(unit.session, unit.now)
        ended = restart_all(unit)
        unit.session.flush()
        log.lock(unit.session)  # the leaf names its own index
        head = log.head(unit.session)
        epoch = Epoch(
            size=head.size,
            root=head.frontier.root,
            continues=given_up.continues,
            abandoned=given_up.abandoned,
            note=given_up.note,
            why=why,
        )
        expired = sum(event.action is Action.REQUEST_EXPIRED for event in ended)
        event = Event(
            action=Action.LOG_EPOCH_BEGAN,
            actor=actor,
            subject=SERVICE,
            details=epoch.details(expired=expired),
        )
        unit.record(event, *ended)
