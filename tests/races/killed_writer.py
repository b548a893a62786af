"""Processes that write until they are killed: ``python -m tests.races.killed_writer URL STATE``.

For each line on standard input, a seed, this process forks a writer and prints its process id; the
writer prints ``writing`` when it starts. The parent only spares its children the time to load; it
opens nothing that a child could share.

The cast is the same in every process; what is sealed they read back from the database.
"""

import contextlib
import os
import random
import sys
import time
from pathlib import Path

from crypto.opening import SealedEnvelope, SealedShare
from crypto.statement import parse
from service import clock
from service.domain.errors import Refusal, TooManyOpenError
from service.storage import envelopes, rosters
from service.storage.database import Database
from service.storage.signer import Signer
from service.usecases.settling import settle_due
from tests.cast import CUSTODIANS
from tests.conftest import ORIGIN
from tests.usecases.world import World, make_world


def open_world(url: str, state_dir: Path) -> World:
    """The world in this database as an earlier process left it."""
    database = Database(url, state_dir)
    signer = Signer.load(state_dir, ORIGIN, clock.now)
    signer.check(database)
    world = make_world(database, signer, state_dir, clock.now)
    with world.ctx.read() as unit:
        chain = rosters.chain(unit.session, world.account).rosters
        world.roster = parse(chain[-1]) if chain else None
        newest = envelopes.newest(unit.session, world.account)
        if newest is not None:
            stored = envelopes.by_manifest(unit.session, newest.digest)
            world.manifests["newest"] = stored.manifest
            world.sealed[newest.digest] = SealedEnvelope(
                manifest=stored.manifest.payload,
                at=stored.entered_at,
                content=b"",
                shares=tuple(
                    SealedShare(
                        group=line.group.value,
                        custodian=line.custodian,
                        commitment=line.commitment,
                        sealed=envelopes.sealed_share(unit.session, newest.id, line.custodian)[1],
                    )
                    for line in newest.shares
                ),
            )
    return world


def write(world: World, dice: random.Random) -> None:
    """One request after another, each ended in one of several ways."""
    while True:
        try:
            request = world.ask(drill=dice.random() < 0.5, lifetime=dice.choice([1, 2]))
        except TooManyOpenError:  # those of writers that were killed, until they expire
            time.sleep(0.05)
            continue
        for name in dice.sample(CUSTODIANS, dice.randint(0, 6)):
            attempt(world, dice, name, request)
        attempt_end(world, dice, request)
        settle_due(world.ctx)


def attempt(world: World, dice: random.Random, name: str, request: str) -> None:
    """Approve or deny; what the rules refuse is none of this process's business."""
    try:
        if dice.random() < 0.15:
            world.deny(name, request)
        else:
            world.approve(name, request)
    except Refusal:
        return


def attempt_end(world: World, dice: random.Random, request: str) -> None:
    """Release and close, or cancel."""
    try:
        if dice.random() < 0.3:
            world.cancel(request)
        else:
            world.release(request)
            world.close(request)
    except Refusal:
        return


def fork(url: str, state_dir: Path, seed: int) -> int:
    """Start one writer; only the parent returns."""
    child = os.fork()
    if child:
        return child
    opened = open_world(url, state_dir)
    print("writing", flush=True)
    write(opened, random.Random(seed))
    raise AssertionError("a writer does not end by itself")


if __name__ == "__main__":
    for line in sys.stdin:
        print(fork(sys.argv[1], Path(sys.argv[2]), int(line)), flush=True)
        # Reap the one before, which is dead when the next is asked for.
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
