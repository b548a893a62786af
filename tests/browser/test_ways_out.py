"""Refusals that lead somewhere: signed out elsewhere, enrolled anew, and what stays meanwhile."""

import re

from playwright.sync_api import expect

from service.ops.organisation import ACCOUNT, OPERATOR, REQUESTER
from tests.browser import acts
from tests.browser.conftest import Served
from tests.browser.person import PATIENCE
from tests.browser.test_passkeys import REASON, asked


def test_whoever_was_signed_out_elsewhere_comes_back_to_the_same_request(served: Served) -> None:
    request = asked(served)
    mia = served.member("mia", at=f"/requests/{request}")
    expect(mia.page.locator("#approve")).to_be_enabled(timeout=PATIENCE)
    other = mia.context.new_page()
    other.goto(f"{mia.url}/me")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/sign-in**")
    # The waiting page notices by itself, and says what that means.
    assert "Nothing was signed or sent" in mia.warned("You are signed out")
    mia.presses("Sign in, and come back here")
    mia.page.wait_for_url("**/sign-in?**")
    mia.types("E-mail address", mia.email)
    mia.types(re.compile("^Recovery phrase"), mia.phrase)
    mia.presses("Sign in with the phrase")
    mia.page.wait_for_url(f"**/requests/{request}")


def test_what_was_typed_stays_while_one_signs_in_beside_it(served: Served) -> None:
    ria = served.member(REQUESTER, at=f"/accounts/{ACCOUNT}/ask")
    ria.chooses("What is to be done", "billing")
    ria.types(re.compile("^Why"), REASON)
    # What the page reads before it lets anyone ask is read while she is still signed in.
    expect(ria.button("Ask both groups")).to_be_enabled(timeout=PATIENCE)
    ria.context.clear_cookies()
    ria.presses("Ask both groups")
    ria.warned("What you typed stays here")
    with ria.context.expect_page() as opened:
        ria.presses("Sign in beside this page")
    beside = opened.value
    beside.get_by_label("E-mail address").fill(ria.email)
    beside.get_by_label(re.compile("^Recovery phrase")).fill(ria.phrase)
    beside.get_by_role("button", name="Sign in with the phrase").click()
    beside.wait_for_url("**/ask")
    ria.acts("Ask both groups")
    ria.page.wait_for_url(acts.REQUEST)
    ria.sees(REASON)


def test_only_who_says_that_they_enrolled_anew_is_let_on_with_other_keys(served: Served) -> None:
    request = asked(served)
    mia = served.member("mia")
    acts.approve(mia, request)  # this browser knows her keys now
    olga = served.member(OPERATOR)
    link = acts.invite(olga, "mia")
    olga.sees("They have keys already.")
    anew = served.room.seat("mia, elsewhere")
    acts.enrol(anew, link)

    mia.opens("/sign-in")
    mia.types("E-mail address", mia.email)
    mia.types(re.compile("^Recovery phrase"), anew.phrase)
    mia.presses("Sign in with the phrase")
    said = mia.warned("not those with which this browser last worked")
    assert "if you did not, somebody exchanged your keys" in said
    assert "call the others" in said
    mia.opens("/me")
    expect(mia.page.locator("#checked")).to_contain_text("NOT the keys", timeout=PATIENCE)
    # Reading does not get past it either; saying so does.
    mia.opens(f"/requests/{request}")
    mia.warned("other keys under your name")
    mia.presses("I enrolled anew")
    mia.sees("has forgotten your old keys")
    mia.presses("Go on with the new ones")
    mia.warned("if you enrolled anew, that is expected")


def test_what_one_approved_is_still_said_when_others_have_acted(served: Served) -> None:
    request = asked(served)
    mia = served.member("mia")
    acts.approve(mia, request)
    served.stage.player("pia").act("approve", request, "--yes")
    password_group = mia.page.locator("section", has=mia.page.locator("#group-password")).last
    expect(password_group).to_contain_text("approved", timeout=PATIENCE)
    assert REASON in mia.told("You approved that ria is root of payments")
