"""Headers of every answer, refusals and faults included."""

from collections.abc import Mapping

from flask import Flask, Response

ALWAYS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Two years. Subdomains are somebody else's to decide about.
STRICT_TRANSPORT = "max-age=63072000"


def register(app: Flask, *, secure: bool) -> None:
    """Set them all. ``secure``: the service's URL is https, so browsers may insist on it."""

    @app.after_request
    def _set(response: Response) -> Response:
        response.headers.update(ALWAYS)
        if secure:
            response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        return response
