"""A browser that has never seen the log: what its owner signed elsewhere says which log it is."""

import json
import re

from playwright.sync_api import Route, expect

from crypto.spoken import log_key_words
from tests.browser import acts
from tests.browser.conftest import Served
from tests.browser.looks import api
from tests.browser.person import PATIENCE, PersonInBrowser
from tests.browser.test_alarm import alarmed
from tests.browser.test_before import NOWHERE, lie
from tests.browser.test_passkeys import asked
from tests.browser.test_trouble import decisions

SESSIONS = re.compile(r"/api/v1/sessions$")


def without_a_word(person: PersonInBrowser) -> None:
    """The service keeps back what this person signed."""

    def answer(route: Route) -> None:
        headers = {**route.request.all_headers(), "sec-fetch-site": "same-origin"}
        honest = route.fetch(headers=headers)
        route.fulfill(response=honest, body=json.dumps({**honest.json(), "own_statement": None}))

    person.page.route(SESSIONS, answer)


def test_a_fork_is_an_alarm_at_a_new_browser_and_without_a_word_the_log_is_new(
    served: Served,
) -> None:
    request = asked(served)
    mia = served.member("mia")
    honest = lie(mia, request, lambda log: {**log, "consistency": [NOWHERE]})
    mia.opens(f"/requests/{request}")
    assert "Nothing was signed or sent" in alarmed(mia, "log-forked")
    assert decisions(mia, request) == 0
    honest()

    phrase = mia.phrase
    mia = served.room.seat("mia")
    mia.phrase = phrase
    without_a_word(mia)
    acts.sign_in_with_phrase(mia, f"/requests/{request}")
    said = mia.told("This browser has not seen this log before")
    words = log_key_words(api(mia, "/checkpoint?seen=0")["verifier_key"])
    assert f": {' '.join(words)}." in said
    expect(mia.page.locator("#approve")).to_be_enabled(timeout=PATIENCE)
