"""Asking for root access, in earnest or as a drill."""

from flask import Blueprint

from service.domain import errors
from service.domain.tasks import TASKS
from service.web.access import Role, requires
from service.web.page import Values, page
from service.web.pages.durations import lifetimes, windows
from service.web.pages.standing import account_for, needed, newest
from service.web.pages.times import span

bp = Blueprint("pages_asking", __name__)

_REFUSAL = "the account's roster does not let you ask"
_TASKS = {code: task for code, task in TASKS.items() if code != "drill"}


@bp.get("/accounts/<account:account>/ask")
@requires(Role.PERSON)
@page("ask")
def ask(account: str) -> Values:
    """Ask both groups for root access; for requesters."""
    return _form(account, drill=False)


@bp.get("/accounts/<account:account>/drill")
@requires(Role.PERSON)
@page("ask")
def drill(account: str) -> Values:
    """Start a drill; for requesters."""
    return _form(account, drill=True)


def _form(account: str, *, drill: bool) -> Values:
    detail = account_for(account, "requester", _REFUSAL)
    if not detail.newest:
        raise errors.NoEnvelopeError
    roster = newest(account)
    lifetime, window = roster.policy.request_lifetime, roster.policy.release_window
    return {
        "detail": detail,
        "drill": drill,
        "tasks": _TASKS,
        "needed": f"It takes {needed(roster)}.",
        "lifetime": lifetime,
        "lifetimes": lifetimes(lifetime),
        "lifetime_words": span(lifetime),
        "window": window,
        "windows": windows(window),
        "window_words": span(window),
    }
