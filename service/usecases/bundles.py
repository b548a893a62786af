"""One file with all that a quorum needs when the service is gone."""

from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crypto.encoding import b64encode, format_time
from service.domain.credential import EnvelopeState
from service.domain.events import Action, Event
from service.domain.roster import Roster
from service.storage import accounts, envelopes, rosters, statements
from service.storage import slots as slots_
from service.storage.errors import StorageError
from service.usecases.context import Caller, Context
from service.usecases.envelopes import facts
from service.usecases.signing import as_signed, dsse
from service.usecases.successors import by_requesters, evidence
from service.usecases.visibility import check_named, newest_roster
from service.wire.accounts import Bundle, BundledEnvelope, BundleSlot, SealedShare


def fetch(ctx: Context, caller: Caller, account: str) -> Bundle:
    """Take a bundle: it opens only with a quorum, so it may lie on any disk. Announced and logged.

    Raises:
        NotFoundError: not the caller's account. NoRosterError: no roster is signed yet.
    """
    with ctx.write() as unit:
        accounts.lock(unit.session, account)
        check_named(unit.session, caller, account)
        roster = newest_roster(unit.session, account)
        chain = rosters.chain(unit.session, account)
        found = envelopes.relevant(unit.session, account)
        made = Bundle(
            format="breakglass-bundle/2",
            account=account,
            made_at=format_time(unit.now),
            chain=[as_signed(raw) for raw in chain.rosters],
            identities=[as_signed(raw) for raw in chain.identities],
            envelopes=_envelopes(unit.session, found),
            slots=_slots(unit.session, roster),
            verifier_key=ctx.signer.verifier_key,
            checkpoint="",
            leaf=0,
        )
        [leaf] = unit.record(
            Event(
                action=Action.BUNDLE_FETCHED,
                actor=caller.person,
                subject=account,
                details={"roster": roster.digest},
            )
        )
        theirs = by_requesters(unit.session, [stored.envelope for stored in found])
    proved = evidence(ctx, theirs)
    shown = [
        one.model_copy(update={"successor": proved.get(stored.envelope.digest)})
        for one, stored in zip(made.envelopes, found, strict=True)
        # A reader refuses what nothing proves, and the whole bundle with it: better without one
        # that no quorum has confirmed yet.
        if stored.envelope.state is not EnvelopeState.UNCONFIRMED
        or stored.envelope.digest not in theirs
        or stored.envelope.digest in proved
    ]
    return made.model_copy(
        update={"leaf": leaf, "envelopes": shown, "checkpoint": _checkpoint(ctx)}
    )


def _checkpoint(ctx: Context) -> str:
    """The newest checkpoint; a bundle is worth having without one."""
    try:
        return ctx.signer.checkpoint(ctx.database)
    except (StorageError, SQLAlchemyError, OSError):
        return ""


def _envelopes(session: Session, found: Sequence[envelopes.Stored]) -> list[BundledEnvelope]:
    made = []
    for stored in found:
        shares = envelopes.sealed_shares(session, stored.envelope.id)
        made.append(
            BundledEnvelope(
                **facts(stored).model_dump(exclude={"manifest", "receipts"}),
                manifest=dsse(stored.manifest),
                receipts=[dsse(receipt) for receipt in stored.receipts],
                content=b64encode(envelopes.content(session, stored.envelope.id)),
                sealed_shares=[
                    SealedShare(
                        group=line.group.value,
                        custodian=line.custodian,
                        sealed_share=b64encode(shares[line.custodian]),
                    )
                    for line in stored.envelope.shares
                ],
            )
        )
    return made


def _slots(session: Session, roster: Roster) -> list[BundleSlot]:
    return [
        BundleSlot(
            person=person,
            slot=slot.id,
            wrapped_root=b64encode(slot.wrapped_root),
            salt=b64encode(slot.salt),
            iterations=600_000,
            statement=dsse(statements.get(session, slot.statement).statement),
        )
        for person in sorted(roster.members)
        if (slot := slots_.phrase(session, person)) is not None
    ]
