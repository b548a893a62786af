"""One organisation with an envelope in force, served for all tests of a module."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from crypto.randomness import random_uuid
from service.config import Settings
from service.domain.sessions import Session, SessionKind
from service.storage import sessions
from service.storage.base import Base
from service.storage.database import Database
from service.storage.signer import Signer
from service.usecases import tokens
from service.web.app import create_app
from tests.conftest import ORIGIN, HandClock
from tests.salts import keep_salt_key
from tests.usecases.world import World, make_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Nobody has done anything yet."""
    state_dir, clock = tmp_path_factory.mktemp("state"), HandClock()
    database = Database(f"sqlite:///{state_dir / 'breakglass.db'}", state_dir)
    Base.metadata.create_all(database.engine)
    keep_salt_key(database)
    signer = Signer.create(database, Path(state_dir), ORIGIN, clock)
    yield make_world(database, signer, state_dir, clock)
    database.dispose()


class _Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[BaseWSGIServer]:
    """The application on a free port of 127.0.0.1, under real HTTP."""
    server = make_server(
        "127.0.0.1", 0, lambda _, __: [], threaded=True, request_handler=_Silent
    )  # fmt: skip
    settings = Settings(bind=f"127.0.0.1:{server.server_port}")
    server.app = create_app(world.ctx, settings)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def token_of(world: World, name: str) -> str:
    """A fresh session of one of the world's people."""
    token = tokens.new()
    with world.ctx.write() as unit:
        session = Session(
            id=random_uuid(),
            person=world.id(name),
            kind=SessionKind.BEARER,
            created_at=unit.now,
            last_used_at=unit.now,
            fresh_at=unit.now,
        )
        sessions.add(unit.session, session, digest=tokens.digest(token))
    return token
