"""The installation of the commands' tests, on SQLite: what is looked at here are files."""

from pathlib import Path

import pytest

from tests.ops.conftest import installation, plain_environment, read, ready

__all__ = ["installation", "plain_environment", "read", "ready"]


@pytest.fixture
def database_url(state_dir: Path) -> str:
    return f"sqlite:///{state_dir / 'breakglass.db'}"
