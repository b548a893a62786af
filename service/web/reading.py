"""Every answer that shows an auditor what is recorded is written down before it leaves.

One look at the route for all of them: a view that was forgotten would be a way to read unseen.
"""

from http import HTTPStatus

from flask import Flask, Response, request
from flask_login import current_user

from service.usecases import reading
from service.web.current import caller, ctx
from service.web.shell import ShellResponse

_API = "/api/v1"
# What is recorded of others, on pages and in the API alike; one's own things are not among it.
_RECORDS = ("/accounts", "/channels", "/envelopes", "/events", "/history", "/leaves", "/requests")
_SHOWN = frozenset({HTTPStatus.OK, HTTPStatus.NOT_MODIFIED})


def register(app: Flask) -> None:
    """Look at every answer."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    if holds_records(response) and current_user.is_authenticated and caller().auditor:
        reading.note(ctx(), caller())
    return response


def holds_records(response: Response) -> bool:
    """Whether this answer shows what is recorded of others."""
    if request.method not in {"GET", "HEAD"} or response.status_code not in _SHOWN:
        return False
    if isinstance(response, ShellResponse):
        return False  # the same for everyone, so it shows nobody anything
    return shows_records(request.url_rule.rule if request.url_rule else "")


def shows_records(rule: str) -> bool:
    """Whether a route shows what is recorded of others, to those who may see it."""
    path = rule.removeprefix(_API)
    return path.startswith(_RECORDS) or path == "/people"
