"""A world that is ready for everything, made once, and a copy of it for each operation."""

import shutil
from copy import copy
from dataclasses import dataclass
from pathlib import Path

from service.storage.base import Base
from service.storage.database import Database
from service.storage.signer import Signer
from tests.conftest import ORIGIN, HandClock
from tests.fakes.authenticator import Authenticator
from tests.salts import keep_salt_key
from tests.usecases.people import acts, passkeys
from tests.usecases.people.acts import Someone
from tests.usecases.world import World, make_world

DATABASE = "breakglass.db"


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An envelope is in force, and Nell, who signs in with a phrase and a passkey, has enrolled."""

    world: World
    nell: Someone
    device: Authenticator
    state_dir: Path


def prepare(state_dir: Path) -> Prepared:
    """Make it, in this empty folder."""
    clock = HandClock()
    database = Database(f"sqlite:///{state_dir / DATABASE}", state_dir)
    Base.metadata.create_all(database.engine)
    keep_salt_key(database)
    signer = Signer.create(database, state_dir, ORIGIN, clock)
    world = make_world(database, signer, state_dir, clock)
    world.ready()
    nell = acts.enrol(world.ctx, "Nell")
    device = passkeys.add(world.ctx, nell)
    database.dispose()
    return Prepared(world=world, nell=nell, device=device, state_dir=state_dir)


def copied(prepared: Prepared, state_dir: Path) -> Prepared:
    """The same world with a database, a key and a clock of its own."""
    shutil.copytree(prepared.state_dir, state_dir)
    clock = HandClock()
    clock.time = prepared.world.clock.time
    database = Database(f"sqlite:///{state_dir / DATABASE}", state_dir)
    signer = Signer.load(state_dir, ORIGIN, clock)
    signer.check(database)
    world = make_world(database, signer, state_dir, clock)
    for name in ("account", "roster"):
        setattr(world, name, getattr(prepared.world, name))
    for name in ("anew", "sealed", "manifests", "asked", "recipients"):
        setattr(world, name, copy(getattr(prepared.world, name)))
    return Prepared(
        world=world, nell=prepared.nell, device=copy(prepared.device), state_dir=state_dir
    )
