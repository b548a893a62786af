"""Requests, from the question to the review."""

from http import HTTPStatus
from typing import Annotated

from flask import Blueprint
from pydantic import Field

from service.domain.request import State
from service.usecases import decisions, endings, offline, releases, requests, whole
from service.web.access import Role, requires
from service.web.act import act
from service.web.current import caller, ctx
from service.web.seen import Proving
from service.wire.base import AnyAccountId, Done, Shape, Statement
from service.wire.requests import Decide, OfflineImport, Released, RequestDetail, RequestList
from service.wire.whole import Case

bp = Blueprint("requests", __name__)

_MOST = 200  # in one answer
_STATES = "|".join(["open", *State])


class RequestsWanted(Shape):
    """Which requests, and where to go on; whatever is empty does not narrow the list."""

    account: AnyAccountId = ""
    state: Annotated[str, Field(pattern=f"^({_STATES})?$")] = ""
    before: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,14})?$")] = ""
    limit: Annotated[int, Field(ge=1, le=_MOST)] = 50


@bp.get("/requests")
@requires(Role.PERSON)
@act("request.list")
def listing(query: RequestsWanted) -> RequestList:
    """Requests of the accounts that I may see, newest first."""
    return requests.listing(
        ctx(),
        caller(),
        account=query.account,
        state=query.state,
        before=query.before,
        limit=query.limit,
    )


@bp.post("/requests")
@requires(Role.PERSON)
@act("request.open", status=HTTPStatus.CREATED)
def open_request(body: Statement) -> Done:
    """Ask to be root."""
    return requests.open_request(ctx(), caller(), body)


@bp.post("/requests/offline")
@requires(Role.PERSON)
@act("request.import", status=HTTPStatus.CREATED)
def bring_in(body: OfflineImport) -> Done:
    """Bring in what was signed and passed on by hand while the service was gone."""
    return offline.bring_in(ctx(), caller(), body)


@bp.get("/requests/<id:request>")
@requires(Role.PERSON)
@act("request.show")
def show(request: str, query: Proving) -> RequestDetail:
    """One request with every statement on it."""
    return requests.show(ctx(), caller(), request, seen=query.seen)


@bp.get("/requests/<id:request>/case")
@requires(Role.PERSON)
@act("request.case")
def case(request: str, query: Proving) -> Case:
    """The same, with the account's rosters and who I am, at one moment."""
    return whole.case(ctx(), caller(), request, seen=query.seen)


@bp.post("/requests/<id:request>/decisions")
@requires(Role.PERSON)
@act("request.decide", status=HTTPStatus.CREATED)
def decide(request: str, body: Decide) -> Done:
    """Approve or deny, as the signed statement says."""
    return decisions.decide(ctx(), caller(), request, body)


@bp.post("/requests/<id:request>/cancellation")
@requires(Role.PERSON)
@act("request.cancel", status=HTTPStatus.CREATED)
def cancel(request: str, body: Statement) -> Done:
    """Withdraw my request."""
    return endings.cancel(ctx(), caller(), request, body)


@bp.post("/requests/<id:request>/release")
@requires(Role.PERSON, fresh=True)
@act("request.release", status=HTTPStatus.CREATED)
def release(request: str, body: Statement) -> Released:
    """Take what the quorum hands over."""
    return releases.release(ctx(), caller(), request, body)


@bp.get("/requests/<id:request>/release")
@requires(Role.PERSON, fresh=True)
@act("request.fetch")
def fetch(request: str) -> Released:
    """Take it again while the window lasts; written down each time."""
    return releases.fetch(ctx(), caller(), request)


@bp.post("/requests/<id:request>/closure")
@requires(Role.PERSON)
@act("request.close", status=HTTPStatus.CREATED)
def close(request: str, body: Statement) -> Done:
    """Say that the work is done."""
    return endings.close(ctx(), caller(), request, body)


@bp.post("/requests/<id:request>/reviews")
@requires(Role.PERSON)
@act("request.review", status=HTTPStatus.CREATED)
def review(request: str, body: Statement) -> Done:
    """Say what I saw when I looked at what was done."""
    return endings.review(ctx(), caller(), request, body)
