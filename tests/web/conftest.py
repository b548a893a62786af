import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from service.config import Settings
from service.storage.at_rest import AtRest
from service.storage.base import Base
from service.storage.database import Database
from service.storage.signer import Signer
from service.usecases.context import Context
from service.web.app import create_app
from tests.conftest import ORIGIN, HandClock
from tests.salts import keep_salt_key
from tests.web.calling import URL, Calls


def database_in(state_dir: Path) -> Database:
    return Database(f"sqlite:///{state_dir / 'breakglass.db'}", state_dir)


@pytest.fixture(scope="session")
def new_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of a service that was just set up; tests work on copies."""
    state_dir = tmp_path_factory.mktemp("state")
    database = database_in(state_dir)
    Base.metadata.create_all(database.engine)
    keep_salt_key(database)
    Signer.create(database, state_dir, ORIGIN, HandClock())
    AtRest.create(state_dir / "at-rest.key")
    database.dispose()
    return state_dir


@pytest.fixture
def ctx(new_state: Path, state_dir: Path, clock: HandClock) -> Iterator[Context]:
    """A service on SQLite; what differs between engines is tested below the edge."""
    shutil.copytree(new_state, state_dir, dirs_exist_ok=True)
    database = database_in(state_dir)
    yield Context(
        database=database,
        clock=clock,
        signer=Signer.load(state_dir, ORIGIN, clock),
        at_rest=AtRest.load(state_dir / "at-rest.key"),
        url=URL,
        default_channel="file",
    )
    database.dispose()


@pytest.fixture
def app(ctx: Context) -> Flask:
    return create_app(ctx, Settings(url=URL))


@pytest.fixture
def calls(app: Flask, ctx: Context) -> Calls:
    return Calls(app, ctx)
