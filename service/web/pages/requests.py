"""Requests of the accounts that I may see."""

from typing import Annotated
from urllib.parse import urlencode

from flask import Blueprint
from pydantic import Field

from service.usecases import accounts, requests
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.web.pages import words
from service.web.pages.request import heading
from service.wire.base import AnyAccountId, Shape

bp = Blueprint("pages_requests", __name__)

_STATES = "|".join(["open", *words.STATES])
_PAGE = 30


class RequestsQuery(Shape):
    """Which requests; whatever is empty does not narrow the list."""

    account: AnyAccountId = ""
    state: Annotated[str, Field(pattern=f"^({_STATES})?$")] = ""
    before: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,14})?$")] = ""


@bp.get("/requests")
@requires(Role.PERSON)
@page("requests")
def show(query: RequestsQuery) -> Values:
    """Requests, newest first."""
    found = requests.listing(
        ctx(),
        caller(),
        account=query.account,
        state=query.state,
        before=query.before,
        limit=_PAGE,
    )
    mine = accounts.listing(ctx(), caller()).accounts
    given = {name: value for name, value in query.model_dump().items() if value}
    more = {**given, "before": found.next}
    return {
        "requests": [(one, heading(one)) for one in found.requests],
        "accounts": {one.account: one.name for one in mine},
        "states": [(state, words.request_tag(state).words) for state in words.STATES],
        "query": query,
        "narrowed": query.account or query.state,
        "more": f"/requests?{urlencode(more)}" if found.next else "",
        "asks": [one.account for one in mine if "requester" in one.roles],
    }
