"""Credentials that open nothing, and an endpoint of our own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.storage.database import Database
from service.storage.signer import Signer
from tests.aws.notices import TOPIC
from tests.conftest import HandClock
from tests.fakes.channels import FakeChannels
from tests.fakes.sns import FakeSns, running_sns
from tests.usecases.world import World, make_world


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up credentials; nothing of the developer's own is read."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sns(aws: None) -> Iterator[FakeSns]:
    with running_sns() as fake:
        yield fake


@pytest.fixture
def world(database: Database, signer: Signer, state_dir: Path, clock: HandClock) -> World:
    """An account with nobody in it yet, told through one topic."""
    return make_world(database, signer, state_dir, clock, channel=TOPIC)


@pytest.fixture
def channels() -> FakeChannels:
    return FakeChannels()
