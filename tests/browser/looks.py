"""Looking at a page as several readers would: on a phone, on a desk, in the dark, by ear."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from tests.browser.person import DESK, PHONE, PersonInBrowser

FOLDER = Path(__file__).parents[2] / "var" / "screens"
NARROW = (320, 740)
# Added as a script it would be blocked by the policy, as it should be; evaluated, it is not.
_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.map((node) => node.target.join(" ")).slice(0, 5).join(", ")}`);
}"""
_HEIGHT = "() => document.scrollingElement.scrollHeight"
_WIDTH = "() => document.scrollingElement.scrollWidth"


@dataclass
class Album:
    """Pictures of pages, and what is wrong with them."""

    faults: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    folder: Path = FOLDER

    def look(self, person: PersonInBrowser, name: str) -> None:
        """Look at the page that this person has before them."""
        assert name not in self.names
        self.names.append(name)
        page = person.page
        self.folder.mkdir(parents=True, exist_ok=True)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            self.faults += [f"{name}, {scheme}: {fault}" for fault in heard(page)]
            self._picture(page, f"{name}-{PHONE[0]}{'-dark' if scheme == 'dark' else ''}", PHONE)
        self._picture(page, f"{name}-{DESK[0]}", DESK)
        _resize(page, NARROW)
        width = page.evaluate(_WIDTH)
        if width > NARROW[0]:
            self.faults.append(f"{name}: {width} px wide on a phone of {NARROW[0]}")
        _resize(page, PHONE)

    def _picture(self, page: Page, name: str, size: tuple[int, int]) -> None:
        """The whole page, on a screen as high as that: else the bar would stand in its middle."""
        _resize(page, size)
        width, height = size
        _resize(page, (width, max(height, page.evaluate(_HEIGHT))))
        page.screenshot(path=self.folder / f"{name}.png")
        _resize(page, size)


def heard(page: Page) -> list[str]:
    """What axe-core says against a page: rule by rule, with the elements."""
    page.evaluate(_AXE)
    violations: list[str] = page.evaluate(_RUN)
    return violations


def _resize(page: Page, size: tuple[int, int]) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})


def api(person: PersonInBrowser, path: str) -> Any:
    """What the API answers this person, asked beside their page: that may be on its way."""
    headers = {"sec-fetch-site": "same-origin"}  # without a page it has to be said
    return person.context.request.get(f"{person.url}/api/v1{path}", headers=headers).json()
