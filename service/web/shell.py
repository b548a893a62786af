"""The routes whose pages the browser draws: each of them answers with the same bytes.

Nothing of the call is read, neither cookie nor query: what somebody sees there comes from the API.
"""

from functools import cache
from http import HTTPStatus

from flask import Flask, Response, request

from crypto.encoding import hex_digest
from service.web.access import Role, requires
from service.web.compressed import Body
from service.wire import shell

MEDIA_TYPE = "text/html; charset=utf-8"
_OTHERS = frozenset({"api", "healthz", "openapi.json", "static"})


class ShellResponse(Response):
    """The shell, as a kind of its own: other headers go with it."""


@cache
def _body() -> Body:
    return Body.of(shell.page())


def respond(status: HTTPStatus = HTTPStatus.OK) -> Response:
    """The shell. Under an unknown address too, with 404 and the same bytes."""
    answer = _body().answer(ShellResponse, status, MEDIA_TYPE)
    if request.if_none_match.contains_weak(hex_digest(_body().plain)):
        answer = ShellResponse(status=HTTPStatus.NOT_MODIFIED.value)
        del answer.headers["Content-Type"]
        answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["ETag"] = shell.tag()
    return answer


def is_page_address() -> bool:
    """Whether the call's address is that of no route, and none of the API's addresses either."""
    first = request.path.lstrip("/").partition("/")[0]
    return request.endpoint is None and first not in _OTHERS


def register(app: Flask) -> None:
    """Serve it under every route of the table."""

    @requires(Role.PUBLIC)
    def serve(**_path: str) -> Response:
        return respond()

    serve.__dict__["page"] = ""  # drawn by the browser, so of no template
    for rule in shell.SHELL:
        app.add_url_rule(rule, f"shell{rule}", serve, methods=["GET"])
