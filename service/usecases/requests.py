"""Asking for root access, and looking at who asks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from crypto.encoding import b64decode, format_time, parse_time
from crypto.errors import MalformedError
from crypto.leaf import parse_leaf
from crypto.statement import Statement
from crypto.suite import check_encryption_key
from service.domain import errors
from service.domain.case import Case, event
from service.domain.events import Action
from service.domain.opening import check_opening
from service.domain.request import COLLECTING, FINAL, Request, State, fits_clock
from service.domain.roster import Roster
from service.domain.successor import sealed_by_requester
from service.domain.tasks import check_task
from service.storage import accounts, envelopes, history, requests, rosters, statements
from service.storage.statements import Received
from service.usecases.context import Caller, Context, Unit
from service.usecases.loading import cases_of
from service.usecases.proven import Proving, view
from service.usecases.signing import check_signer, dsse, received
from service.usecases.successors import evidence
from service.usecases.summaries import summaries, summary
from service.usecases.visibility import check_sees, roster_for, visible
from service.wire.base import Done
from service.wire.base import Statement as StatementBody
from service.wire.log import LogView
from service.wire.requests import (
    Entered,
    RequestDetail,
    RequestList,
    RequestSummary,
    TimedOut,
)

PAGE = 50
MOST = 200


def open_request(ctx: Context, caller: Caller, body: StatementBody) -> Done:
    """Enter a request; it is announced on the account's channel.

    Raises:
        see :func:`service.domain.opening.check_opening`; ReplayedError: the id was used before;
        WrongRecipientError: the recipient key was; ClockDiffersError: signed at another time.
    """
    statement = received(body.statement, "request")
    payload = statement.payload
    recipient_key = b64decode(payload["recipient_key"])
    check_encryption_key(recipient_key)
    if payload["offline"]:
        raise MalformedError("an offline request must be imported with all its decisions")
    check_task(payload["task"], drill=payload["drill"])
    with ctx.write() as unit:
        accounts.lock(unit.session, payload["account"])
        roster = roster_for(unit.session, caller, payload["account"])
        request = Request.from_payload(
            payload, statement.digest, recipient_key=recipient_key, entered_at=unit.now
        )
        check_signer(
            statement, field="requester", caller=caller, member=roster.members.get(caller.person)
        )
        if not fits_clock(parse_time(payload["at"]), unit.now):
            raise errors.ClockDiffersError(_both_clocks(payload["at"], unit.now))
        _check_new(unit, request, roster)
        [leaf] = unit.record(
            event(Action.REQUEST_OPENED, request, actor=caller.person, statement=statement.raw)
        )
        requests.add(unit.session, request, entered_seq=leaf)
    return Done(id=request.id, state=request.state.value, leaf=leaf, receipt=ctx.receipt(leaf))


def _both_clocks(signed_at: str, now: datetime) -> str:
    return (
        f"the request was signed at {signed_at} by its device's clock, and the service's clock "
        f"says {format_time(now)}: more than ten minutes apart"
    )


def _check_new(unit: Unit, request: Request, roster: Roster) -> None:
    sealed = envelopes.current(unit.session, request.account)
    check_opening(
        request,
        roster=roster,
        in_force=sealed.in_force,
        newest=sealed.newest,
        collecting=[
            stored.request
            for stored in requests.of_account(unit.session, request.account, COLLECTING)
        ],
    )
    if requests.taken(unit.session, request):
        raise errors.ReplayedError
    if requests.recipient_taken(unit.session, request.recipient_key):
        raise errors.WrongRecipientError


def listing(
    ctx: Context,
    caller: Caller,
    *,
    account: str = "",
    state: str = "",
    before: str = "",
    limit: int = PAGE,
) -> RequestList:
    """Requests that the caller may see, newest first.

    ``state`` is ``open`` (all but final ones) or a state; ``before`` is a ``next``.
    """
    with ctx.read() as unit:
        seen = _seen(unit.session, caller, account)
        found = requests.page(
            unit.session,
            seen,
            states=_states(state),
            before=int(before) if before else None,
            limit=min(limit, MOST),
        )
        shown = summaries(unit, [stored for _, stored in found])
    more = str(found[-1][0]) if len(found) == min(limit, MOST) else ""
    return RequestList(requests=shown, next=more)


def unfinished(ctx: Context, caller: Caller, account: str) -> list[RequestSummary]:
    """An account's requests that are not finished, as they are now, newest first."""
    with ctx.read() as unit:
        newest = check_sees(unit.session, caller, account).newest
        found = requests.unfinished(unit.session, account)
        shown = summaries(unit, found[::-1], [newest] if newest else [])
    return [one for one in shown if one.state not in FINAL]


def _seen(session: Session, caller: Caller, account: str) -> Sequence[str]:
    if account:
        check_sees(session, caller, account)
        return [account]
    return visible(session, caller)


def _states(state: str) -> list[State]:
    if state == "open":
        return [*COLLECTING, State.RELEASED, State.ROTATION_DUE, State.REVIEW_DUE]
    return [State(state)] if state else []


def show(ctx: Context, caller: Caller, request: str, *, seen: int | None = None) -> RequestDetail:
    """A request with every statement on it.

    ``seen`` is the size of the checkpoint that the caller remembers; None asks for no proofs.

    Raises:
        NotFoundError: there is none, or it is not the caller's to see.
    """
    with ctx.read() as unit:
        detail, proving = look(unit, caller, request, proves=seen is not None)
    proof = view(ctx, proving, seen)
    return with_evidence(ctx, detail, proving, proof).model_copy(update={"log": proof})


def look(
    unit: Unit, caller: Caller, request: str, *, proves: bool
) -> tuple[RequestDetail, Proving]:
    """The same without a proof, and what there is to prove of it if someone ``proves`` it."""
    stored = requests.get(unit.session, request)
    newest = rosters.newest(unit.session, stored.request.account)
    [case] = cases_of(unit.session, [stored], [newest] if newest else [])
    # Those whom the request's own roster names may see it too, after they left.
    if caller.person not in case.roster.members:
        check_sees(unit.session, caller, stored.request.account)
    detail = RequestDetail(
        **summary(unit, case),
        request=entered(stored.of_kind("request")[0]),
        manifest=dsse(stored.sealed.manifest),
        manifest_state=case.envelope.state.value,
        receipts=[
            dsse(receipt)
            for receipt in stored.sealed.receipts
            if receipt.payload["custodian"] == caller.person
        ],
        decisions=[entered(r) for r in stored.of_kind("decision")],
        others=others(stored.statements),
        names=names_of(case, newest),
        timed_out=_timed_out(unit.session, stored.request),
    )
    by_requester = sealed_by_requester(case.envelope, case.envelope_roster)
    return detail, Proving(
        leaves=frozenset(_places(unit.session, stored, newest) if proves else ()),
        naming=_naming(stored, caller.person),
        sealed=[case.envelope.digest] if by_requester else [],
    )


def with_evidence(
    ctx: Context, detail: RequestDetail, proving: Proving, proof: LogView | None
) -> RequestDetail:
    """The same with what proves that a requester was the envelope's sealer, if one was."""
    if not proving.sealed:
        return detail
    found = evidence(ctx, proving.sealed, proof)
    return detail.model_copy(update={"successor": next(iter(found.values()), None)})


def _timed_out(session: Session, request: Request) -> TimedOut | None:
    """Where the log entered that time ended the request, or its window."""
    if request.state in COLLECTING | {State.RELEASED}:
        return None
    wanted = history.Filter(
        request=request.id,
        actions=(Action.REQUEST_EXPIRED.value, Action.REQUEST_WINDOW_ENDED.value),
    )
    for data in history.page(session, wanted, limit=1).leaves:
        leaf = parse_leaf(data)
        return TimedOut(leaf=leaf.seq, at=format_time(leaf.at))
    return None


def _places(session: Session, stored: requests.Stored, newest: Roster | None) -> set[int]:
    """The leaves of a request, its decisions, its envelope, its roster and the newest one."""
    accepted = {stored.request.roster} | ({newest.digest} if newest else set())
    return {
        *statements.places(session, accepted).values(),
        stored.sealed.envelope.seq,
        *(r.seq for kind in ("request", "decision") for r in stored.of_kind(kind)),
    }


def _naming(stored: requests.Stored, person: str) -> list[Statement]:
    """Whose heads are held against the log: the request, what was said of it, the own receipt."""
    own = [one for one in stored.sealed.receipts if one.payload["custodian"] == person]
    newest_first = [item.statement for item in reversed(stored.statements)]
    return [stored.of_kind("request")[0].statement, *own, *newest_first]


def entered(item: Received) -> Entered:
    """A statement with its place and time in the log."""
    return Entered(statement=dsse(item.statement), leaf=item.seq, at=format_time(item.at))


def others(statements: Sequence[Received]) -> list[Entered]:
    """All statements that are neither the request nor a decision on it."""
    return [entered(r) for r in statements if r.statement.kind not in {"request", "decision"}]


def names_of(case: Case, newest: Roster | None) -> dict[str, str]:
    """Names by person, as the rosters that matter have them."""
    rosters_ = [r for r in (newest, case.envelope_roster, case.roster) if r is not None]
    return {p: m.name for roster in rosters_ for p, m in roster.members.items()}
