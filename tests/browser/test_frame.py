"""What stays when views change: addresses, focus, titles, what was typed, and who is signed in."""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.framing import Framing, answers, framing, refuses, slowly
from tests.browser.looks import heard

ANN = {"person": "ann", "name": "Ann", "operator": False, "auditor": False}
OLGA = {"person": "olga", "name": "Olga", "operator": True, "auditor": False}
SIGNED_OUT = refuses("not-signed-in", 401)


@pytest.fixture
def served() -> Iterator[Framing]:
    with framing() as served:
        served.api = {
            "GET /people/me": answers(ANN),
            "GET /mine": answers({"word": "hers"}),
            "GET /late": answers({"word": "late"}),
        }
        yield served


@pytest.fixture
def context(browser: Browser, served: Framing) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=served.url, viewport={"width": 390, "height": 600})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/one")
    expect(page.locator("h1")).to_have_text("Is this one?")
    page.evaluate(
        """() => {
          window.kept = [];
          const live = document.getElementById("live");
          const heard = () => window.kept.push(live.textContent);
          new MutationObserver(heard).observe(live, { childList: true });
        }"""
    )
    return page


def until(page: Page, condition: str) -> None:
    """Wait for it; the policy lets no page evaluate a condition by itself."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def said(page: Page) -> list[str]:
    """What was read out since the page was loaded; a load takes it away."""
    return list(page.evaluate("window.kept"))


def test_a_link_changes_the_view_and_loads_nothing(page: Page, served: Framing) -> None:
    page.get_by_role("link", name="to two", exact=True).click()
    heading = page.locator("h1")
    expect(heading).to_contain_text("Is this t\ufffdwo")
    expect(heading).to_be_focused()
    assert page.title() == "Is this t\ufffdwo? · Breakglass"
    assert page.url == f"{served.url}/two"
    assert said(page) == [page.title()]
    assert page.locator("h1").count() == 1
    expect(page.get_by_role("button", name="Act")).to_have_count(0)
    expect(page.locator("#sub")).to_be_hidden()
    assert page.evaluate("scrollY") == 0
    assert heard(page) == []


def test_back_and_forward_stand_where_one_stood(page: Page) -> None:
    page.evaluate(
        "() => { document.querySelector('.tall').style.height = '3000px'; scrollTo(0, 900); }"
    )
    until(page, "history.state?.scroll === 900")
    page.evaluate("document.querySelector('a[href=\"/two\"]').click()")
    expect(page.locator("h1")).to_contain_text("wo")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Is this one?")
    page.go_forward()
    expect(page.locator("h1")).to_contain_text("wo")
    assert len(said(page)) == 3  # no load in between


def test_what_is_not_a_plain_click_on_a_view_is_the_browsers(
    page: Page, context: BrowserContext
) -> None:
    for name, held in (("two beside", ""), ("to two", "Control"), ("to two", "Shift")):
        with context.expect_page() as opened:
            if held:
                page.keyboard.down(held)
            page.get_by_role("link", name=name, exact=True).click()
            if held:
                page.keyboard.up(held)
        opened.value.close()
    assert said(page) == []
    page.get_by_role("link", name="to the content", exact=True).click()
    assert page.url.endswith("/one#main")
    page.locator("#typed").fill("kept")
    page.go_back()
    expect(page.locator("#typed")).to_have_value("kept")
    assert page.locator("#built").text_content() == "1 (the service says)"
    page.get_by_role("link", name="to a drawn page").click()
    page.wait_for_url("**/drawn")
    assert page.evaluate("window.kept") is None


def test_an_answer_that_comes_when_the_view_was_left_shows_nothing(
    page: Page, served: Framing
) -> None:
    served.api["GET /late"] = slowly(0.5, {"word": "late"})
    with page.expect_event("requestfailed") as failed:
        page.get_by_role("link", name="to the late one").click()
        expect(page.locator("h1")).to_have_text("Is this late?")
        page.get_by_role("link", name="to one").click()
    assert failed.value.url.endswith("/api/v1/late")
    page.wait_for_timeout(700)
    expect(page.locator("h1")).to_have_text("Is this one?")
    assert page.title() == "Is this one? · Breakglass"
    expect(page.locator("#alert")).to_be_hidden()


def test_a_view_that_fails_leaves_the_frame(page: Page) -> None:
    expect(page.get_by_role("navigation")).to_contain_text("Ann")
    page.get_by_role("link", name="to the broken one").click()
    expect(page.locator("h1")).to_have_text("This page cannot be shown")
    assert page.title() == "This page cannot be shown · Breakglass"
    expect(page.get_by_role("alert")).to_contain_text("This page failed")
    expect(page.get_by_role("navigation")).to_contain_text("Ann")
    assert heard(page) == []
    page.go_back()
    expect(page.locator("h1")).to_have_text("Is this one?")
    expect(page.locator("#alert")).to_be_hidden()


def test_an_address_without_a_view_says_so_in_the_frame(page: Page) -> None:
    page.goto("/nowhere?utm_x=1")
    expect(page.locator("h1")).to_have_text("There is nothing here")
    expect(page.get_by_role("navigation")).to_contain_text("Ann")
    assert heard(page) == []


def test_whoever_is_not_signed_in_is_led_to_where_one_signs_in(page: Page, served: Framing) -> None:
    served.api["GET /mine"] = SIGNED_OUT
    page.goto("/mine?x=1")
    page.wait_for_url(f"{served.url}/sign-in?next=%2Fmine%3Fx%3D1")
    expect(page.locator("h1")).to_have_text("Sign in")


def test_a_dialog_opens_over_the_view_and_what_was_typed_stays(page: Page, served: Framing) -> None:
    page.goto("/mine")
    expect(page.get_by_role("navigation")).to_contain_text("Ann")
    page.locator("#typed").fill("kept")
    served.api["GET /mine"] = SIGNED_OUT
    page.get_by_role("button", name="Read").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You are signed out")
    assert heard(page) == []
    dialog.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("alert")).to_contain_text("Refused.")
    expect(page.locator("#typed")).to_have_value("kept")
    assert served.asked.count("GET /mine") == 2


SIGNS_IN = b"""
export const signInWithPasskey = async () => (await fetch("/api/v1/who")).json();
export const signInWithPhrase = async () => {
  throw new Error("wrong words");
};
export const signOut = async () => {};
"""


@pytest.mark.parametrize("same", [True, False], ids=["the same", "someone else"])
def test_who_signs_in_again_goes_on_and_someone_else_begins_anew(
    browser: Browser, same: bool
) -> None:
    with framing(**{"js/keys/signin.js": SIGNS_IN}) as served:
        served.api = {
            "GET /people/me": answers(ANN),
            "GET /mine": answers({"word": "hers"}),
            "GET /who": answers(ANN if same else OLGA),
        }
        page = browser.new_page(base_url=served.url)
        page.goto("/mine")
        expect(page.get_by_role("navigation")).to_contain_text("Ann")
        page.locator("#typed").fill("kept")
        turns = iter([SIGNED_OUT(), (200, {"word": "read again"}), (200, {"word": "read again"})])
        served.api["GET /mine"] = partial(next, turns)
        page.get_by_role("button", name="Read").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("E-mail address").fill("ann@corp.example")
        dialog.get_by_label(re.compile("^Recovery phrase")).fill("wrong")
        dialog.get_by_role("button", name="Sign in with the phrase").click()
        expect(dialog.get_by_role("alert")).to_contain_text("This page failed")
        served.api["GET /people/me"] = answers(ANN if same else OLGA)
        dialog.get_by_role("button", name="Sign in with a passkey").click()
        expect(dialog).to_have_count(0)
        expect(page.locator("#shown")).to_contain_text("read again")
        expect(page.locator("#typed")).to_have_value("kept" if same else "")
        expect(page.get_by_role("navigation")).to_contain_text("Ann" if same else "Olga")
        expect(page.get_by_role("navigation").get_by_text("Operate")).to_have_count(
            0 if same else 1
        )
        assert heard(page) == []
        page.close()


def test_signing_out_empties_every_tab(
    page: Page, served: Framing, context: BrowserContext
) -> None:
    other = context.new_page()
    for each in (page, other):
        each.goto("/mine")
        expect(each.locator("#shown")).to_contain_text("hers")
        expect(each.get_by_role("navigation")).to_contain_text("Ann")
    served.api |= {
        "GET /sessions": answers({"sessions": [{"session": "s", "current": True}]}),
        "DELETE /sessions/s": answers({}),
    }
    page.get_by_role("button", name="Out").click()
    for each in (page, other):
        expect(each.locator("h1")).to_have_text("You are signed out")
        expect(each.get_by_text("hers")).to_have_count(0)
        expect(each.get_by_text("Ann")).to_have_count(0)
        assert heard(each) == []


def test_a_page_that_the_browser_kept_is_built_anew(page: Page) -> None:
    assert page.locator("#built").text_content() == "1 (the service says)"
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator("#built")).to_have_text("2 (the service says)")


def test_whoever_would_lose_something_is_asked_first(page: Page) -> None:
    page.goto("/held")
    asked = []

    def stay(dialog: object) -> None:
        asked.append(dialog)
        dialog.dismiss()  # type: ignore[attr-defined] # playwright's

    page.on("dialog", stay)
    page.get_by_role("link", name="to one").click()
    page.wait_for_timeout(100)
    expect(page.locator("h1")).to_have_text("Is something begun?")
    assert len(asked) == 1
    page.remove_listener("dialog", stay)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="to one").click()
    expect(page.locator("h1")).to_have_text("Is this one?")


def test_loading_is_said_when_it_lasts(page: Page, served: Framing) -> None:
    served.api["GET /mine"] = slowly(1.0, {"word": "hers"})
    page.evaluate("history.replaceState({}, '', '/mine')")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    until(page, "window.kept.includes('Loading …')")
    expect(page.locator("#shown")).to_contain_text("hers")
    assert page.locator("main").get_attribute("aria-busy") is None


@pytest.mark.parametrize("module", ["js/frame/router.js", "js/pages/act.js", "js/link/api.js"])
def test_nothing_runs_if_one_module_is_not_the_released_one(
    browser: Browser, served: Framing, module: str
) -> None:
    page = browser.new_page(base_url=served.url)
    page.clock.install()
    page.route(
        f"**/{module}",
        lambda route: route.fulfill(
            body=served.files[module] + b"\n", content_type="text/javascript; charset=utf-8"
        ),
    )
    page.goto("/one")
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1")).to_have_text("Breakglass")
    page.clock.fast_forward(10_001)
    expect(page.locator("#alert")).to_contain_text("A part of this page has not come")
    page.close()


def test_a_link_with_a_token_leaves_it_in_no_address(page: Page, served: Framing) -> None:
    asked = len(served.asked)
    page.goto("/enroll#" + "t" * 43)
    until(page, "location.hash === ''")
    assert page.url == f"{served.url}/enroll"
    assert not re.search("t{43}", " ".join(served.asked[asked:]))
