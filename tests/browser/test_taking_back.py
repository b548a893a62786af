"""The operator's page takes back a role and sessions, after a proof that it is the operator."""

import re

import pytest
from playwright.sync_api import expect

from service.ops.organisation import AUDITOR, OPERATOR
from tests.browser.conftest import Served
from tests.browser.looks import heard
from tests.browser.person import PersonInBrowser

BACK = "Take it back"


def picks(olga: PersonInBrowser, name: str, what: str) -> None:
    people = olga.page.locator("#back_person")
    value = people.locator("option", has_text=re.compile(f"^{name},")).get_attribute("value")
    people.select_option(value)
    olga.ticks(re.compile(f"^{what}"))


def is_signed_out(person: PersonInBrowser) -> None:
    person.page.goto(f"{person.url}/history")
    expect(person.page).to_have_url(re.compile("/sign-in"))


@pytest.mark.slow
def test_an_operator_takes_back_a_role_and_ends_sessions(served: Served) -> None:
    olga, aud = served.member(OPERATOR), served.member(AUDITOR)
    mia = served.member("mia")
    aud.opens("/history")
    mia.opens("/")
    olga.opens("/operate")
    wrong = olga.page.locator("#back_person-error")

    picks(olga, "mia", "the role of auditor")
    olga.presses(BACK)
    expect(wrong).to_have_text("They do not have this role.")
    assert heard(olga.page) == []

    picks(olga, AUDITOR, "the role of auditor")
    olga.acts(BACK)
    olga.told("Taken back.")
    is_signed_out(aud)

    picks(olga, "mia", "all their sessions")
    olga.acts(BACK)
    olga.told("Taken back.")
    is_signed_out(mia)

    picks(olga, OPERATOR, "the role of operator")
    with olga.watch.expecting("status of 409"):
        olga.acts(BACK)
        expect(wrong).to_contain_text("No operator would be left", timeout=30_000)
