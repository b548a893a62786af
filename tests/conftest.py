"""Fixtures that every part of the suite shares: a clock moved by hand, and real databases."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from service.storage import log_tables, people_tables, tables
from service.storage.base import Base
from service.storage.database import Database
from service.storage.signer import Signer
from tests.postgres import fresh_schema, running_postgres
from tests.salts import keep_salt_key
from tests.stretched import remember

ORIGIN = "breakglass.example/log"
__all__ = ["log_tables", "people_tables", "tables"]  # imported so that Base knows every table

# A busy machine is no failure: examples may be slow, and a test that hangs has another limit.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


class HandClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **how: float) -> None:
        """Move on, or back by negative amounts: ``advance(minutes=5)``."""
        self.time += timedelta(**how)


@pytest.fixture(scope="session", autouse=True)
def stretched_once() -> Iterator[None]:
    """No one's phrase is stretched twice in this process."""
    patch = remember()
    yield
    patch.undo()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a database in this run's PostgreSQL, started when a test first needs it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    with running_postgres(run[:12]) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, state_dir: Path) -> str:
    """The URL of an empty database; the test runs once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{state_dir / 'breakglass.db'}"
    return fresh_schema(request.getfixturevalue("postgres"))


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def empty_database(database_url: str, state_dir: Path) -> Iterator[Database]:
    """All tables, and no log in them."""
    database = Database(database_url, state_dir)
    Base.metadata.create_all(database.engine)
    yield database
    database.dispose()


@pytest.fixture
def signer(empty_database: Database, state_dir: Path, clock: HandClock) -> Signer:
    """The signer of the log that was just started in ``database``."""
    return Signer.create(empty_database, state_dir, ORIGIN, clock)


@pytest.fixture
def database(empty_database: Database, signer: Signer) -> Database:
    """All tables and an empty log; the test runs once on each engine."""
    keep_salt_key(empty_database)
    return empty_database
