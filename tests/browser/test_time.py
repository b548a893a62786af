"""What ends while somebody has a page open: a link, a window."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from service.ops.organisation import OPERATOR, REQUESTER
from tests.browser import acts
from tests.browser.conftest import Served
from tests.browser.person import PATIENCE

WINDOW = 3600  # seconds, of the organisation that is served
_ENDED = "UPDATE invitation SET expires_at = created_at - 1"


def end_links(served: Served) -> None:
    """Let all enrolment links be over, as a day later."""
    with closing(sqlite3.connect(served.stage.state_dir / "breakglass.db")) as database, database:
        assert database.execute(_ENDED).rowcount > 0


def test_a_window_that_ends_takes_the_password_from_the_page(served: Served) -> None:
    ria = served.member(REQUESTER)
    request = acts.ask(ria, served.account, "the invoice run is stuck")
    for name in ("pia", "per", "mia", "max"):
        served.stage.player(name).act("approve", request, "--yes")
    ria.page.clock.install()
    acts.release(ria, request)
    assert acts.reveal(ria) == served.founded.password
    ria.page.clock.run_for(1000 * (WINDOW - 60))
    expect(ria.page.locator("#opened")).to_be_visible()
    ria.page.clock.run_for(1000 * 61)
    ria.told("The window is over; this device has forgotten the password")
    expect(ria.page.locator("#opened")).to_be_hidden()
    assert served.founded.password not in ria.page.content()


def test_a_clock_that_is_wrong_is_named_and_a_second_press_opens(served: Served) -> None:
    ria = served.member(REQUESTER)
    request = acts.ask(ria, served.account, "the invoice run is stuck")
    for name in ("pia", "per", "mia", "max"):
        served.stage.player(name).act("approve", request, "--yes")
    ria.page.clock.set_system_time(datetime.now(UTC) + timedelta(days=40))
    ria.opens(f"/requests/{request}/release")
    ria.presses("Release and open")
    said = ria.warned("ahead of the service's clock, which says")
    assert "This device's clock says" in said
    assert not ria.page.get_by_role("dialog").is_visible()  # nothing is unlocked yet
    ria.acts("Go on all the same")
    expect(ria.button("Show for 30 s")).to_be_visible(timeout=PATIENCE)
    assert acts.reveal(ria) == served.founded.password
    expect(ria.page.locator("#opened")).to_be_visible()


def test_a_request_on_a_wrong_clock_is_dated_by_the_service_after_a_second_press(
    served: Served,
) -> None:
    ria = served.member(REQUESTER)
    ria.page.clock.set_system_time(datetime.now(UTC) + timedelta(minutes=30))
    ria.opens(f"/accounts/{served.account}/ask")
    ria.chooses("What is to be done", "billing")
    ria.types(re.compile("^Why"), "the invoice run is stuck")
    ria.presses("Ask both groups")
    ria.warned("ahead of the service's clock, which says")
    with ria.watch.expecting("status of 422"):
        ria.acts("Go on all the same")
        ria.warned("dated by the service's clock and not by this device's")
    ria.acts("Go on all the same")
    ria.page.wait_for_url(acts.REQUEST)


def test_a_link_that_is_over_says_so_before_anything_is_made(served: Served) -> None:
    link = acts.invite(served.member(OPERATOR), "zoe")
    end_links(served)
    zoe = served.room.seat("zoe")
    with zoe.watch.expecting("status of 404"):
        zoe.opens(link)
        zoe.asked("This link opens nothing now")
    zoe.sees("A link works once, and for 24 hours")
    assert not zoe.button("Yes, that is me").is_visible()


def test_a_link_that_ends_meanwhile_enrols_nobody(served: Served) -> None:
    link = acts.invite(served.member(OPERATOR), "zoe")
    zoe = served.room.seat("zoe")
    zoe.opens(link)
    zoe.presses("Yes, that is me")
    zoe.presses("Go on without")
    written = zoe.page.locator("#words > li")
    expect(written).to_have_count(11, timeout=PATIENCE)
    phrase = " ".join(acts.plain(text) for text in written.all_inner_texts())
    zoe.presses("I have it on paper")
    end_links(served)
    zoe.types("All eleven words", phrase)
    with zoe.watch.expecting("status of 404"):
        zoe.presses("Enrol")
        assert "ask an operator for a new one" in zoe.warned("enrolment link is not valid")
    zoe.phrase = phrase
    zoe.opens("/sign-in")
    zoe.types("E-mail address", zoe.email)
    zoe.types(re.compile("^Recovery phrase"), phrase)
    with zoe.watch.expecting("status of 401"):
        zoe.presses("Sign in with the phrase")
        zoe.page.locator("#alert").wait_for()
