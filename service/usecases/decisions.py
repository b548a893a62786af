"""A custodian's signed answer."""

from dataclasses import dataclass

from crypto.encoding import b64decode
from crypto.envelope import check_reseal_length
from crypto.errors import MalformedError
from crypto.statement import Statement
from service.domain import errors
from service.domain.case import NEXT_SEQ, Case, event
from service.domain.case import decide as decided
from service.domain.events import Action, Event
from service.domain.quorum import Decision
from service.domain.request import State
from service.storage import reseals
from service.usecases.context import Caller, Context, Unit
from service.usecases.envelopes import take_receipt
from service.usecases.loading import Loaded, load, store
from service.usecases.signing import blob, check_signer, received
from service.wire.base import Done
from service.wire.requests import Decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A parsed decision with what came along."""

    statement: Statement
    receipt: Statement | None
    reseal: str

    @property
    def approves(self) -> bool:
        """Whether it is an approval."""
        return bool(self.statement.payload["decision"] == "approve")


def decide(ctx: Context, caller: Caller, request: str, body: Decide) -> Done:
    """Take an approval with its resealed share, or a denial; count; say what follows.

    Raises:
        see :func:`service.domain.case.decide`; WrongRequestError: it names another request;
        WrongBlobError, WrongLengthError: the resealed share is not the one signed, or no share (for
        a drill: not exactly 133 bytes).
    """
    posted = Posted(
        statement=received(body.statement, "decision"),
        receipt=received(body.receipt, "custody-receipt") if body.receipt else None,
        reseal=body.resealed_share,
    )
    with ctx.write() as unit:
        loaded = load(unit, request)
        decision, share = _check(loaded.case, caller, posted, unit)
        first = _receipt(unit, caller, loaded.case, posted)
        after, withdrawn = decided(loaded.case, decision)
        loaded.move(after)
        for earlier in withdrawn:
            reseals.remove(unit.session, request, earlier.custodian)
        store(unit, loaded)
        if share:
            reseals.add(unit.session, ctx.at_rest, request=request, decision=decision, blob=share)
        unit.session.flush()
        own = _event(loaded, posted.statement, decision)
        # What time did comes first, then the receipt, then the act, then what it caused.
        before = [*loaded.timed, *first]
        after_it = [*_ending(loaded), *loaded.caused]
        leaves = unit.record(*before, own, *after_it, about=loaded.case.envelope.digest)
    leaf = leaves[len(before)]
    return Done(id=request, state=after.state.value, leaf=leaf, receipt=ctx.receipt(leaf))


def _check(case: Case, caller: Caller, posted: Posted, unit: Unit) -> tuple[Decision, bytes]:
    """Compare every signed field with the service's own facts."""
    payload = posted.statement.payload
    if payload["request"] != case.request.digest:
        raise errors.WrongRequestError
    if posted.approves and payload["reason"]:
        raise MalformedError("an approval must not have a reason; the request has one")
    if caller.person == case.request.requester:
        raise errors.SelfApprovalError
    check_signer(
        posted.statement,
        field="custodian",
        caller=caller,
        member=case.roster.members.get(caller.person),
    )
    share = _share(case, posted)
    return (
        Decision.from_payload(payload, posted.statement.digest, seq=NEXT_SEQ, at=unit.now),
        share,
    )


def _share(case: Case, posted: Posted) -> bytes:
    digest = posted.statement.payload["resealed_share_digest"]
    if not posted.approves:
        if posted.reseal or digest:
            raise errors.WrongBlobError("a denial must not have a share")
        return b""
    try:
        check_reseal_length(len(b64decode(posted.reseal)), drill=case.request.drill)
    except MalformedError:
        raise errors.WrongLengthError from None
    return blob(posted.reseal, digest)


def _receipt(unit: Unit, caller: Caller, case: Case, posted: Posted) -> list[Event]:
    """Take the missing receipt in the same act; approving an unconfirmed envelope needs one.

    Raises:
        WrongEnvelopeError: the receipt is for another manifest than the request names.
        WrongStateError: the envelope is unconfirmed and this custodian has signed no receipt.
    """
    if posted.receipt is None:
        holds = any(person == caller.person for _, person in case.envelope.receipts)
        if posted.approves and not holds:
            raise errors.WrongStateError("sign the receipt for your share first")
        return []
    if not posted.approves:
        raise MalformedError("a denial must not have a receipt")
    if posted.receipt.payload["manifest"] != case.envelope.digest:
        raise errors.WrongEnvelopeError
    _, events = take_receipt(unit, caller, posted.receipt)
    return events


def _event(loaded: Loaded, statement: Statement, decision: Decision) -> Event:
    count = loaded.case.quorum()
    return event(
        Action.REQUEST_APPROVED if decision.approves else Action.REQUEST_DENIED,
        loaded.request,
        actor=decision.custodian,
        statement=statement.raw,
        details={
            "group": decision.group.value,
            "counted": len(count.counted[decision.group]),
            "needed": count.needed[decision.group],
        },
    )


def _ending(loaded: Loaded) -> list[Event]:
    if loaded.request.state is State.DENIED:
        return [event(Action.REQUEST_ENDED_BY_DENIAL, loaded.request)]
    return []
