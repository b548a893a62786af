"""A log that is not what it was: the whole page says so, and nothing can be pressed after it.

Whoever rewrote the log answers in the service's place, so its answers are changed on their way. The
acts themselves are real, and stand.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from service.ops.organisation import ACCOUNT, REQUESTER
from tests.browser.conftest import Served
from tests.browser.looks import Album, api, heard
from tests.browser.person import PATIENCE, PersonInBrowser
from tests.browser.test_passkeys import asked
from tests.browser.test_trouble import decisions

Answer = dict[str, Any]
CHECKPOINT = re.compile(r"/api/v1/checkpoint\?")
PASSWORD = "Aa1-" + "b" * 60


def lie(page: Page, change: Callable[[Answer], Answer]) -> None:
    """From now on the log's head is shown as somebody else wants it."""

    def answer(route: Route) -> None:
        # Fetched without a page, it has to say itself that it is of this site.
        headers = {**route.request.all_headers(), "sec-fetch-site": "same-origin"}
        honest = route.fetch(headers=headers)
        route.fulfill(response=honest, body=json.dumps(change(honest.json())))

    page.route(CHECKPOINT, answer)


def looked(person: PersonInBrowser) -> Answer:
    """Look at the history: from now on this browser knows the log; returns the head it saw."""
    with person.page.expect_response(CHECKPOINT) as found:
        person.opens("/history")
    expect(person.page.locator("#checked")).to_contain_text("log verified", timeout=PATIENCE)
    head: Answer = found.value.json()
    return head


def alarmed(person: PersonInBrowser, code: str) -> str:
    """The alarm has the page; returns what it says."""
    alarm = person.page.get_by_role("alertdialog")
    expect(alarm).to_be_visible(timeout=PATIENCE)
    box, size = alarm.bounding_box(), person.page.viewport_size
    assert box is not None
    assert size is not None
    assert (box["width"], box["height"]) == (size["width"], size["height"])
    said = alarm.inner_text()
    assert "The log of this service is not what it was" in said
    assert "by telephone, not through this service" in said
    assert f"({code})" in said
    assert heard(person.page) == []
    return said


def nothing_is_pressed(person: PersonInBrowser) -> None:
    """Escape does not lead past it; whoever has called somebody still finds a page that is dead."""
    page = person.page
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.get_by_role("button", name="I have called somebody").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    person.warned("The log of this service is not what it was")
    for button in page.locator(".act button").all():
        assert button.evaluate("(one) => one.closest('[inert]') !== null")


def forked(answer: Answer) -> Answer:
    """Another log of the same key: no proof leads from what was seen to it."""
    return {**answer, "consistency": []}


def renamed(answer: Answer) -> Answer:
    """Another key."""
    return {**answer, "verifier_key": f"x{answer['verifier_key']}"}


@pytest.mark.parametrize(("change", "code"), [(forked, "log-forked"), (renamed, "log-key-changed")])
def test_approving_on_a_log_that_was_rewritten_is_an_alarm(
    served: Served, change: Callable[[Answer], Answer], code: str
) -> None:
    request = asked(served)
    mia = served.member("mia")
    looked(mia)
    lie(mia.page, change)
    mia.opens(f"/requests/{request}")
    mia.acts(re.compile("^Approve"))
    said = alarmed(mia, code)
    assert "had been sent before this was noticed" in said
    assert decisions(mia, request) == 1
    nothing_is_pressed(mia)


def test_a_log_that_was_rewound_is_an_alarm_where_one_reads_it(served: Served) -> None:
    mia = served.member("mia")
    before = looked(mia)
    asked(served)
    looked(mia)
    lie(mia.page, lambda _: {**before, "consistency": []})
    mia.opens("/history")
    assert "Nothing was signed or sent" in alarmed(mia, "log-rewound")
    expect(mia.page.locator("#checked")).not_to_contain_text("log verified")


def test_sealing_on_a_log_that_was_rewritten_is_an_alarm(served: Served) -> None:
    ria = served.member(REQUESTER)
    looked(ria)
    lie(ria.page, forked)
    seal(ria)
    alarmed(ria, "log-forked")
    assert PASSWORD not in ria.page.get_by_role("alertdialog").inner_text()
    nothing_is_pressed(ria)


def seal(person: PersonInBrowser) -> None:
    """Fill the form and press; what comes of it is the test's to see."""
    person.opens(f"/accounts/{ACCOUNT}/seal")
    person.ticks(re.compile("^type one"))
    person.types(re.compile("^The root password"), PASSWORD)
    person.types("Once more", PASSWORD)
    expect(person.page.locator("#seal")).to_be_enabled(timeout=PATIENCE)
    if person.page.locator("#compare").is_visible():
        person.ticks("Yes, both read these same words")
    person.acts("Seal it")


def test_a_seal_whose_answer_was_lost_is_sent_again_and_sealed_once(served: Served) -> None:
    ria = served.member(REQUESTER)
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    ria.page.route("**/api/v1/envelopes", lose)
    seal(ria)
    ria.warned("No answer came")
    ria.presses("Send again")
    expect(ria.page.locator("#confirmers")).to_be_visible(timeout=PATIENCE)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    sealed = api(ria, f"/accounts/{ACCOUNT}/envelopes")["envelopes"]
    assert len(sealed) == 2  # the one that was in force, and this one


def test_the_alarm_can_be_read_in_every_light(served: Served) -> None:
    mia = served.member("mia")
    looked(mia)
    lie(mia.page, renamed)
    mia.opens("/history")
    alarmed(mia, "log-key-changed")
    album = Album()
    album.look(mia, "alarm")
    assert album.faults == []
