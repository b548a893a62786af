"""Before anything is signed: what the page says of a log that went back, or that does not come."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route, expect

from crypto.encoding import b64encode
from tests.browser.conftest import Served
from tests.browser.person import PATIENCE, PersonInBrowser
from tests.browser.test_alarm import alarmed, looked
from tests.browser.test_passkeys import asked
from tests.browser.test_trouble import decisions

Log = dict[str, Any]
NOWHERE = b64encode(bytes(32))  # leads from no log to any


def lie(
    person: PersonInBrowser, request: str, change: Callable[[Log], Log | None]
) -> Callable[[], None]:
    """From now on the log beside this request is shown otherwise; returns what ends that."""

    def answer(route: Route) -> None:
        headers = {**route.request.all_headers(), "sec-fetch-site": "same-origin"}
        honest = route.fetch(headers=headers)
        said = honest.json()
        route.fulfill(response=honest, body=json.dumps({**said, "log": change(said["log"])}))

    subject = re.compile(rf"/api/v1/requests/{request}/case\?seen=")
    person.page.route(subject, answer)
    return lambda: person.page.unroute(subject)


def test_a_log_that_was_rewritten_is_said_before_anything_is_pressed_and_a_no_goes_on(
    served: Served,
) -> None:
    request = asked(served)
    mia = served.member("mia")
    looked(mia)
    honest = lie(mia, request, lambda log: {**log, "consistency": [NOWHERE]})
    mia.opens(f"/requests/{request}")
    assert "Nothing was signed or sent" in alarmed(mia, "log-forked")
    mia.page.get_by_role("button", name="I have called somebody").click()
    approve = mia.page.locator("#approve")
    assert approve.evaluate("(one) => one.inert || one.disabled")
    mia.presses(re.compile("^Deny"))
    dialog = mia.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("the log forked")
    with mia.page.expect_response(re.compile(r"/decisions$")) as posted:
        dialog.get_by_role("button", name="Deny").click()
        if mia.by_phrase:
            mia.types_phrase_in_dialog()
    honest()
    assert posted.value.ok
    # The page comes back by itself, with what was done.
    expect(mia.page.locator("#status")).to_contain_text("You denied it.", timeout=PATIENCE)
    assert decisions(mia, request) == 1


def test_a_checkpoint_that_does_not_come_wants_one_press_more(served: Served) -> None:
    request = asked(served)
    mia = served.member("mia")
    looked(mia)
    lie(mia, request, lambda _: None)
    mia.opens(f"/requests/{request}")
    mia.warned(re.compile("The log does not show this request.* yet: hear ria"))
    expect(mia.page.locator("#approve")).to_be_disabled()
    assert decisions(mia, request) == 0
    mia.presses("Go on all the same")
    expect(mia.page.locator("#approve")).to_be_enabled(timeout=PATIENCE)
    mia.acts(re.compile("^Approve"))
    mia.told(re.compile("approved", re.IGNORECASE))
    assert decisions(mia, request) == 1
