"""No mouse: everything that a request needs, by keyboard alone."""

import re
from pathlib import Path

from playwright.sync_api import expect

from service.ops.organisation import REQUESTER
from tests.browser import acts
from tests.browser.conftest import Served
from tests.browser.person import DESK, PATIENCE, PersonInBrowser
from tests.browser.test_passkeys import asked

_FOCUSED = """() => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  return {
    words: (here.textContent || here.value || here.id || "").trim().replace(/\\s+/g, " "),
    seen: box.width > 0 && box.height > 0,
    ring: here === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none",
  };
}"""
MOST = 60


def tabs_to(person: PersonInBrowser, words: str) -> None:
    """Press Tab until this has the focus; wherever it is on the way, that can be seen."""
    for _ in range(MOST):
        person.page.keyboard.press("Tab")
        here = person.page.evaluate(_FOCUSED)
        assert here["ring"], f"nobody sees that {here['words']!r} has the focus"
        if re.search(words, here["words"]):
            assert here["seen"]
            return
    raise AssertionError(f"no key leads to {words!r}")


def ready(person: PersonInBrowser, name: str) -> None:
    """Wait until the page has verified what it shows."""
    expect(person.page.get_by_role("button", name=re.compile(name)).first).to_be_enabled(
        timeout=PATIENCE
    )


def test_a_custodian_approves_by_keyboard_alone(served: Served) -> None:
    asked(served)
    mia = served.member("mia", size=DESK)
    acts.add_passkey(mia)
    mia.opens("/")
    tabs_to(mia, "asks to be root")
    mia.page.keyboard.press("Enter")
    ready(mia, "^Approve")
    tabs_to(mia, "^Approve")
    mia.page.keyboard.press("Enter")
    mia.told(re.compile("approved"))


def test_a_custodian_types_the_phrase_into_the_dialog_by_keyboard_alone(served: Served) -> None:
    request = asked(served)
    mia = served.member("mia", size=DESK)
    mia.opens(f"/requests/{request}")
    ready(mia, "^Approve")
    tabs_to(mia, "^Approve")
    mia.page.keyboard.press("Space")
    # The dialog has the focus, and keeps it.
    expect(mia.page.get_by_label("The words from your sheet")).to_be_focused(timeout=PATIENCE)
    mia.page.keyboard.type(mia.phrase)
    mia.page.keyboard.press("Enter")
    mia.told(re.compile("approved"))


def test_the_requester_reveals_by_keyboard_alone(served: Served) -> None:
    ria = served.member(REQUESTER, size=DESK)
    acts.add_passkey(ria)
    request = acts.ask(ria, served.account, "the invoice run is stuck")
    for name in ("pia", "per", "mia", "max"):
        served.stage.player(name).act("approve", request, "--yes")
    ria.opens(f"/requests/{request}")
    tabs_to(ria, "^Release the password$")
    ria.page.keyboard.press("Enter")
    ready(ria, "^Release and open")
    tabs_to(ria, "^Release and open")
    ria.page.keyboard.press("Enter")
    ready(ria, "^Show for 30 s")
    tabs_to(ria, "^Show for 30 s")
    ria.page.keyboard.press("Enter")
    expect(ria.page.locator("#password")).to_have_text(served.founded.password, timeout=PATIENCE)
    ria.page.keyboard.press("Enter")
    expect(ria.page.locator("#password")).not_to_have_text(served.founded.password)


def test_a_password_is_nowhere_in_the_page_unless_it_is_shown(
    served: Served, tmp_path: Path
) -> None:
    ria = served.member(REQUESTER)
    request = acts.ask(ria, served.account, "the invoice run is stuck")
    for name in ("pia", "per", "mia", "max"):
        served.stage.player(name).act("approve", request, "--yes")
    password = served.founded.password
    ria.page.clock.install()
    acts.release(ria, request)
    assert password not in ria.page.content()
    assert acts.reveal(ria) == password
    ria.page.clock.run_for(31_000)
    expect(ria.page.locator("#password")).not_to_have_text(password, timeout=PATIENCE)
    assert password not in ria.page.content()
    kept = ria.context.storage_state(path=tmp_path / "kept.json", indexed_db=True)
    assert password not in str(kept)
    assert ria.phrase not in str(kept)
