"""A year at a glance: drawn, in words, and what can be said of an account or a person."""

import re
import xml.etree.ElementTree as ET

import pytest

from service.domain.year import WEEKS, Kind, asked_of, weeks
from service.usecases.year import year
from service.web.pages.year import draw
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.conftest import HandClock
from tests.usecases.world import World
from tests.web.calling import code_of
from tests.web.pages.conftest import Text, Visit, said

PAGE = "/history/year"


@pytest.fixture
def lived(world: World, clock: HandClock) -> World:
    """A drill; two weeks later a release whose password was changed, and a denial."""
    world.ready()
    drill = world.ask(drill=True)
    clock.advance(minutes=2)
    world.approve_all(drill)
    world.release(drill)
    clock.advance(days=14)
    released = world.ask()
    clock.advance(minutes=10)
    world.approve_all(released)
    world.release(released)
    world.close(released)
    world.rotate(released)
    denied = world.ask()
    world.deny("ann", denied)
    world.deny("bob", denied)
    return world


def drawing(page: str) -> ET.Element:
    [found] = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert "style" not in found
    return ET.fromstring(found)


def test_the_weeks_are_drawn_and_told(lived: World, visit: Visit) -> None:
    answer = visit("aud", PAGE)
    picture = drawing(answer.text)
    tones = [[rect.get("class") for rect in week.findall("rect")] for week in picture.findall("g")]
    assert tones == [["asked", "drill"], ["asked", "ok", "wait"]]
    label = str(picture.get("aria-label"))
    assert picture.get("role") == "img"
    assert label.endswith("3 asked, 1 released, password changed, 1 drill and 1 denied.")
    words = said(answer)
    assert "3 asked" in words
    assert "today, 7 December 2026" in words
    assert "week of 7 December 2026: 2 asked, 1 released, password changed and 1 denied" in words
    assert "Never answered" not in words


def test_of_an_account_it_says_how_fast_and_who_answers(lived: World, visit: Visit) -> None:
    words = said(visit("ann", f"{PAGE}?account={ACCOUNT}"))
    assert "6 min in the middle, 10 min at worst, 2 times" in words
    assert "Never answered: cem and fay" in words
    assert "ann decided 3 of 3" in words
    assert "dea decided 2 of 3" in words


def test_of_a_person_it_shows_what_they_asked_and_answered(lived: World, visit: Visit) -> None:
    of_ann = said(visit("aud", f"{PAGE}?actor={lived.id('ann')}"))
    assert "0 asked by ann" in of_ann
    assert "ann decided 3 of 3" in of_ann
    assert "bob decided" not in of_ann
    of_gus = said(visit("aud", f"{PAGE}?actor={lived.id('gus')}"))
    assert "3 asked by gus" in of_gus
    assert "2 times" in of_gus


def test_nobody_is_told_of_what_they_do_not_see(lived: World, visit: Visit) -> None:
    lived.register(OTHER_ACCOUNT)
    nothing = visit("eve", PAGE)
    assert "<svg" not in nothing.text
    assert "0 asked since" in said(nothing)
    assert "Nothing happened in this year: nobody asked" in said(nothing)
    assert "choose the account" not in said(nothing)  # they have none
    assert "decided" not in said(visit("eve", f"{PAGE}?actor={lived.id('ann')}"))
    assert visit("ann", f"{PAGE}?account={OTHER_ACCOUNT}").status_code == 404
    assert code_of(visit("ann", f"/api/v1/events?account={OTHER_ACCOUNT}")) == "not-found"


def test_a_year_that_is_over_is_gone(lived: World, visit: Visit, clock: HandClock) -> None:
    clock.advance(days=WEEKS * 7 + 7)
    answer = visit("aud", PAGE)
    assert "0 asked since" in said(answer)
    assert "<svg" not in answer.text
    links = [str(a.get("href")) for tag, a in Text(answer.text).tags if a.get("class") == "button"]
    assert {"/accounts", "/history"} <= set(links)
    narrowed = said(visit("aud", f"{PAGE}?account={ACCOUNT}"))
    assert "Nothing happened in this year that fits the filter" in narrowed
    assert "The year of all accounts" in narrowed
    assert year(lived.ctx, lived.caller("aud")).requests == 0


def test_the_links_keep_account_and_person(lived: World, visit: Visit) -> None:
    page = visit("ann", f"/history?account={ACCOUNT}&since=2026-11-24").text
    assert f'href="/history/year?account={ACCOUNT}"' in page
    assert f'href="/history?account={ACCOUNT}"' in visit("ann", f"{PAGE}?account={ACCOUNT}").text


def test_bars_fill_the_height_of_the_tallest_week() -> None:
    counted = {begin: dict(counts) for begin, counts in weeks([], 1_795_597_200).items()}
    *_, last = counted
    counted[last] |= {Kind.UNCHANGED: 2, Kind.CHANGED: 5, Kind.DRILL: 1, Kind.LAPSED: 4}
    asked = asked_of({last: 3}, 1_795_597_200)
    picture = draw(counted, asked, 1_795_597_200)
    [row] = picture.rows
    assert [(bar.y, bar.height) for bar in row.bars] == [
        (90, 30),
        (100, 20),
        (50, 50),
        (40, 10),
        (0, 40),
    ]
    assert [(bar.x, bar.width) for bar in row.bars] == [(521, 3), *[(524, 5)] * 4]
    assert (picture.width, picture.height) == (530, 120)
    many = draw(counted, asked_of({last: 20}, 1_795_597_200), 1_795_597_200)
    assert (many.height, many.rows[0].bars[0].y) == (200, 0)
    empty = draw(weeks([], 1_795_597_200), asked_of({}, 1_795_597_200), 1_795_597_200)
    assert (empty.start, empty.end) == ("24 November 2025", "25 November 2026")
    assert empty.label.endswith("to today, 25 November 2026: none.")


def test_a_request_that_is_open_still_is_no_empty_year(world: World, visit: Visit) -> None:
    world.ready()
    world.ask()
    answer = visit("aud", PAGE)
    [bar] = drawing(answer.text).iter("rect")
    assert bar.get("class") == "asked"
    assert "1 asked" in said(answer)
    assert "Nothing happened" not in said(answer)


def test_all_accounts_and_the_sum_of_them_count_alike(lived: World) -> None:
    every = year(lived.ctx, lived.caller("aud"))
    one = year(lived.ctx, lived.caller("aud"), account=ACCOUNT)
    mine = year(lived.ctx, lived.caller("ann"))
    assert every.weeks == one.weeks == mine.weeks
    assert every.requests == one.requests == mine.requests == 3
    assert (every.since, one.since) == (None, None)


def test_the_events_of_all_accounts_are_never_read_one_by_one(
    lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object, **__: object) -> None:
        pytest.fail("event by event")

    monkeypatch.setattr("service.usecases.year.marks", read)
    assert year(lived.ctx, lived.caller("aud")).requests == 3


def test_of_one_person_in_all_accounts_the_newest_requests_are_counted(
    lived: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.usecases.year.MOST_ASKED", 2)
    gus = f"{PAGE}?actor={lived.id('gus')}"
    words = said(visit("aud", gus))
    assert "2 asked by gus" in words
    assert "those since 7 December 2026" in words
    of_account = said(visit("aud", f"{gus}&account={ACCOUNT}"))
    assert "3 asked by gus" in of_account
    assert "Counted are" not in of_account
    monkeypatch.setattr("service.usecases.year.MOST_ASKED", 3)
    assert "Counted are" not in said(visit("aud", gus))
