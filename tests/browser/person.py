"""A person at a browser of their own: what they see, press and type, and what they hold."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from playwright.sync_api import Error as PlaywrightError

from service.ops.organisation import email
from tests.browser.authenticators import WITH_PRF, Authenticator
from tests.browser.harvest import Harvest
from tests.browser.watch import Watch

PHONE = (390, 844)
DESK = (1280, 900)
PATIENCE = 20_000.0  # milliseconds that anything may take on a busy machine

_CALLED_BACK = ("interrupted by another navigation", "net::ERR_ABORTED", "Timeout")

Text = str | re.Pattern[str]


@dataclass
class PersonInBrowser:
    """One context with one page and one authenticator; nothing is shared with anybody else."""

    name: str
    url: str
    context: BrowserContext
    page: Page
    watch: Watch
    harvest: Harvest
    authenticator: Authenticator
    phrase: str = field(default="", repr=False)
    words: tuple[str, ...] = ()
    by_phrase: bool = False  # each act asks for the phrase: there is no passkey that unlocks
    taps: int = 0

    @classmethod
    def sits_down(
        cls,
        browser: Browser,
        url: str,
        name: str,
        *,
        authenticator: Mapping[str, Any] = WITH_PRF,
        size: tuple[int, int] = PHONE,
        script: str = "",
        **options: Any,
    ) -> Self:
        """Open a browser that has never seen the service.

        ``script`` runs before each page's own; ``options`` are Playwright's for a context.
        """
        width, height = size
        context = browser.new_context(
            base_url=url, viewport={"width": width, "height": height}, locale="en-GB", **options
        )
        context.set_default_timeout(PATIENCE)
        watch, harvest = Watch(url), Harvest(name)
        watch.over(context)
        harvest.over(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        return cls(
            name=name,
            url=url,
            context=context,
            page=page,
            watch=watch,
            harvest=harvest,
            authenticator=Authenticator(context, page, authenticator),
        )

    @property
    def email(self) -> str:
        """What this person signs in with."""
        return email(self.name)

    def leaves(self) -> None:
        """Close the browser; nothing may have gone wrong in it."""
        self.context.close()
        assert not self.watch.problems, f"{self.name}: {self.watch.problems}"

    def leaves_a_picture(self, folder: Path) -> None:
        """Keep what this person has before them when a test has failed."""
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(PlaywrightError):
            self.page.screenshot(path=folder / f"{self.name}.png", full_page=True)

    def writes_down(self, path: Path) -> None:
        """Keep the phrase as on a sheet of paper."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.phrase, encoding="ascii")
        path.chmod(0o600)

    # --- what hands and eyes do ---

    def opens(self, path: str) -> None:
        """Go to a page of the service.

        A page that shows a change by loading itself anew may do so at this very moment. The browser
        then stays with it, and says so or not: whoever typed the address types it again.
        """
        for patience in (PATIENCE / 8, PATIENCE / 4):
            try:
                self.page.goto(path, timeout=patience)
            except PlaywrightError as error:
                if not any(words in error.message for words in _CALLED_BACK):
                    raise
            else:
                return
        self.page.goto(path)

    def button(self, name: Text) -> Locator:
        """A button or a link that looks like one, by its words."""
        named = self.page.get_by_role("button", name=name)
        return named.or_(self.page.get_by_role("link", name=name)).first

    def presses(self, name: Text) -> None:
        """Press it, once it can be pressed."""
        button = self.button(name)
        expect(button).to_be_enabled(timeout=PATIENCE)
        button.click()
        self.taps += 1

    def types(self, label: Text, text: str) -> None:
        """Type into the field of this label."""
        self.page.get_by_label(label).first.fill(text)

    def chooses(self, label: Text, choice: str) -> None:
        """Choose in the list of this label, by value or by words."""
        self.page.get_by_label(label).first.select_option(choice)

    def ticks(self, label: Text) -> None:
        """Tick the box, or pick the radio button, of this label."""
        radio = self.page.get_by_role("radio", name=label)
        radio.or_(self.page.get_by_role("checkbox", name=label)).first.check()

    def sees(self, text: Text) -> Locator:
        """Wait until this can be read somewhere on the page."""
        found = self.page.get_by_text(text).first
        expect(found).to_be_visible(timeout=PATIENCE)
        return found

    def heading(self) -> str:
        """The page's one question."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def asked(self, question: Text) -> None:
        """Wait until the page asks this."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(
            question, timeout=PATIENCE
        )

    def told(self, sentence: Text) -> str:
        """Wait until the page says this of an act; whatever it warns of instead is a failure."""
        status = self.page.locator("#status").filter(has_text=sentence)
        warned = self.page.locator("#alert")
        status.or_(warned).locator("visible=true").first.wait_for()
        assert not warned.is_visible(), f"{self.name} was told: {warned.inner_text()}"
        return status.inner_text()

    def warned(self, sentence: Text) -> str:
        """Wait until the page warns of this."""
        alert = self.page.locator("#alert").filter(has_text=sentence)
        expect(alert).to_be_visible(timeout=PATIENCE)
        return alert.inner_text()

    def acts(self, name: Text) -> None:
        """Press what signs or opens something, and unlock one's keys for it."""
        self.presses(name)
        if self.by_phrase:
            self.types_phrase_in_dialog()

    def types_phrase_in_dialog(self) -> None:
        """Give the phrase where an act asks for it."""
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("The words from your sheet").fill(self.phrase)
        dialog.get_by_role("button", name="Unlock").click()
