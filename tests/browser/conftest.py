"""A Chromium for the tests of a module, people who sit down at it, and organisations to serve."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from service.ops.organisation import ACCOUNT, ROLES
from service.ops.stage import Stage
from tests.browser import programs
from tests.browser.acts import sign_in_with_phrase
from tests.browser.person import PersonInBrowser
from tests.notices.conftest import organisation
from tests.notices.founded import Founded

__all__ = ["organisation"]

PICTURES = Path(__file__).parents[2] / "var" / "screens" / "failed"
HINT = "no Chromium is here: run 'make browser'"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium; everybody has a context of their own in it."""
    path = programs.chromium()
    assert path, HINT
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=programs.switches())
        yield browser
        browser.close()


@dataclass
class Room:
    """People at browsers of their own, at one service; nobody may have seen anything wrong."""

    browser: Browser
    url: str
    present: dict[str, PersonInBrowser] = field(default_factory=dict)

    def seat(self, name: str, **options: Any) -> PersonInBrowser:
        """A person sits down, not signed in; whoever sat there under that name has left."""
        if name in self.present:
            self.present.pop(name).leaves()
        person = PersonInBrowser.sits_down(self.browser, self.url, name, **options)
        self.present[name] = person
        return person

    def __getitem__(self, name: str) -> PersonInBrowser:
        return self.present[name]

    def leave(self) -> None:
        """Everybody leaves."""
        while self.present:
            self.present.popitem()[1].leaves()


@contextmanager
def room_at(browser: Browser, url: str) -> Iterator[Room]:
    """A room until the block ends; what went wrong in it is told unless something else was."""
    room = Room(browser, url)
    try:
        yield room
    except BaseException:
        for person in room.present.values():
            person.leaves_a_picture(PICTURES)
            person.context.close()
        raise
    room.leave()


Seat = Callable[..., PersonInBrowser]


@dataclass
class Served:
    """A founded organisation that is being served, and a room of browsers before it."""

    stage: Stage
    room: Room
    founded: Founded
    account: str = ACCOUNT

    def member(self, name: str, *, at: str = "/", **options: Any) -> PersonInBrowser:
        """Somebody who has a phrase signs in with it at a new browser, on the way to a page."""
        person = self.room.seat(name, **options)
        phrase = self.stage.player(name).phrase_file
        person.phrase = phrase.read_text(encoding="ascii").strip()
        sign_in_with_phrase(person, at)
        return person


@contextmanager
def serving(founded: Founded, folder: Path, browser: Browser) -> Iterator[Served]:
    """Serve a copy of the organisation, and everybody's words with it."""
    stage = founded.copy(folder, {})
    assert set(stage.players) == set(ROLES)
    try:
        stage.start()
        with room_at(browser, stage.url) as room:
            yield Served(stage, room, founded)
    finally:
        stage.stop()


@pytest.fixture
def served(organisation: Founded, tmp_path: Path, browser: Browser) -> Iterator[Served]:
    """A password in force and an approved request, for one test."""
    with serving(organisation, tmp_path / "stage", browser) as served:
        yield served


@pytest.fixture(scope="module")
def shown(
    organisation: Founded, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Served]:
    """The same for all tests of a module: only for those that change nothing for others."""
    with serving(organisation, tmp_path_factory.mktemp("shown") / "stage", browser) as served:
        yield served
