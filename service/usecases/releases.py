"""Handing over: ciphertext to the requester, once both groups have met their thresholds."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from crypto.encoding import b64encode, format_time
from service.domain import case as rules
from service.domain import errors
from service.domain.case import Case, event
from service.domain.events import Action
from service.domain.people import Member
from service.domain.request import Request, State, Step, wrong_state
from service.domain.successor import sealed_by_requester
from service.storage import envelopes, log, reseals, rosters
from service.storage.at_rest import AtRestKeyError
from service.storage.statements import Received
from service.usecases.context import Caller, Context, Unit
from service.usecases.exposure import expose_now
from service.usecases.loading import Loaded, load, store
from service.usecases.requests import entered
from service.usecases.signing import as_signed, check_signer, dsse, received
from service.usecases.successors import evidence
from service.wire.base import Statement as StatementBody
from service.wire.requests import Entered, Released, Resealed
from service.wire.successor import Successor


def release(ctx: Context, caller: Caller, request: str, body: StatementBody) -> Released:
    """Release; the envelope is exposed in the same transaction, a drill closes in it.

    Nothing here waits for the outside: notices are queued, a missing receipt is a finding.

    Raises:
        see :func:`service.domain.case.release`; WrongRequestError: it names another request.
    """
    statement = received(body.statement, "release")
    with ctx.write() as unit:
        loaded = load(unit, request)
        if statement.payload["request"] != loaded.request.digest:
            raise errors.WrongRequestError
        check_signer(
            statement,
            field="requester",
            caller=caller,
            member=_requester(loaded.case, caller),
        )
        loaded.move(rules.release(loaded.case, now=unit.now))
        own = event(
            Action.REQUEST_RELEASED,
            loaded.request,
            actor=caller.person,
            statement=statement.raw,
        )
        shares = _shares(unit.session, ctx, request)
        _finish(unit, loaded)
        leaves = unit.record(*loaded.timed, own, *loaded.caused)
        leaf = leaves[len(loaded.timed)]
        unit.session.flush()
        given = [*loaded.stored.statements, Received(statement=statement, seq=leaf, at=unit.now)]
        answer = _answer(unit, loaded, given, shares, leaf=leaf)
    return answer.model_copy(update={"receipt": ctx.receipt(leaf), **_successor(ctx, loaded.case)})


def _requester(case: Case, caller: Caller) -> Member | None:
    if caller.person != case.request.requester:
        return None
    return case.roster.members[caller.person]


def _finish(unit: Unit, loaded: Loaded) -> None:
    """A drill closes; anything else exposes the envelope. Saves the request."""
    if loaded.request.drill:
        loaded.move(loaded.request.moved(Step.CLOSE))
        loaded.caused.append(event(Action.REQUEST_DRILL_OVER, loaded.request))
        store(unit, loaded)
        return
    store(unit, loaded)
    loaded.caused += expose_now(unit.session, loaded.case.envelope, why="released")


def fetch(ctx: Context, caller: Caller, request: str) -> Released:
    """Hand the shares out again while the window is open; each fetch is an event.

    Raises:
        NotFoundError: the caller is not the requester.
        WindowOverError, WrongStateError: it is not *released*, or no longer.
    """
    with ctx.write() as unit:
        loaded = load(unit, request)
        if caller.person != loaded.request.requester:
            raise errors.NotFoundError
        if loaded.request.state is not State.RELEASED:
            raise _not_open(loaded.request)
        [leaf] = unit.record(event(Action.REQUEST_FETCHED, loaded.request, actor=caller.person))
        shares = _shares(unit.session, ctx, request)
        first = loaded.stored.of_kind("release")[0].seq
        answer = _answer(unit, loaded, loaded.stored.statements, shares, leaf=leaf)
    return answer.model_copy(update={"receipt": ctx.receipt(first), **_successor(ctx, loaded.case)})


def _successor(ctx: Context, case: Case) -> dict[str, Successor | None]:
    """What shows that a requester could seal the envelope, if one has."""
    digest = case.envelope.digest
    if not sealed_by_requester(case.envelope, case.envelope_roster):
        return {}
    return {"successor": evidence(ctx, [digest]).get(digest)}


def _not_open(request: Request) -> errors.Refusal:
    if request.released_at is not None:
        return errors.WindowOverError()
    return wrong_state(request)


def _shares(session: Session, ctx: Context, request: str) -> list[Resealed]:
    try:
        found = reseals.of_request(session, ctx.at_rest, request)
    except AtRestKeyError:
        raise errors.SharesLostError from None
    return [
        Resealed(
            group=group.value, custodian=person, decision=decision, resealed_share=b64encode(blob)
        )
        for group, person, decision, blob in found
    ]


def _answer(
    unit: Unit, loaded: Loaded, given: Sequence[Received], shares: list[Resealed], *, leaf: int
) -> Released:
    """``given`` are the statements of the request, the release among them."""
    request, sealed = loaded.request, loaded.stored.sealed
    ends = request.window_ends_at or unit.now
    release = _only(given, "release")
    chain = rosters.chain(unit.session, request.account)
    return Released(
        id=request.id,
        state=request.state.value,
        leaf=leaf,
        receipt="",
        # A log that has lost it is a finding, and no obstacle in an emergency.
        entry="".join(map(b64encode, log.read_leaves(unit.session, release.leaf, 1))),
        window_ends_at=format_time(ends),
        chain=[as_signed(raw) for raw in chain.rosters],
        identities=[as_signed(raw) for raw in chain.identities],
        manifest=dsse(sealed.manifest),
        content=b64encode(envelopes.content(unit.session, sealed.envelope.id)),
        request=_only(given, "request"),
        decisions=[entered(r) for r in given if r.statement.kind == "decision"],
        release=release,
        resealed_shares=shares,
    )


def _only(given: Sequence[Received], kind: str) -> Entered:
    return entered(next(r for r in given if r.statement.kind == kind))
