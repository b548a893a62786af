"""Worlds that refusals are tried on. A refusal leaves nothing behind, so many share one world."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.domain.errors import Refusal
from service.storage.base import Base
from service.storage.database import Database
from service.storage.signer import Signer
from tests.conftest import ORIGIN, HandClock
from tests.postgres import fresh_schema
from tests.salts import keep_salt_key
from tests.usecases.world import World, make_world

Act = Callable[[World], object]
# A checkpoint is no trace of an act: it says how long the log is, and that did not change.
_NOT_A_TRACE = {"audit_checkpoint"}


def snapshot(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with world.ctx.database.read() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in _NOT_A_TRACE
        }


def refused(world: World, code: str, act: Act) -> None:
    """The act is refused by this name, and nothing whatever is left of it."""
    before = snapshot(world)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the code is compared below
        act(world)
    assert code_of(caught.value) == code
    assert snapshot(world) == before


def code_of(error: BaseException) -> str:
    """A refusal's stable code; of what crypto raises, the one that the edge gives it."""
    if isinstance(error, Refusal):
        return error.code
    names = {"MalformedError": "malformed", "VerificationError": "bad-signature"}
    return names.get(type(error).__name__, repr(error))


@contextmanager
def opened(url: str, folder: Path) -> Iterator[World]:
    """An empty world on this database."""
    clock = HandClock()
    folder.chmod(0o700)
    database = Database(url, folder)
    Base.metadata.create_all(database.engine)
    keep_salt_key(database)
    signer = Signer.create(database, folder, ORIGIN, clock)
    yield make_world(database, signer, folder, clock)
    database.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def empty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp(f"state-{uuid.uuid4().hex[:6]}")
    url = f"sqlite:///{folder / 'breakglass.db'}"
    if request.param == "postgres":
        url = fresh_schema(request.getfixturevalue("postgres"))
    with opened(url, folder) as world:
        yield world
