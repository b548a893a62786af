"""What a page shows: one template, and what its view found for it.

A page changes nothing: it is read, and whatever a user does there goes through the API, signed
on their device. Templates escape everything, and a name that a view forgot is a fault and no gap.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, wraps
from http import HTTPStatus
from typing import Any, get_type_hints

from flask import Flask, Response, current_app, request
from flask_login import current_user
from jinja2 import Environment, PackageLoader, StrictUndefined

from service.domain.beside import sentence
from service.usecases.channels import outside
from service.usecases.lines import beside_of, shown
from service.web.body import refuse_body
from service.web.current import caller, ctx, one_moment
from service.web.query import parse_query, refuse_query
from service.web.static_files import StaticFiles
from service.wire.base import Shape

EXTENSION = "breakglass-pages"
MEDIA_TYPE = "text/html; charset=utf-8"
Values = Mapping[str, object]
_FRAME: Values = {"me": None, "outside": True, "beside": ()}  # for strangers, and what failed


class DrawnResponse(Response):
    """A drawn page, as a kind of answer of its own: other headers go with it."""


def register(app: Flask, files: StaticFiles, filters: Mapping[str, Callable[..., Any]]) -> None:
    """Make the templates ready, with words for what they show and names of what they load."""
    env = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.globals |= {"static": files.folder, "imported": cache(files.imported)}
    env.filters |= filters
    app.extensions[EXTENSION] = env


def page(template: str) -> Callable[[Callable[..., Values]], Callable[..., Response]]:
    """Declare the template of a view that answers with the names used in it.

    A ``query`` in the view's annotations is parsed into its shape; a page without one takes none.
    """

    def declare(view: Callable[..., Values]) -> Callable[..., Response]:
        query: type[Shape] | None = get_type_hints(view).get("query")

        @wraps(view)
        def show(**path: Any) -> Response:  # noqa: ANN401 - whatever the route's converters give
            refuse_body()
            if query is None:
                refuse_query()
            else:
                path["query"] = parse_query(query)
            return _respond(template, _found(view, path), HTTPStatus.OK)

        show.__dict__["page"] = template
        return show

    return declare


def is_page(view: Callable[..., Any]) -> bool:
    """Whether a view answers people, in HTML: a drawn page, or the shell."""
    return "page" in view.__dict__


def wants_page() -> bool:
    """Whether the caller asked for a page that the server draws."""
    view = current_app.view_functions[request.endpoint] if request.endpoint else None
    return view is not None and bool(view.__dict__.get("page"))


def now() -> datetime:
    """The time that a page's words are about."""
    return ctx().clock()


def _found(view: Callable[..., Values], given: Values) -> Values:
    """What a view found, in the page's frame: who is signed in, and whether notices go out.

    All that a signed-in user gets to see is of one moment; strangers see nothing stored.
    """
    if not current_user.is_authenticated:
        return {**_FRAME, "now": now(), **view(**given)}
    with one_moment():
        found = {"me": caller(), "outside": outside(ctx()), "now": now(), **view(**given)}
        return found | {"beside": _beside(found)}


def _beside(found: Values) -> list[str]:
    """The other lines of the account that a page is about, in sentences; none of most accounts."""
    account = getattr(found.get("detail"), "account", "")
    if not account:
        return []
    with ctx().read() as unit:
        return [sentence(line) for line in beside_of(shown(unit.session, account))]


def render_refusal(status: HTTPStatus, code: str, detail: str) -> Response:
    """A refusal as a page. It asks the database nothing: that may be what is wrong."""
    values = {**_FRAME, "code": code, "status": status, "detail": detail}
    return _respond("refusal", values, status)


def _respond(template: str, values: Values, status: HTTPStatus) -> Response:
    env: Environment = current_app.extensions[EXTENSION]
    text = env.get_template(f"{template}.html").render(values)
    return DrawnResponse(text, status=status.value, content_type=MEDIA_TYPE)
