"""Who may call a view: declared on the view, denied by default, checked in one place.

A caller is a bearer token, or the cookie of a page of this very service; in a call with an
``Authorization`` header no cookie counts. A cookie counts where the browser says that our
own page sent the call, or that someone came to read a page. What a person may do with one account
is for the use cases to decide; a role here only opens the door to them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from flask import Flask, Request, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from service.domain.errors import NotAllowedError, NotSignedInError, StaleSessionError
from service.domain.sessions import SessionKind
from service.usecases import sessions
from service.usecases.context import Caller
from service.web.cookie import name_of
from service.web.current import SignedIn, caller, ctx
from service.web.hosts import Site
from service.web.refusals import ForbiddenOriginError

_View = TypeVar("_View", bound=Callable[..., Any])
_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{43})")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_READING = frozenset({"GET", "HEAD"})


class Role(StrEnum):
    """What a view can ask for. Everyone a roster names is a ``PERSON`` here."""

    PUBLIC = "public"
    PERSON = "person"
    OPERATOR = "operator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One of ``roles`` is needed, and with ``fresh`` a session proven within five minutes."""

    roles: frozenset[Role]
    fresh: bool = False

    @property
    def public(self) -> bool:
        """Whether it is open without a session."""
        return Role.PUBLIC in self.roles

    def check(self, who: Caller) -> None:
        """Let ``who`` pass.

        Raises:
            NotAllowedError: they have none of the roles.
            StaleSessionError: the session is not fresh.
        """
        held = {Role.PERSON}
        held |= {Role.OPERATOR} if who.operator else set()
        held |= {Role.AUDITOR} if who.auditor else set()
        if not self.roles & held:
            raise NotAllowedError
        if self.fresh and not who.fresh:
            raise StaleSessionError


def requires(*roles: Role, fresh: bool = False) -> Callable[[_View], _View]:
    """Declare who may call a view; any one of ``roles`` is enough."""
    if not roles or (Role.PUBLIC in roles and (len(roles) > 1 or fresh)):
        raise RuntimeError("name roles, or PUBLIC alone")

    def declare(view: _View) -> _View:
        view.__dict__["access"] = Access(roles=frozenset(roles), fresh=fresh)
        return view

    return declare


def access_of(view: Callable[..., Any]) -> Access | None:
    """What the view declared."""
    access = view.__dict__.get("access")
    return access if isinstance(access, Access) else None


def _token(call: Request, site: Site) -> tuple[SessionKind, str]:
    """The kind of session and its token.

    Raises:
        NotSignedInError: neither, or not of a token's form.
        ForbiddenOriginError: as ``_check_source``.
    """
    if "Authorization" in call.headers:
        bearer = _BEARER.fullmatch(call.headers["Authorization"])
        if bearer is None:
            raise NotSignedInError
        return SessionKind.BEARER, bearer[1]
    cookies = call.cookies.getlist(name_of(site))
    if len(cookies) != 1 or not _TOKEN.fullmatch(cookies[0]):
        raise NotSignedInError
    _check_source(call, site)
    return SessionKind.COOKIE, cookies[0]


def _check_source(call: Request, site: Site) -> None:
    """Whether a call with our cookie was sent by our page (W3C, Fetch Metadata, 2.3).

    Browsers leave ``Origin`` out where a page only reads from its own site; then they say so in
    ``Sec-Fetch-Site``, which no page can set.

    Raises:
        ForbiddenOriginError: nothing says that our page sent it.
        NotSignedInError: someone came from elsewhere to read a page; they sign in first, where
            our own page asks again.
    """
    origin, source = call.headers.get("Origin"), call.headers.get("Sec-Fetch-Site")
    if origin == site.origin:
        return
    if origin is not None or call.method not in _READING:
        raise ForbiddenOriginError
    if source == "same-origin":
        return
    if "page" not in _view(call).__dict__:  # as service.web.page declares it
        raise ForbiddenOriginError
    if source not in {None, "none"}:
        raise NotSignedInError


def _view(call: Request) -> Callable[..., Any]:
    """The view that will answer the call; it is asked only once there is one."""
    return current_app.view_functions[call.endpoint or ""]


def register(app: Flask, site: Site) -> None:
    """Check every call against its view's declaration, before the view or its parser runs."""
    # flask-login looks for a cookie before it asks our loader. No cookie can have this name, and
    # without a SECRET_KEY there is no Flask session either: our loader alone decides.
    app.config["REMEMBER_COOKIE_NAME"] = "="
    login = LoginManager(app, add_context_processor=False)
    login.session_protection = None

    @login.request_loader
    def _load(call: Request) -> SignedIn | None:
        try:
            kind, token = _token(call, site)
            who = sessions.authenticate(ctx(), token, kind=kind)
        except (NotSignedInError, ForbiddenOriginError) as why:
            g.refusal = why  # a public view is shown all the same
            return None
        g.person = who.person
        return SignedIn(who)

    @login.unauthorized_handler
    def _refuse() -> NoReturn:
        raise g.refusal

    @app.before_request
    def _check() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such route or method; dispatching raises it
        access = access_of(app.view_functions[request.endpoint])
        if access is None:
            raise NotAllowedError
        if access.public:
            return None
        if not current_user.is_authenticated:
            return login.unauthorized()
        access.check(caller())
        return None


def check_every_view_declares_a_role(app: Flask) -> None:
    """Called last by the application factory.

    Raises:
        RuntimeError: some views have no ``@requires``; the text names them.
    """
    missing = sorted(
        endpoint for endpoint, view in app.view_functions.items() if access_of(view) is None
    )
    if missing:
        raise RuntimeError(f"views without @requires: {', '.join(missing)}")
