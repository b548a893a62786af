"""Sealed passwords and the shares of them."""

from http import HTTPStatus

from flask import Blueprint

from service.usecases import envelopes, papers
from service.web.access import Role, requires
from service.web.act import act
from service.web.current import caller, ctx
from service.wire.accounts import MyShare, NewEnvelope
from service.wire.base import Done, Statement

bp = Blueprint("envelopes", __name__)


@bp.post("/envelopes")
@requires(Role.PERSON)
@act("envelope.seal", status=HTTPStatus.CREATED)
def seal(body: NewEnvelope) -> Done:
    """Hand in a password that was sealed on the sealer's device."""
    return envelopes.seal(ctx(), caller(), body)


@bp.get("/envelopes/<id:envelope>/share")
@requires(Role.PERSON)
@act("envelope.share")
def my_share(envelope: str) -> MyShare:
    """My own sealed share of an envelope."""
    return envelopes.my_share(ctx(), caller(), envelope)


@bp.post("/custody-receipts")
@requires(Role.PERSON)
@act("envelope.confirm", status=HTTPStatus.CREATED)
def confirm(body: Statement) -> Done:
    """Confirm that my share opens."""
    return envelopes.confirm(ctx(), caller(), body)


@bp.post("/papers")
@requires(Role.PERSON)
@act("envelope.paper", status=HTTPStatus.CREATED)
def paper(body: Statement) -> Done:
    """Say that I printed my share."""
    return envelopes.paper(ctx(), caller(), body)


@bp.post("/papers/reports")
@requires(Role.PUBLIC)
@act("envelope.report-papers", status=HTTPStatus.CREATED)
def report_papers(body: Statement) -> Done:
    """Report that an envelope was opened with papers; the key that only openers have signs it."""
    return papers.take_report(ctx(), body)
