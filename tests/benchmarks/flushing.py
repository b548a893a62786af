"""Appending on a disk that takes two milliseconds more for each flush than the one there is.

``python -m tests.benchmarks.flushing FOLDER`` measures in a process, and on a PostgreSQL below it,
that preload ``slow_flush.c``; ``rows`` builds that, starts it, and reads what it prints.
"""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import appends
from tests.benchmarks.cluster import running_cluster
from tests.benchmarks.figures import Row, milliseconds

DELAY = 2.0  # milliseconds, as in slow_flush.c
SOURCE = Path(__file__).parent / "slow_flush.c"


def rows(folder: Path) -> Iterator[Row]:
    """One line for each database; none, and a word why, where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        print("slow flushes: left out, there is no C compiler", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="bg-slow-") as place:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.flushing", folder],
            env=os.environ | {"LD_PRELOAD": str(_built(compiler, Path(place)))},
            stdout=subprocess.PIPE,
            check=True,
        )
    for line in done.stdout.splitlines():
        yield Row(**json.loads(line))


def _built(compiler: str, place: Path) -> Path:
    """The library, where everybody may read it: started by root, PostgreSQL runs as another."""
    place.chmod(0o755)
    library = place / "slow_flush.so"
    build = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(build, check=True)
    library.chmod(0o755)
    return library


def _flush_time(folder: Path) -> float:
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"0")
        return milliseconds(lambda: os.fdatasync(file.fileno()))


def _measured(url: str, state_dir: Path, name: str) -> Row | None:
    """The row; None, and a word why, if the slow flushes did not reach that database."""
    row = appends.row_at(url, state_dir, f"append, {DELAY:.0f} ms a flush, {name}", "append, slow")
    if row.bare < DELAY:
        print(f"slow flushes: left out, {name} does not wait for them here", file=sys.stderr)
        return None
    return row


def main(name: str) -> None:
    """Measure, and print each row as JSON."""
    folder = Path(name)
    if _flush_time(folder) < DELAY:
        raise RuntimeError("a flush here is not slower than the disk's own")
    with running_cluster(folder) as new_database:
        lite = f"sqlite:///{folder / 'slow.db'}"
        for url, place, kind in (
            (lite, "slow-lite", "SQLite"),
            (new_database("slow"), "slow-full", "PostgreSQL"),
        ):
            row = _measured(url, folder / place, kind)
            if row is not None:
                print(json.dumps(dataclasses.asdict(row)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
