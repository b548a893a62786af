"""Bad networks, two tabs, old browsers, other devices: what a page says; and nothing doubles."""

import re

from playwright.sync_api import Route, expect

from service.ops.organisation import ACCOUNT, REQUESTER
from tests.browser import acts
from tests.browser.authenticators import WITH_PRF, Authenticator
from tests.browser.conftest import Served
from tests.browser.looks import api
from tests.browser.person import PATIENCE, PersonInBrowser
from tests.browser.test_passkeys import REASON, asked

NO_X25519 = """
for (const name of ["generateKey", "importKey", "deriveBits", "deriveKey"]) {
  const real = typeof SubtleCrypto === "undefined" ? null : SubtleCrypto.prototype[name];
  if (real === null) continue;
  SubtleCrypto.prototype[name] = function (...given) {
    const old = given.some((one) => (one?.name ?? one) === "X25519");
    if (old) return Promise.reject(new DOMException("Unrecognized name", "NotSupportedError"));
    return real.apply(this, given);
  };
}
"""


def decisions(person: PersonInBrowser, request: str) -> int:
    """How many decisions stand at a request."""
    found = api(person, f"/requests/{request}")["decisions"]
    assert isinstance(found, list)
    return len(found)


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_signed_twice(
    served: Served,
) -> None:
    request = asked(served)
    mia = served.member("mia")
    sent: list[str] = []

    def lose(route: Route) -> None:
        """The service gets it and answers; the answer never arrives."""
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    mia.page.route(f"**/api/v1/requests/{request}/decisions", lose)
    mia.opens(f"/requests/{request}")
    mia.acts(re.compile("^Approve"))
    said = mia.warned("No answer came")
    assert "cannot count twice" in said
    assert decisions(mia, request) == 1
    mia.presses("Send again")
    mia.told(re.compile("approved"))
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert decisions(mia, request) == 1


def test_a_send_without_a_network_is_repeated_when_it_is_back(served: Served) -> None:
    request = asked(served)
    mia = served.member("mia")
    acts.add_passkey(mia)
    mia.opens(f"/requests/{request}")
    expect(mia.button(re.compile("^Approve"))).to_be_enabled(timeout=PATIENCE)
    posts = re.compile(f"/requests/{request}/decisions$")
    mia.page.route(posts, lambda route: route.abort("internetdisconnected"))
    mia.presses(re.compile("^Approve"))
    mia.warned("No answer came")
    assert decisions(mia, request) == 0
    mia.presses("Send again")
    mia.warned("No answer came")
    mia.page.unroute(posts)
    mia.presses("Send again")
    mia.told(re.compile("approved"))
    assert decisions(mia, request) == 1


def test_two_tabs_do_not_fight(served: Served) -> None:
    request = asked(served)
    mia = served.member("mia", at="/me")
    acts.add_passkey(mia)
    mia.opens(f"/requests/{request}")
    other = mia.context.new_page()
    Authenticator(mia.context, other, WITH_PRF)
    other.goto(f"/requests/{request}")
    expect(other.locator("#approve")).to_be_enabled(timeout=PATIENCE)
    expect(mia.page.locator("#approve")).to_be_enabled(timeout=PATIENCE)
    mia.presses(re.compile("^Approve"))
    mia.told(re.compile("approved"))
    # The other one has noticed, and offers what is left to do.
    expect(other.locator("#approve")).to_have_count(0, timeout=PATIENCE)
    expect(other.locator("#what")).to_contain_text("You approved", timeout=PATIENCE)
    assert decisions(mia, request) == 1


def test_a_waiting_page_notices_a_decision_within_seconds(served: Served) -> None:
    ria = served.member(REQUESTER)
    request = acts.ask(ria, ACCOUNT, REASON)
    main = ria.page.get_by_role("main")
    expect(main).not_to_contain_text("approved")
    served.stage.player("mia").act("approve", request, "--yes")
    expect(main).to_contain_text("approved", timeout=6000)


def test_a_browser_without_x25519_is_told_which_ones_have_it(served: Served) -> None:
    old = served.room.seat("mia", script=NO_X25519)
    old.opens("/sign-in")
    told = old.page.locator(".banner").filter(has_text="This browser lacks")
    expect(told).to_contain_text("X25519", timeout=PATIENCE)
    for product in ("Chrome", "Firefox", "Safari"):
        expect(told).to_contain_text(product)


def test_on_another_device_the_request_says_ask_again_or_open_it_there(served: Served) -> None:
    ria = served.member(REQUESTER)
    request = acts.ask(ria, ACCOUNT, REASON)
    elsewhere = served.member(REQUESTER)  # another browser, with nothing of the first in it
    elsewhere.opens(f"/requests/{request}")
    expect(elsewhere.page.locator("#what")).to_contain_text("not on this device", timeout=PATIENCE)
    expect(elsewhere.page.locator("#what")).to_contain_text("or go on where you asked")
    elsewhere.acts("Ask again from this device")
    elsewhere.page.wait_for_url(lambda url: "/requests/" in url and request not in url)
    elsewhere.told("asked again")
    elsewhere.sees(REASON)


def test_a_passkey_that_is_not_used_leaves_everything_as_it_was(served: Served) -> None:
    request = asked(served)
    mia = served.member("mia", at="/me")
    acts.add_passkey(mia)
    mia.authenticator.refuse()
    mia.opens(f"/requests/{request}")
    mia.presses(re.compile("^Approve"))
    mia.warned(re.compile("passkey", re.IGNORECASE))
    assert decisions(mia, request) == 0
    # The paper is still there.
    mia.presses("Use my recovery phrase instead")
    mia.presses(re.compile("^Approve"))
    mia.types_phrase_in_dialog()
    mia.told(re.compile("approved"))


def test_the_session_ends_with_signing_out(served: Served) -> None:
    mia = served.member("mia", at="/me")
    mia.presses("Sign out")
    mia.page.wait_for_url("**/sign-in**")
    assert mia.context.cookies() == []
    mia.opens("/me")
    mia.page.wait_for_url("**/sign-in?**")


def test_whoever_is_on_the_way_to_another_page_is_not_called_back_by_a_change(
    served: Served,
) -> None:
    request = asked(served)
    ria = served.member(REQUESTER)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ria.page.route("**/history*", hold)
    ria.opens(f"/requests/{request}")
    ria.page.get_by_role("navigation").get_by_role("link", name="History").click(no_wait_after=True)
    with ria.page.expect_response(lambda answer: answer.ok and answer.url.endswith(request)):
        served.stage.player("max").act("approve", request, "--yes")
    ria.page.wait_for_timeout(500)  # in which a page that loads itself anew would have done so
    assert len(held) == 1
    held[0].continue_()
    ria.asked("History")
