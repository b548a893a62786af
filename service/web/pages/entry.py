"""Signing in: the one page that everyone may read."""

from typing import Annotated

from flask import Blueprint
from pydantic import Field

from service.usecases import sessions
from service.web.access import Role, requires
from service.web.current import ctx
from service.web.page import Values, page
from service.wire.base import Shape

bp = Blueprint("pages_entry", __name__)


class Onward(Shape):
    """Where to go after signing in: a path of this service and nothing else.

    Two slashes, or a slash and a backslash, are how a browser is sent elsewhere.
    """

    next: Annotated[str, Field(pattern=r"^/(?:[!-.0-\[\]-~][!-\[\]-~]*)?$", max_length=500)] = "/"


@bp.get("/sign-in")
@requires(Role.PUBLIC)
@page("sign_in")
def sign_in(query: Onward) -> Values:
    """Sign in, and go on to ``next``; with what the operator wants everyone to read first."""
    return {"onward": query.next, "note": sessions.note(ctx())}
