"""How a request ends: cancelled by its requester, or closed, rotated and reviewed."""

from collections.abc import Callable

from crypto.statement import Statement
from service.domain import case as rules
from service.domain import errors
from service.domain.case import Case, event
from service.domain.events import Action, Detail
from service.domain.people import GroupName, Member
from service.domain.request import Request, Step
from service.usecases.context import Caller, Context, Unit
from service.usecases.loading import Loaded, load, store
from service.usecases.signing import check_signer, received
from service.usecases.visibility import newest_roster
from service.wire.base import Done
from service.wire.base import Statement as StatementBody


def cancel(ctx: Context, caller: Caller, request: str, body: StatementBody) -> Done:
    """The requester takes the request back, before its release.

    Raises:
        WrongStateError, ExpiredError: it does not collect any more.
    """
    statement = received(body.statement, "cancellation")

    def act(loaded: Loaded) -> Request:
        _check_requester(loaded.case, caller, statement)
        return loaded.request.moved(Step.CANCEL)

    return _act(ctx, caller, request, statement, Action.REQUEST_CANCELLED, act)


def close(ctx: Context, caller: Caller, request: str, body: StatementBody) -> Done:
    """The requester says what was done; the password is due to be changed from now on.

    Raises:
        see :func:`service.domain.case.close`.
    """
    statement = received(body.statement, "closure")

    def act(loaded: Loaded) -> Request:
        _check_requester(loaded.case, caller, statement)
        return rules.close(loaded.request)

    return _act(ctx, caller, request, statement, Action.REQUEST_CLOSED, act)


def review(ctx: Context, caller: Caller, request: str, body: StatementBody) -> Done:
    """A custodian of one group looks at what happened; the second group's review closes.

    Raises:
        see :func:`service.domain.case.review`.
    """
    statement = received(body.statement, "review")
    payload = statement.payload

    with ctx.write() as unit:
        loaded = load(unit, request)
        roster = newest_roster(unit.session, loaded.request.account)
        if payload["request"] != loaded.request.digest:
            raise errors.WrongRequestError
        if caller.person == loaded.request.requester:
            raise errors.SelfApprovalError
        check_signer(
            statement,
            field="reviewer",
            caller=caller,
            member=roster.members.get(caller.person),
        )
        after = rules.review(
            loaded.request,
            roster=roster,
            group=GroupName(payload["group"]),
            reviewer=caller.person,
            rotated=payload["rotated"],
        )
        details: dict[str, Detail] = {"group": payload["group"], "rotated": payload["rotated"]}
        leaf = _written(unit, loaded, after, caller, statement, Action.REQUEST_REVIEWED, details)
    return Done(id=request, state=after.state.value, leaf=leaf, receipt=ctx.receipt(leaf))


def _check_requester(case: Case, caller: Caller, statement: Statement) -> None:
    if statement.payload["request"] != case.request.digest:
        raise errors.WrongRequestError
    member: Member | None = None
    if caller.person == case.request.requester:
        member = case.roster.members[caller.person]
    check_signer(statement, field="requester", caller=caller, member=member)


def _act(
    ctx: Context,
    caller: Caller,
    request: str,
    statement: Statement,
    action: Action,
    act: Callable[[Loaded], Request],
) -> Done:
    with ctx.write() as unit:
        loaded = load(unit, request)
        after = act(loaded)
        details: dict[str, Detail] = {"offline": True} if after.offline else {}
        leaf = _written(unit, loaded, after, caller, statement, action, details)
    return Done(id=request, state=after.state.value, leaf=leaf, receipt=ctx.receipt(leaf))


def _written(
    unit: Unit,
    loaded: Loaded,
    after: Request,
    caller: Caller,
    statement: Statement,
    action: Action,
    details: dict[str, Detail],
) -> int:
    loaded.move(after)
    store(unit, loaded)
    unit.session.flush()
    own = event(
        action, loaded.request, actor=caller.person, statement=statement.raw, details=details
    )
    leaves = unit.record(*loaded.timed, own, *loaded.caused)
    return leaves[len(loaded.timed)]
