"""The cookie in which a page's session travels, and which no script can read.

SameSite=Strict: a browser sends it with no call that another site causes, not even when someone
follows a link. It has no end of its own; the session has one.
"""

from flask import Flask, Response, current_app, g, request

from service.web.hosts import Site
from service.web.refusals import ForbiddenOriginError
from service.wire.people import SessionOpened

_SITE = "breakglass-site"


def name_of(site: Site) -> str:
    """``__Host-`` binds the cookie to this host over TLS; plain loopback cannot have it."""
    return "__Host-breakglass" if site.secure else "breakglass"


def demand_own_page() -> None:
    """For calls that are answered with a cookie: no other site's page can sign anyone in.

    Raises:
        ForbiddenOriginError: the call does not say that a page of ours sent it.
    """
    if request.headers.get("Origin") != _site().origin:
        raise ForbiddenOriginError


def into_cookie(opened: SessionOpened) -> SessionOpened:
    """Let the answer set the cookie, and have no token."""
    g.cookie = opened.token
    return opened.model_copy(update={"token": ""})


def out_of_cookie() -> None:
    """Let the answer clear the cookie."""
    g.cookie = ""


def _site() -> Site:
    site: Site = current_app.extensions[_SITE]
    return site


def register(app: Flask, site: Site) -> None:
    """Set or clear the cookie where a view has said so, and the answer is no refusal."""
    app.extensions[_SITE] = site

    @app.after_request
    def _set(response: Response) -> Response:
        token: str | None = g.get("cookie")
        if token is not None and response.status_code < 300:  # noqa: PLR2004 - RFC 9110, 15.3
            response.set_cookie(
                name_of(site),
                token,
                max_age=None if token else 0,
                path="/",
                secure=site.secure,
                httponly=True,
                samesite="Strict",
            )
        return response
