"""A year at a glance: how many requests were asked and how they ended, week by week.

Drawn and in words. Each week has two bars: what was asked, and beside it what ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from flask import Blueprint
from pydantic import Field

from crypto.encoding import format_time
from service.domain.words import listing
from service.domain.year import Kind
from service.usecases import accounts, history
from service.usecases.year import MOST_ASKED, year
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.web.pages import times
from service.web.pages.words import Tag
from service.wire.base import AnyAccountId, Shape

bp = Blueprint("pages_year", __name__)

# From the bottom of a bar to its top.
KINDS: Mapping[Kind, Tag] = {
    Kind.UNCHANGED: Tag("released, password not changed yet", "bad"),
    Kind.CHANGED: Tag("released, password changed", "ok"),
    Kind.DRILL: Tag("drill", "drill"),
    Kind.DENIED: Tag("denied", "wait"),
    Kind.LAPSED: Tag("expired or withdrawn", "plain"),
}
ASKED = Tag("asked", "asked")
_LOWEST = 4  # a year in which hardly anything happened does not look like one full of it
_UNIT = 10  # so that all numbers of the drawing are whole ones
_ASKED_WIDTH, _ENDED_WIDTH = 3, 5  # of the ten that a week has


class YearQuery(Shape):
    """Of which account, and what which person asked; whatever is empty does not narrow it."""

    account: AnyAccountId = ""
    actor: Annotated[str, Field(pattern=r"^[A-Za-z0-9:._-]{0,64}$")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One piece of a week's bar."""

    x: int
    y: int
    width: int
    height: int
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A week in which something was asked or ended, in words."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The year: its size, its weeks with something in them, its totals, and all of it in words."""

    width: int
    height: int
    start: str
    end: str
    rows: Sequence[Row]
    totals: Sequence[tuple[int, Tag]]
    label: str


@bp.get("/history/year")
@requires(Role.PERSON)
@page("year")
def show(query: YearQuery) -> Values:
    """The last 53 weeks of the accounts that I may see; auditors and operators see all."""
    found = year(ctx(), caller(), account=query.account, person=query.actor)
    return {
        "year": found,
        "drawing": draw(found.weeks, found.asked, found.today),
        "counted_since": "" if found.since is None else _day(found.since),
        "most": MOST_ASKED,
        "waits": found.waits,
        "silent": [a.name for a in found.answers if a.asked and not a.decided],
        "accounts": accounts.names(ctx(), caller()),
        "people": history.choices(ctx(), caller()),
        "query": query,
        "back": _back(query),
    }


def _back(query: YearQuery) -> str:
    given = {name: value for name, value in query.model_dump().items() if value}
    return f"/history?{urlencode(given)}" if given else "/history"


def draw(weeks: Mapping[int, Mapping[Kind, int]], asked: Mapping[int, int], today: int) -> Drawing:
    """Draw weeks up to today, by when they begin, oldest first, as bars beside each other."""
    tallest = max(*asked.values(), *(sum(counts.values()) for counts in weeks.values()), _LOWEST)
    height = tallest * _UNIT
    rows = [
        _row(number, begin, counts, asked[begin], height)
        for number, (begin, counts) in enumerate(weeks.items())
        if asked[begin] or any(counts.values())
    ]
    ended = [(sum(counts[kind] for counts in weeks.values()), tag) for kind, tag in KINDS.items()]
    totals = [(sum(asked.values()), ASKED), *ended]
    start, end = _day(min(weeks)), _day(today)
    told = listing(f"{count} {tag.words}" for count, tag in totals if count)
    return Drawing(
        width=len(weeks) * _UNIT,
        height=height,
        start=start,
        end=end,
        rows=rows,
        totals=totals,
        label=f"Requests by week from {start} to today, {end}: {told if rows else 'none'}.",
    )


def _row(number: int, begin: int, counts: Mapping[Kind, int], asked: int, height: int) -> Row:
    left = number * _UNIT + 1
    bars = [_bar(left, _ASKED_WIDTH, height, asked, ASKED)] if asked else []
    top = height
    for kind, tag in KINDS.items():
        if counts[kind]:
            bars.append(_bar(left + _ASKED_WIDTH, _ENDED_WIDTH, top, counts[kind], tag))
            top -= counts[kind] * _UNIT
    said = [(asked, ASKED), *((counts[kind], tag) for kind, tag in KINDS.items())]
    told = listing(f"{count} {tag.words}" for count, tag in said if count)
    return Row(title=f"week of {_day(begin)}: {told}", bars=bars)


def _bar(left: int, width: int, foot: int, count: int, tag: Tag) -> Bar:
    tall = count * _UNIT
    return Bar(x=left, y=foot - tall, width=width, height=tall, tone=tag.tone)


def _day(begin: int) -> str:
    return times.day(format_time(datetime.fromtimestamp(begin, UTC)))
