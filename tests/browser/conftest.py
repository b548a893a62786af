"""A Chromium for the tests of a module, people who sit down at it, and organisations to serve."""

from collections.abc import Generator, Iterator
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
_FAILED = pytest.StashKey[bool]()
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

    def is_cleared(self) -> None:
        """A test has failed: everybody leaves a picture, and nobody is asked what they saw."""
        while self.present:
            person = self.present.popitem()[1]
            person.leaves_a_picture(PICTURES)
            person.context.close()

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
        room.is_cleared()
        raise
    room.leave()


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed: a fixture is not told."""
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


@pytest.fixture
def served(
    organisation: Founded, tmp_path: Path, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Served]:
    """A password in force and an approved request, for one test."""
    with serving(organisation, tmp_path / "stage", browser) as served:
        yield served
        if request.node.stash.get(_FAILED, False):
            served.room.is_cleared()
