"""A world on each database."""

from pathlib import Path

import pytest

from service.storage.database import Database
from service.storage.signer import Signer
from tests.conftest import HandClock
from tests.usecases.world import World, make_world


@pytest.fixture
def world(database: Database, signer: Signer, state_dir: Path, clock: HandClock) -> World:
    """Nobody has done anything yet."""
    return make_world(database, signer, state_dir, clock)


@pytest.fixture
def ready(world: World) -> World:
    """A roster is in force, an envelope ready, all custodians have confirmed."""
    return world.ready()
