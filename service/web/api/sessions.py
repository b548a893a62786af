"""Signing in, and the sessions that one has."""

from http import HTTPStatus

from flask import Blueprint

from service.usecases import assertions, sessions
from service.web.access import Role, requires
from service.web.act import act
from service.web.cookie import demand_own_page, into_cookie, out_of_cookie
from service.web.current import caller, ctx
from service.wire.note import Note
from service.wire.passkeys import Nothing, PasskeyOptions
from service.wire.people import (
    EmailOnly,
    Freshen,
    PasskeySignIn,
    SessionOpened,
    Sessions,
    SignIn,
    SignInParameters,
)

bp = Blueprint("sessions", __name__)


@bp.get("/note")
@requires(Role.PUBLIC)
@act("note.show")
def note() -> Note:
    """What the operator wants everyone to read who is about to sign in, strangers included."""
    return Note(paragraphs=list(sessions.note(ctx())))


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
    """Sign in; the token stands in this answer, or in a cookie, and nowhere else."""
    if not body.cookie:
        return sessions.sign_in(ctx(), body)
    demand_own_page()
    return into_cookie(sessions.sign_in(ctx(), body))


@bp.post("/sessions/passkey/options")
@requires(Role.PUBLIC)
@act("session.passkey-options")
def passkey_options(body: Nothing) -> PasskeyOptions:  # noqa: ARG001 - it says nothing
    """What a passkey is asked with to sign in; the same for everybody."""
    return assertions.sign_in_options(ctx())


@bp.post("/sessions/passkey")
@requires(Role.PUBLIC)
@act("session.open-with-passkey", status=HTTPStatus.CREATED)
def sign_in_with_passkey(body: PasskeySignIn) -> SessionOpened:
    """Sign in with a passkey, from a page of this service; a cookie has the token."""
    demand_own_page()
    return into_cookie(assertions.sign_in(ctx(), body))


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
    if session == caller().session:
        out_of_cookie()


@bp.post("/sessions/fresh/options")
@requires(Role.PERSON)
@act("session.fresh-options")
def fresh_options(body: Nothing) -> PasskeyOptions:  # noqa: ARG001 - it says nothing
    """What my passkeys are asked with, for an act that wants a fresh session."""
    return assertions.fresh_options(ctx(), caller())


@bp.post("/sessions/fresh")
@requires(Role.PERSON)
@act("session.freshen")
def freshen(body: Freshen) -> None:
    """Prove once more who I am, for an act that wants a fresh session."""
    if body.assertion is not None:
        assertions.freshen(ctx(), caller(), body.assertion)
    else:
        sessions.freshen(ctx(), caller(), body.sign_in_key)
