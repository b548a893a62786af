"""History in words, newest first, narrowed by what people ask for."""

from typing import Any

import pytest

from service.usecases import history
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.conftest import HandClock
from tests.usecases.world import World
from tests.web.pages.conftest import Text, Visit, said


@pytest.fixture
def asked(world: World, clock: HandClock) -> str:
    """A request on the second of three days."""
    world.ready()
    clock.advance(days=1)
    request = world.ask()
    world.approve("ann", request)
    clock.advance(days=1)
    world.register(OTHER_ACCOUNT)
    return request


def leaves(page: str) -> list[int]:
    found = [str(a.get("id")) for tag, a in Text(page).tags if tag == "li"]
    return [int(name.removeprefix("leaf-")) for name in found if name.startswith("leaf-")]


def test_newest_first_under_their_days(world: World, visit: Visit, asked: str) -> None:
    answer = visit("aud", "/history")
    numbers = leaves(answer.text)
    assert numbers == sorted(numbers, reverse=True)
    words = said(answer)
    days = ("25 November 2026", "24 November 2026", "23 November 2026")
    assert sorted(map(words.index, days)) == [words.index(day) for day in days]
    assert "ann approved for the password group" in words


@pytest.mark.parametrize(
    ("query", "words", "not_words"),
    [
        ("action=request:approved", "ann approved", "gus asks"),
        (f"account={OTHER_ACCOUNT}", "olga registered", "ann approved"),
        ("since=2026-11-24&until=2026-11-24", "ann approved", "olga registered"),
        ("since=2026-11-25", "olga registered", "ann approved"),
        ("until=2026-11-23", "olga registered", "ann approved"),
        ("since=2026-11-26", "Nothing here fits", "registered the"),
        ("until=2026-11-22", "Nothing here fits", "registered the"),
        ("since=2026-11-24&action=request:approved&account=&actor=", "ann approved", "gus asks"),
    ],
)
def test_filters(visit: Visit, asked: str, query: str, words: str, not_words: str) -> None:
    found = said(visit("aud", f"/history?{query}"))
    assert words in found
    assert not_words not in found


def test_by_person_and_by_request(world: World, visit: Visit, asked: str) -> None:
    by_person = said(visit("aud", f"/history?actor={world.id('ann')}"))
    assert "ann signed roster version 1" in by_person
    assert "bob signed" not in by_person
    by_request = leaves(visit("aud", f"/history?request={asked}").text)
    assert len(by_request) == 2


@pytest.mark.parametrize("query", ["since=yesterday", "since=2026-13-40", "before=x", "actor=%00"])
def test_what_is_no_filter_is_refused(visit: Visit, asked: str, query: str) -> None:
    assert visit("aud", f"/history?{query}").status_code == 400


def test_an_entry_s_number_leads_to_it_and_from_there_back_to_its_place(
    visit: Visit, asked: str
) -> None:
    all_of_it = visit("olga", "/history").text
    links = [str(a["href"]) for _, a in Text(all_of_it).tags if a.get("class") == "seq"]
    number = leaves(all_of_it)[3]
    assert links[3] == f"/history/{number}"
    page = visit("aud", links[3])
    assert f"Entry {number} of the log" in said(page)
    [back] = [str(a["href"]) for _, a in Text(page.text).tags if "before=" in str(a.get("href"))]
    assert leaves(visit("aud", back).text)[0] == number


def test_a_long_history_goes_on(world: World, visit: Visit) -> None:
    world.ready()
    for _ in range(30):
        world.cancel(world.ask())
    seen: list[int] = []
    path = "/history"
    while path:
        page = visit("aud", path).text
        seen += leaves(page)
        links = [str(a.get("href")) for tag, a in Text(page).tags if a.get("class") == "button"]
        path = next((link for link in links if "before=" in link), "")
    assert seen == list(range(len(seen)))[::-1]
    assert len(seen) > 60


def test_a_person_sees_what_concerns_their_accounts(visit: Visit, asked: str) -> None:
    words = said(visit("ann", "/history"))
    assert "gus asks to be root" in words
    assert OTHER_ACCOUNT not in words.replace(" ", "")
    assert leaves(visit("eve", "/history").text) == []


def test_whom_one_may_look_for(world: World, asked: str) -> None:
    def names(who: str) -> list[str]:
        return list(history.choices(world.ctx, world.caller(who)).values())

    assert names("ann") == ["ann", "bob", "cem", "dea", "eli", "fay", "gus"]
    assert names("aud") == ["ann", "aud", "bob", "cem", "dea", "eli", "eve", "fay", "gus", "olga"]
    assert names("eve") == []


@pytest.mark.parametrize(
    ("since", "until", "actions"),
    [
        ("2026-11-24T09:00:00Z", "2026-11-24T09:00:01Z", ["request:approved", "request:opened"]),
        ("2026-11-24T09:00:01Z", "2026-11-25T09:00:00Z", []),
        ("2026-11-24T09:00:01Z", "", ["account:registered"]),
        ("", "2026-11-23T09:00:00Z", []),
    ],
)
def test_bounds_in_time(
    world: World, asked: str, since: str, until: str, actions: list[str]
) -> None:
    found = history.events(world.ctx, world.caller("aud"), since=since, until=until)
    assert [leaf.action for leaf in found.events] == actions
    narrowed = history.events(
        world.ctx, world.caller("ann"), account=ACCOUNT, since=since, until=until, limit=1
    )
    assert len(narrowed.events) <= 1


@pytest.mark.parametrize("day", ["2026-13-45", "2026-02-30"])
def test_a_day_that_does_not_exist_is_said_in_words(visit: Visit, asked: str, day: str) -> None:
    answer = visit("ann", f"/history?until={day}")
    assert answer.status_code == 400
    words = said(answer)
    assert f"There is no {day} in the calendar." in words
    assert "Nothing was changed" in words


def test_the_same_events_as_a_file(world: World, visit: Visit, asked: str) -> None:
    page = visit("aud", "/history?since=2026-11-24&until=2026-11-24&action=request:approved")
    links = [str(a["href"]) for tag, a in Text(page.text).tags if "download" in a]
    assert len(links) == 2
    table, lines = (visit("aud", link).text.splitlines() for link in links)
    assert "ann approved" in table[1]
    assert (len(table), len(lines)) == (2, 1)
    assert "as a file" not in said(visit("aud", "/history?since=2026-11-26"))


@pytest.fixture
def ended(world: World, clock: HandClock) -> dict[str, str]:
    """A request for each way in which one ends, in this order, by the way."""
    world.ready()
    found = {"denied": world.ask()}
    for name in ("ann", "bob"):
        world.deny(name, found["denied"])
    found["cancelled"] = world.ask()
    world.cancel(found["cancelled"])
    found["drill"] = world.ask(drill=True, task="drill")
    world.approve_all(found["drill"])
    world.release(found["drill"])
    found["released"] = world.ask()
    world.approve_all(found["released"])
    world.release(found["released"])
    world.close(found["released"])
    return found


@pytest.mark.parametrize("outcome", ["denied", "cancelled", "drill"])
def test_by_how_a_request_ended(
    world: World, visit: Visit, ended: dict[str, str], outcome: str
) -> None:
    found = history.events(world.ctx, world.caller("aud"), outcome=outcome)
    assert [leaf.request for leaf in found.events] == [ended[outcome]]
    assert leaves(visit("aud", f"/history?outcome={outcome}").text) == [found.events[0].seq]


def test_how_it_ended_combines_with_what_else_is_asked(world: World, ended: dict[str, str]) -> None:
    def found(**asked: Any) -> list[tuple[str, str]]:
        events = history.events(world.ctx, world.caller("ann"), **asked).events
        return [(leaf.action, leaf.request) for leaf in events]

    released = [("request:released", ended[way]) for way in ("released", "drill")]
    assert found(outcome="released") == released
    assert found(outcome="released", request=ended["drill"]) == released[1:]
    assert found(outcome="released", actor=world.id("gus"), account=ACCOUNT) == released
    assert found(outcome="released", actor=world.id("ann")) == []
    assert found(outcome="closed") == [("request:closure", ended["released"])]
    assert found(outcome="closed", action="request:closure") == found(outcome="closed")
    assert found(outcome="closed", action="request:released") == []
    assert found(outcome="expired") == []


def test_what_is_no_outcome_is_refused(visit: Visit, asked: str) -> None:
    assert visit("aud", "/history?outcome=won").status_code == 400
    assert visit("aud", "/api/v1/events?outcome=won").status_code == 400
