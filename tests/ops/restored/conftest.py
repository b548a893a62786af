"""A database of its own for each test, which can be copied and put back as a whole."""

import os
from pathlib import Path

import pytest

from tests.postgres import fresh_database, tools


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(
    request: pytest.FixtureRequest, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The URL of an empty database; where it is PostgreSQL, its own tools are at hand."""
    if request.param == "sqlite":
        return f"sqlite:///{state_dir / 'breakglass.db'}"
    monkeypatch.setenv("PATH", f"{tools()}{os.pathsep}{os.environ['PATH']}")
    return fresh_database(request.getfixturevalue("postgres"))
