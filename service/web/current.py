"""What belongs to the call that is being answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app, g
from flask_login import UserMixin, current_user

from service.domain.errors import NotSignedInError
from service.usecases.context import Caller, Context

EXTENSION = "breakglass"


class SignedIn(UserMixin):
    """The caller, as flask-login carries them."""

    def __init__(self, who: Caller) -> None:
        self.caller = who


def ctx() -> Context:
    """The live objects that the application was made with, or the call's own of one moment."""
    return cast("Context", g.get("moment") or current_app.extensions[EXTENSION])


@contextmanager
def one_moment() -> Iterator[None]:
    """Let every use case that is called meanwhile read one and the same snapshot.

    Its time is that of the look at the caller's session, an instant ago.

    Raises:
        NotSignedInError: as :func:`caller`.
    """
    with ctx().at_one_moment(caller().at or ctx().clock()) as g.moment:
        try:
            yield
        finally:
            del g.moment


def caller() -> Caller:
    """Who is signed in.

    Raises:
        NotSignedInError: no one; a view that declares a role never gets here.
    """
    if not isinstance(current_user, SignedIn):
        raise NotSignedInError
    return current_user.caller
