"""The application factory."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from service.config import Settings
from service.usecases.context import Context
from service.web import (
    access,
    calls,
    converters,
    cookie,
    headers,
    hosts,
    page,
    problems,
    reading,
    shell,
    static_files,
)
from service.web.api import (
    accounts,
    channels,
    description,
    envelopes,
    history,
    people,
    requests,
    rosters,
    sessions,
)
from service.web.body import READ_AT_MOST
from service.web.current import EXTENSION
from service.web.pages import accounts as accounts_pages
from service.web.pages import (
    asking,
    custody,
    endings,
    home,
    log,
    me,
    operating,
    sealing,
    times,
    words,
    year,
)
from service.web.pages import history as history_page
from service.web.pages import request as request_page
from service.web.pages import requests as requests_page
from service.web.pages import rosters as rosters_pages

_NOUNS = (accounts, channels, envelopes, history, people, requests, rosters, sessions)
_PAGES = (
    accounts_pages,
    asking,
    custody,
    endings,
    history_page,
    home,
    log,
    me,
    operating,
    request_page,
    requests_page,
    rosters_pages,
    sealing,
    year,
)
PREFIX = "/api/v1"


_F = TypeVar("_F", bound=Callable[..., Any])


class Application(Flask):
    """Flask without coroutines: it would ask of every function at every call whether it is one."""

    def ensure_sync(self, func: _F) -> _F:
        """Return the function as it is."""
        return func


def create_app(ctx: Context, settings: Settings) -> Flask:
    """Make the application around live objects.

    Checks run in the order of registration: name and origin of the call, then who may call the
    view. Nothing of a body is read before that.

    Raises:
        RuntimeError: a view does not declare who may call it.
    """
    app = Application("breakglass", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = READ_AT_MOST
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.extensions[EXTENSION] = ctx
    site = hosts.Site.of(settings)
    converters.register(app)
    calls.register(app)
    headers.register(app, secure=site.secure)
    hosts.register(app, site)
    cookie.register(app, site)
    access.register(app, site)
    reading.register(app)
    problems.register(app)
    for noun in _NOUNS:
        app.register_blueprint(noun.bp, url_prefix=PREFIX)
    app.register_blueprint(description.bp)
    files = static_files.load()
    static_files.register(app, files)
    shell.register(app)
    page.register(app, files, {**times.FILTERS, **words.FILTERS})
    for shown in _PAGES:
        app.register_blueprint(shown.bp)
    access.check_every_view_declares_a_role(app)
    return app
