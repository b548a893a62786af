"""Envelopes: sealed on a sealer's device, confirmed by custodians on theirs."""

from collections.abc import Sequence
from functools import partial

from crypto.encoding import b64encode, format_time
from crypto.envelope import check_content_length, check_sealed_share_length
from crypto.statement import Statement
from service.domain import errors
from service.domain.credential import (
    Envelope,
    EnvelopeState,
    check_manifest,
    event,
)
from service.domain.credential import (
    confirm as confirmed,
)
from service.domain.events import Action, Event
from service.domain.people import GroupName
from service.domain.request import AWAITING_ROTATION
from service.domain.roster import Roster
from service.domain.successor import Ground, check_successor, may_seal, spent
from service.domain.topic import check_outside
from service.storage import accounts, envelopes, requests, rosters, statements
from service.usecases.cascades import became_ready, replaced
from service.usecases.context import Caller, Context, Unit
from service.usecases.proven import Proving, view
from service.usecases.signing import blob, check_signer, dsse, received
from service.usecases.successors import by_requesters, evidence
from service.usecases.visibility import check_sees, newest_roster, roster_for
from service.wire.accounts import EnvelopeFacts, Envelopes, MyShare, NewEnvelope, SealedShare
from service.wire.base import Done
from service.wire.base import Statement as StatementBody
from service.wire.log import LogView
from service.wire.successor import Successor


def seal(ctx: Context, caller: Caller, body: NewEnvelope) -> Done:
    """Store a newly sealed password; the older envelope stays in force until this one is ready.

    Raises:
        see :func:`service.domain.credential.check_manifest`; NotSuccessorError: a requester seals
            what does not follow their own release; WrongBlobError; CircularChannelError:
            the account's notices would go through the account itself.
    """
    manifest = received(body.statement, "manifest")
    envelope = Envelope.from_payload(manifest.payload, manifest.digest)
    content = blob(body.content, envelope.content_digest)
    check_content_length(len(content))
    shares = _shares(envelope, body.sealed_shares)
    with ctx.write() as unit:
        row = accounts.lock(unit.session, envelope.account)
        roster = roster_for(unit.session, caller, envelope.account)
        check_signer(
            manifest, field="sealer", caller=caller, member=roster.members.get(caller.person)
        )
        check_outside(envelope.account, row.sns_topic_arn or ctx.default_channel)
        ended = _check(unit, envelope, roster)
        envelopes.add(unit.session, envelope, content=content, shares=shares)
        unit.session.flush()
        caused = [event_ for one in ended for event_ in replaced(unit, one)]
        [leaf, *_] = unit.record(
            event(Action.ENVELOPE_SEALED, envelope, actor=caller.person, statement=manifest.raw),
            *caused,
            about=manifest.digest,
        )
    return Done(id=envelope.id, state=envelope.state.value, leaf=leaf)


def _check(unit: Unit, envelope: Envelope, roster: Roster) -> list[Envelope]:
    """Refuse it, or return what it ends: an unconfirmed one of the same requester."""
    waiting = requests.of_account(unit.session, envelope.account, AWAITING_ROTATION)
    in_force = envelopes.in_force(unit.session, envelope.account)
    by_requester = may_seal(roster, envelope.sealer)
    roster_of = partial(rosters.get, unit.session)
    check_manifest(
        envelope,
        roster=roster,
        newest=envelopes.newest(unit.session, envelope.account),
        rotating={s.request.digest for s in waiting if not s.request.drill},
        exposed=spent(in_force, roster_of),
        by_requester=by_requester,
    )
    if envelopes.exists(unit.session, envelope.id):
        raise errors.ReplayedError
    if not by_requester:
        return []
    ground = Ground(
        in_force=in_force,
        waiting=[stored.request for stored in waiting],
        newer=envelopes.newer_than(unit.session, in_force) if in_force else (),
        roster_of=roster_of,
    )
    return check_successor(envelope, roster=roster, ground=ground)


def _shares(envelope: Envelope, posted: Sequence[SealedShare]) -> dict[str, bytes]:
    """Hold each posted share against its line of the manifest: same order, same digests."""
    if [(p.group, p.custodian) for p in posted] != [
        (line.group.value, line.custodian) for line in envelope.shares
    ]:
        raise errors.WrongBlobError("the sealed shares are not those that the manifest lists")
    shares = {
        line.custodian: blob(p.sealed_share, line.sealed_share_digest)
        for p, line in zip(posted, envelope.shares, strict=True)
    }
    for share in shares.values():
        check_sealed_share_length(len(share))
    return shares


def confirm(ctx: Context, caller: Caller, body: StatementBody) -> Done:
    """Take a custody receipt; enough of them in both groups put the envelope in force."""
    receipt = received(body.statement, "custody-receipt")
    with ctx.write() as unit:
        accounts.lock_of_manifest(unit.session, receipt.payload["manifest"])
        after, events = take_receipt(unit, caller, receipt)
        leaves = unit.record(*events, about=after.digest)
    return Done(
        id=after.id, state=after.state.value, leaf=leaves[0], receipt=ctx.receipt(leaves[0])
    )


def take_receipt(unit: Unit, caller: Caller, receipt: Statement) -> tuple[Envelope, list[Event]]:
    """Check and count a receipt under the account's lock; the first event carries it.

    Raises:
        see :func:`service.domain.credential.confirm` and ``check_signer``.
    """
    stored = envelopes.by_manifest(unit.session, receipt.payload["manifest"])
    before = stored.envelope
    roster = rosters.get(unit.session, before.roster)
    check_signer(
        receipt, field="custodian", caller=caller, member=roster.members.get(caller.person)
    )
    after = confirmed(
        before,
        roster=roster,
        newest=newest_roster(unit.session, before.account),
        group=GroupName(receipt.payload["group"]),
        custodian=caller.person,
    )
    envelopes.save(unit.session, before, after)
    events = [
        event(
            Action.ENVELOPE_CONFIRMED,
            after,
            actor=caller.person,
            statement=receipt.raw,
            group=receipt.payload["group"],
        )
    ]
    if after.state is not before.state:
        events += [event(Action.ENVELOPE_READY, after), *became_ready(unit, after)]
        after = envelopes.by_manifest(unit.session, after.digest).envelope  # exposed, perhaps
    return after, events


def paper(ctx: Context, caller: Caller, body: StatementBody) -> Done:
    """Write down that a custodian printed their share.

    Raises:
        WrongStateError: the envelope is superseded.
        WrongGroupError, NotInRosterError: no such share.
    """
    printed = received(body.statement, "paper")
    with ctx.write() as unit:
        accounts.lock_of_manifest(unit.session, printed.payload["manifest"])
        envelope = envelopes.by_manifest(unit.session, printed.payload["manifest"]).envelope
        roster = rosters.get(unit.session, envelope.roster)
        check_signer(
            printed, field="custodian", caller=caller, member=roster.members.get(caller.person)
        )
        _check_holds(envelope, caller.person, GroupName(printed.payload["group"]))
        [leaf] = unit.record(
            event(
                Action.SHARE_PRINTED,
                envelope,
                actor=caller.person,
                statement=printed.raw,
                group=printed.payload["group"],
            ),
            about=envelope.digest,
        )
    return Done(id=envelope.id, state=envelope.state.value, leaf=leaf)


def _check_holds(envelope: Envelope, person: str, group: GroupName) -> None:
    if envelope.state is EnvelopeState.SUPERSEDED:
        raise errors.WrongStateError("the envelope is superseded")
    share = envelope.share_of(person)
    if share is None:
        raise errors.NotInRosterError("you have no share of this envelope")
    if share.group is not group:
        raise errors.WrongGroupError


def listing(ctx: Context, caller: Caller, account: str, *, seen: int | None = None) -> Envelopes:
    """The newest envelope, the one in force and the last superseded one, as signed.

    ``seen`` is the size of the checkpoint that the caller remembers; None asks for no proofs.
    """
    with ctx.read() as unit:
        found, proving = look(unit, caller, account, proves=seen is not None)
    proof = view(ctx, proving, seen)
    return Envelopes(envelopes=with_evidence(ctx, found, proving, proof), log=proof)


def look(
    unit: Unit, caller: Caller, account: str, *, proves: bool
) -> tuple[list[envelopes.Stored], Proving]:
    """The same as they are stored, and what there is to prove if someone ``proves`` it."""
    check_sees(unit.session, caller, account)
    found = envelopes.relevant(unit.session, account)
    sealed_for = {stored.envelope.roster for stored in found}
    accepted = statements.places(unit.session, sealed_for) if proves else {}
    return found, Proving(
        leaves=frozenset({*accepted.values(), *(stored.envelope.seq for stored in found)}),
        naming=[receipt for stored in found for receipt in stored.receipts],
        sealed=by_requesters(unit.session, [stored.envelope for stored in found]),
    )


def with_evidence(
    ctx: Context, found: Sequence[envelopes.Stored], proving: Proving, proof: LogView | None
) -> list[EnvelopeFacts]:
    """As clients see them, each with what proves that a requester was its sealer, if one was."""
    proved = evidence(ctx, proving.sealed, proof)
    return [facts(one, proved.get(one.envelope.digest)) for one in found]


def facts(stored: envelopes.Stored, successor: Successor | None = None) -> EnvelopeFacts:
    """What everyone in the account may see of an envelope; ``successor`` if a requester sealed."""
    return EnvelopeFacts(
        id=stored.envelope.id,
        state=stored.envelope.state.value,
        leaf=stored.envelope.seq,
        entered_at=format_time(stored.entered_at),
        manifest=dsse(stored.manifest),
        receipts=[dsse(receipt) for receipt in stored.receipts],
        successor=successor,
    )


def my_share(ctx: Context, caller: Caller, envelope: str) -> MyShare:
    """The caller's own sealed share; no one else's is ever handed out but in bundles."""
    with ctx.read() as unit:
        group, share = envelopes.sealed_share(unit.session, envelope, caller.person)
    return MyShare(group=group.value, sealed_share=b64encode(share))
