"""Killed at random while writing: what is there afterwards is whole, and writing goes on."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from service import clock
from service.storage.database import Database
from service.storage.signer import Signer
from tests.cast import CUSTODIANS
from tests.races.killed_writer import open_world
from tests.races.whole import check_whole
from tests.usecases.world import make_world

KILLS = 50
AT_ONCE = 2


class Writers:
    """Starts writers and kills them."""

    def __init__(self, url: str, state_dir: Path) -> None:
        command = [sys.executable, "-m", "tests.races.killed_writer", url, str(state_dir)]
        self.parent = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def say(self) -> str:
        assert self.parent.stdout is not None
        return self.parent.stdout.readline().strip()

    def start(self, seed: int) -> int:
        """Start one and wait until it writes; returns its process id."""
        assert self.parent.stdin is not None
        self.parent.stdin.write(f"{seed}\n")
        self.parent.stdin.flush()
        lines = {self.say(), self.say()}
        assert "writing" in lines
        [pid] = lines - {"writing"}
        return int(pid)

    def end(self) -> None:
        self.parent.communicate(timeout=10)


def test_fifty_kills_leave_no_gap_no_fork_and_no_half_act(
    database: Database, signer: Signer, state_dir: Path, database_url: str
) -> None:
    world = make_world(database, signer, state_dir, clock.now)
    world.enrol_everybody()
    world.register()
    world.accept_roster()
    world.seal()
    world.confirm(*CUSTODIANS)
    dice = random.Random(20261123)
    before = check_whole(world.ctx)
    writers = Writers(database_url, state_dir)
    for number in range(0, KILLS, AT_ONCE):
        for pid in [writers.start(number + i) for i in range(AT_ONCE)]:
            time.sleep(dice.uniform(0.01, 0.25))
            os.kill(pid, signal.SIGKILL)
    writers.end()
    world = open_world(database_url, state_dir)
    assert check_whole(world.ctx) > before + KILLS
    time.sleep(2)  # until what the dead have asked is over
    request = world.ask()
    world.cancel(request)
    check_whole(world.ctx)
    world.ctx.database.dispose()
