"""Who counts: drafts by operators, signatures by custodians."""

from http import HTTPStatus

from flask import Blueprint

from service.usecases import rosters
from service.web.access import Role, requires
from service.web.act import act
from service.web.current import caller, ctx
from service.web.seen import Proving
from service.wire.accounts import RosterDraft, Rosters
from service.wire.base import Done, Statement

bp = Blueprint("rosters", __name__)


@bp.get("/accounts/<account:account>/rosters")
@requires(Role.PERSON)
@act("roster.show")
def show(account: str, query: Proving) -> Rosters:
    """The chain of rosters, and the draft that waits for signatures."""
    return rosters.show(ctx(), caller(), account, seen=query.seen)


@bp.post("/accounts/<account:account>/rosters")
@requires(Role.OPERATOR)
@act("roster.draft", status=HTTPStatus.CREATED)
def draft(account: str, body: RosterDraft) -> Done:
    """Draft a roster; it changes nothing until it is signed."""
    return rosters.draft(ctx(), caller(), account, body)


@bp.post("/accounts/<account:account>/rosters/<digest:digest>/signatures")
@requires(Role.PERSON)
@act("roster.sign", status=HTTPStatus.CREATED)
def sign(account: str, digest: str, body: Statement) -> Done:
    """Sign the draft; with the last signature that it needs it is in force."""
    return rosters.sign(ctx(), caller(), account, digest, body)
