"""Headers of every answer, refusals and faults included."""

from collections.abc import Mapping

from flask import Flask, Response

from service.web.page import DrawnResponse
from service.web.shell import ShellResponse
from service.web.static_files import FileResponse
from service.wire import headers

_KINDS: Mapping[type[Response], Mapping[str, str]] = {
    DrawnResponse: headers.DRAWN,
    FileResponse: headers.FILE,
    ShellResponse: headers.SHELL,
}


def register(app: Flask, *, secure: bool) -> None:
    """Set them all. ``secure``: the service's URL is https, so browsers may insist on it."""

    @app.after_request
    def _set(response: Response) -> Response:
        response.headers.update(_KINDS.get(type(response), headers.CLOSED))
        if secure:
            response.headers["Strict-Transport-Security"] = headers.STRICT_TRANSPORT
        return response
