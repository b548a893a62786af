"""Ending a release: what was done, the duty to change the password, and the look at it."""

from flask import Blueprint

from crypto.statement import PAYLOAD_TYPE
from service.domain import errors
from service.domain.successor import may_seal, sealer_of
from service.domain.tasks import TASKS
from service.domain.words import plain
from service.usecases import accounts, requests
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.web.pages.standing import group_in, names, newest
from service.wire.requests import RequestDetail

bp = Blueprint("pages_endings", __name__)

_AFTER = {"released", "rotation_due", "review_due"}


@bp.get("/requests/<id:request>/close")
@requires(Role.PERSON)
@page("close")
def close(request: str) -> Values:
    """Say what was done; for its requester. Afterwards: the password is to be changed."""
    shown = requests.show(ctx(), caller(), request)
    if shown.requester != caller().person:
        raise errors.WrongPersonError("its requester says what was done")
    if shown.state not in _AFTER:
        raise errors.WrongStateError(f"the request is {plain(shown.state)}")
    roster, me = newest(shown.account), caller().person
    own = (me,) if may_seal(roster, me) else ()
    return {
        "shown": shown,
        "task": TASKS[shown.task].title if shown.task in TASKS else shown.task,
        "closed": _has(shown, "closure"),
        "sealers": names(roster, (*roster.sealers, *own)),
        "sealer": sealer_of(roster, me) is not None,
    }


@bp.get("/requests/<id:request>/review")
@requires(Role.PERSON)
@page("review")
def review(request: str) -> Values:
    """Look at what happened, for my group."""
    shown = requests.show(ctx(), caller(), request)
    if shown.requester == caller().person:
        raise errors.SelfApprovalError("nobody reviews their own request")
    group = group_in(accounts.show(ctx(), caller(), shown.account))
    if shown.state != "review_due":
        raise errors.WrongStateError(
            f"the request is {plain(shown.state)}: nothing is to be reviewed"
        )
    return {"shown": shown, "group": group}


def _has(shown: RequestDetail, kind: str) -> bool:
    wanted = PAYLOAD_TYPE.format(kind=kind)
    return any(entered.statement.payloadType == wanted for entered in shown.others)
