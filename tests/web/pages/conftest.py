"""Pages as people of a whole organisation see them."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from crypto.randomness import random_uuid
from service.config import Settings
from service.domain.sessions import Session, SessionKind
from service.storage import sessions
from service.usecases import tokens
from service.usecases.context import Context
from service.web.app import create_app
from tests.conftest import HandClock
from tests.usecases.world import World, make_world
from tests.web.calling import URL
from tests.web.conftest import new_state

__all__ = ["new_state"]


def token_of(world: World, name: str) -> str:
    """A cookie session of somebody, without the stretching that a sign-in takes."""
    token = tokens.new()
    with world.ctx.write() as unit:
        session = Session(
            id=random_uuid(),
            person=world.id(name),
            kind=SessionKind.COOKIE,
            created_at=unit.now,
            last_used_at=unit.now,
            fresh_at=unit.now,
        )
        sessions.add(unit.session, session, digest=tokens.digest(token))
    return token


@pytest.fixture
def world(ctx: Context, state_dir: Path, clock: HandClock) -> World:
    """Nobody has done anything yet; on SQLite."""
    return make_world(ctx.database, ctx.signer, state_dir, clock)


@pytest.fixture
def app(world: World) -> Flask:
    return create_app(world.ctx, Settings(url=URL))


Visit = Callable[..., TestResponse]


@pytest.fixture
def visit(app: Flask, world: World) -> Visit:
    """Open a page as somebody, in a browser that says what browsers say."""
    cookies: dict[str, str] = {}

    def go(name: str, path: str, **headers: str) -> TestResponse:
        sent = {"Accept": "text/html", "Origin": URL, "Sec-Fetch-Site": "same-origin", **headers}
        if name:
            if name not in cookies:
                cookies[name] = token_of(world, name)
            sent["Cookie"] = f"breakglass={cookies[name]}"
        client = app.test_client(use_cookies=False)
        return client.get(path, headers=sent, base_url=URL)

    return go


class Text(HTMLParser):
    """What a page says, and the tags that it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.words).split())


def said(answer: TestResponse) -> str:
    """The words of a page."""
    return Text(answer.text).said


@pytest.fixture
def asked(world: World) -> str:
    """A request that waits for its custodians."""
    return world.ready().ask()
