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
from tests.web.calling import URL, Calls


@pytest.fixture
def ctx(state_dir: Path, clock: HandClock) -> Iterator[Context]:
    """A service on SQLite; what differs between engines is tested below the edge."""
    database = Database(f"sqlite:///{state_dir / 'breakglass.db'}", state_dir)
    Base.metadata.create_all(database.engine)
    yield Context(
        database=database,
        clock=clock,
        signer=Signer.create(database, state_dir, ORIGIN, clock),
        at_rest=AtRest.create(state_dir / "at-rest.key"),
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
