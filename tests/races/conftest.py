"""A small organisation, one custodian in each group: what races costs the least there."""

from pathlib import Path

import pytest

from service.storage.database import Database
from service.storage.signer import Signer
from tests.cast import POLICY
from tests.conftest import HandClock
from tests.usecases.world import World, make_world

TWO = ("ann", "dea")


@pytest.fixture
def small(database: Database, signer: Signer, state_dir: Path, clock: HandClock) -> World:
    """Two custodians, both needed; the first denial ends a request."""
    world = make_world(database, signer, state_dir, clock)
    world.enrol_everybody()
    world.register()
    groups = {
        "password": {"threshold": 1, "custodians": [world.id("ann")]},
        "mfa": {"threshold": 1, "custodians": [world.id("dea")]},
    }
    policy = POLICY | {"request_lifetime": 3600, "release_window": 900, "denials": "first"}
    world.accept_roster(signers=(*TWO, "gus"), groups=groups, policy=policy)
    world.seal()
    world.confirm(*TWO)
    return world
