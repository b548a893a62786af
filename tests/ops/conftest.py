"""An installation of its own for each test, on either database."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.config import Settings
from service.storage.database import Database
from service.storage.signer import Signer
from tests.conftest import HandClock
from tests.ops.installation import Installation, free_port
from tests.usecases.world import World, make_world


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of another installation is read."""
    for name in [name for name in os.environ if name.startswith("BREAKGLASS_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def installation(
    database_url: str, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    """Settings in the environment; nothing is set up. The test runs once on each engine."""
    made = Installation(
        state_dir=state_dir,
        port=free_port(),
        settings={} if database_url.startswith("sqlite") else {"DATABASE_URL": database_url},
    )
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    mask = os.umask(0o022)  # as most shells have it
    yield made
    os.umask(mask)
    made.stop_all()


@pytest.fixture
def read(installation: Installation) -> Settings:
    """The settings as the program reads them."""
    return Settings()


@pytest.fixture
def ready(installation: Installation) -> Installation:
    """Set up, with the first operator invited."""
    assert installation.run("init", "--email", "first@corp.example", "--name", "First").code == 0
    return installation


@pytest.fixture
def world(database: Database, signer: Signer, state_dir: Path, clock: HandClock) -> World:
    """An account with nobody in it yet, on a database made from the models."""
    return make_world(database, signer, state_dir, clock)
