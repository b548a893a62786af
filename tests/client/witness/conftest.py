"""A witness's folder, and its memory."""

from pathlib import Path

import pytest

from service.client.witness.memory import WitnessMemory
from tests.client.witness.witnessed import NAME


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "witness"


@pytest.fixture
def memory(folder: Path) -> WitnessMemory:
    return WitnessMemory.create(folder, NAME)
