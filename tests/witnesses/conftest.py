"""A log on each database, and a witness of it over HTTP on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.note import NoteVerifier
from service.storage.database import Database
from service.storage.signer import Signer
from tests.conftest import HandClock
from tests.fakes.channels import FakeChannels
from tests.usecases.world import World, make_world
from tests.witnesses.asked import TOPIC, Asked, asking


@pytest.fixture
def world(database: Database, signer: Signer, state_dir: Path, clock: HandClock) -> World:
    """Nobody in it yet; told through one topic."""
    return make_world(database, signer, state_dir, clock, channel=TOPIC)


@pytest.fixture
def channels() -> FakeChannels:
    return FakeChannels()


@pytest.fixture
def witness_folder(tmp_path: Path) -> Path:
    return tmp_path / "witness"


@pytest.fixture
def witness(world: World, clock: HandClock, witness_folder: Path) -> Iterator[Asked]:
    """A witness that knows the log and has cosigned nothing yet."""
    log = NoteVerifier.from_vkey(world.ctx.signer.verifier_key)
    with asking(witness_folder, [log], clock()) as made:
        yield made
