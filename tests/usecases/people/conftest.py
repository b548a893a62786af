"""A service of their own for the tests of people, and Ann with her passkey."""

from pathlib import Path

import pytest

from service.storage.at_rest import AtRest
from service.storage.database import Database
from service.storage.signer import Signer
from service.usecases.context import Context
from tests.conftest import HandClock
from tests.fakes.authenticator import Authenticator
from tests.usecases.people import acts, passkeys
from tests.usecases.people.acts import Someone


@pytest.fixture
def ctx(database: Database, signer: Signer, clock: HandClock, state_dir: Path) -> Context:
    return Context(
        database=database,
        clock=clock,
        signer=signer,
        at_rest=AtRest.create(state_dir / "at-rest.key"),
        url="http://localhost:8420",
        default_channel="file",
    )


@pytest.fixture
def ann(ctx: Context) -> Someone:
    return acts.enrol(ctx, "Ann")


@pytest.fixture
def device(ctx: Context, ann: Someone) -> Authenticator:
    return passkeys.add(ctx, ann)
