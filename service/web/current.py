"""What belongs to the call that is being answered."""

from typing import cast

from flask import current_app
from flask_login import current_user

from service.domain.errors import NotSignedInError
from service.usecases.context import Caller, Context

EXTENSION = "breakglass"


def ctx() -> Context:
    """The live objects that the application was made with."""
    return cast("Context", current_app.extensions[EXTENSION])


def caller() -> Caller:
    """Who is signed in.

    Raises:
        NotSignedInError: nobody; a view that declares a role never gets here.
    """
    if not current_user.is_authenticated:
        raise NotSignedInError
    return cast("Caller", current_user.caller)
