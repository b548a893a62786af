"""Starts processes that write, and kills each at a random moment."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
NUMBERS_EACH = 1_000_000


class Writer:
    """One ``loop_writer``, and the numbers that it has said are committed."""

    def __init__(self, url: str, state_dir: Path, which: int) -> None:
        self._said = state_dir / f"writer-{which}.out"
        with self._said.open("wb") as output:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.storage.loop_writer"),
                    *(url, str(state_dir), str(which * NUMBERS_EACH)),
                ],
                cwd=ROOT,
                stdout=output,
            )

    def wait_until_it_writes(self) -> None:
        """Return when it has committed once; it must not have ended."""
        while not self._said.stat().st_size:
            assert self._process.poll() is None
            time.sleep(0.005)

    def kill(self) -> list[int]:
        """Kill it and return the numbers that it has said."""
        assert self._process.poll() is None, "it ended by itself"
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        lines = self._said.read_text().split("\n")
        return [int(line) for line in lines[:-1]]  # the last may be cut short


def kill_writers(url: str, state_dir: Path, kills: int, together: int = 2) -> list[int]:
    """Kill so many writers, some at a time, and return all numbers said to be committed."""
    chance = random.Random(kills)
    waiting = [Writer(url, state_dir, which) for which in range(together)]
    said = []
    for which in range(together, together + kills):
        writer = waiting.pop(0)
        waiting.append(Writer(url, state_dir, which))
        writer.wait_until_it_writes()
        time.sleep(chance.uniform(0, 0.1))
        said += writer.kill()
    for writer in waiting:
        writer.wait_until_it_writes()
        said += writer.kill()
    return said
