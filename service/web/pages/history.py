"""History: what happened, in words, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Annotated, Literal
from urllib.parse import urlencode

from flask import Blueprint
from pydantic import Field

from crypto.encoding import format_time, parse_time
from crypto.errors import MalformedError
from service.domain.events import ACTIONS, Action, Severity
from service.domain.outcomes import Outcome
from service.usecases import accounts, history
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.web.pages import times
from service.web.refusals import MalformedCallError
from service.wire.base import UUID, AnyAccountId, Shape
from service.wire.log import Leaf

bp = Blueprint("pages_history", __name__)

_DAY = Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")
# The actions that wake people.
LOUD = frozenset(a.value for a in Action if ACTIONS[a].severity is Severity.URGENT)
_CHOICES: Sequence[tuple[str, str]] = [
    (action.value, action.value.replace(":", ": ").replace("-", " ")) for action in Action
]
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.RELEASED: "released",
    Outcome.DENIED: "denied",
    Outcome.EXPIRED: "expired",
    Outcome.CANCELLED: "withdrawn",
    Outcome.CLOSED: "done, changed, reviewed",
    Outcome.DRILL: "a drill",
}


class HistoryQuery(Shape):
    """Which events; whatever is empty does not narrow the list. Days are UTC, both included."""

    account: AnyAccountId = ""
    actor: Annotated[str, Field(pattern=r"^[A-Za-z0-9:._-]{0,64}$")] = ""
    action: Annotated[str, Field(pattern=r"^[a-z:-]{0,40}$")] = ""
    request: Annotated[str, Field(pattern=rf"^$|{UUID}")] = ""
    outcome: Literal["", "released", "denied", "expired", "cancelled", "closed", "drill"] = ""
    since: Annotated[str, _DAY] = ""
    until: Annotated[str, _DAY] = ""
    before: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,14})?$")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The events of one day."""

    day: str
    events: Sequence[Leaf]


@bp.get("/history")
@requires(Role.PERSON)
@page("history")
def show(query: HistoryQuery) -> Values:
    """Events of the accounts that I may see; auditors and operators see all."""
    found = history.events(
        ctx(),
        caller(),
        account=query.account,
        actor=query.actor,
        action=query.action,
        outcome=query.outcome,
        request=query.request,
        since=_from(query.since),
        until=_to(query.until),
        before=int(query.before) if query.before else None,
    )
    return {
        "days": days(found.events),
        "accounts": accounts.names(ctx(), caller()),
        "people": history.choices(ctx(), caller()),
        "actions": _CHOICES,
        "outcomes": _OUTCOMES,
        "loud": LOUD,
        "query": query,
        "narrowed": narrowed(query),
        "more": further(query, found.next) if found.next >= 0 else "",
        "files": files(query),
        "year": year_of(query),
    }


def _from(day: str) -> str:
    """The beginning of a day.

    Raises:
        MalformedCallError: there is no such day.
    """
    if not day:
        return ""
    begin = f"{day}T00:00:00Z"
    try:
        parse_time(begin)
    except MalformedError:
        raise MalformedCallError(f"there is no {day} in the calendar") from None
    return begin


def _to(day: str) -> str:
    """The beginning of the next day: the chosen one is included."""
    return format_time(parse_time(_from(day)) + timedelta(days=1)) if day else ""


def days(events: Sequence[Leaf]) -> list[Day]:
    """Events under their days, in the order in which they came."""
    grouped = groupby(events, key=lambda leaf: leaf.at[:10])
    found = [list(leaves) for _, leaves in grouped]
    return [Day(day=times.day(leaves[0].at), events=leaves) for leaves in found]


def narrowed(query: HistoryQuery) -> Mapping[str, str]:
    """The filters that are set."""
    given = query.model_dump()
    return {name: value for name, value in given.items() if value and name != "before"}


def further(query: HistoryQuery, before: int) -> str:
    """The address of the next page, with the same filters."""
    return f"/history?{urlencode({**narrowed(query), 'before': str(before)})}"


def files(query: HistoryQuery) -> Mapping[str, str]:
    """Where the API has the same events as a file, by what the link is called."""
    asked = {**narrowed(query), "since": _from(query.since), "until": _to(query.until)}
    given = {name: value for name, value in asked.items() if value}
    return {
        words: f"/api/v1/events/file?{urlencode({**given, 'form': form})}"
        for words, form in (("Table (CSV)", "csv"), ("JSON lines", "jsonl"))
    }


def year_of(query: HistoryQuery) -> str:
    """The address of the year at a glance, of the same account and person."""
    given = {k: v for k, v in narrowed(query).items() if k in {"account", "actor"}}
    return f"/history/year?{urlencode(given)}" if given else "/history/year"
