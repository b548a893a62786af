"""Signing in, and the sessions that one has."""

from http import HTTPStatus

from flask import Blueprint

from service.usecases import sessions
from service.web.access import Role, requires
from service.web.act import act
from service.web.current import caller, ctx
from service.wire.people import (
    EmailOnly,
    Freshen,
    SessionOpened,
    Sessions,
    SignIn,
    SignInParameters,
)

bp = Blueprint("sessions", __name__)


@bp.post("/sessions/parameters")
@requires(Role.PUBLIC)
@act("session.parameters")
def parameters(body: EmailOnly) -> SignInParameters:
    """What to stretch a recovery phrase with; the same kind of answer for a stranger."""
    return sessions.parameters(ctx(), body)


@bp.post("/sessions")
@requires(Role.PUBLIC)
@act("session.open", status=HTTPStatus.CREATED)
def sign_in(body: SignIn) -> SessionOpened:
    """Sign in; the token stands in this answer and nowhere else."""
    return sessions.sign_in(ctx(), body)


@bp.get("/sessions")
@requires(Role.PERSON)
@act("session.list")
def mine() -> Sessions:
    """My sessions."""
    return sessions.mine(ctx(), caller())


@bp.delete("/sessions/<id:session>")
@requires(Role.PERSON)
@act("session.revoke")
def revoke(session: str) -> None:
    """End one of my sessions."""
    sessions.revoke(ctx(), caller(), session)


@bp.post("/sessions/fresh")
@requires(Role.PERSON)
@act("session.freshen")
def freshen(body: Freshen) -> None:
    """Prove once more who I am, for an act that wants a fresh session."""
    sessions.freshen(ctx(), caller(), body)
