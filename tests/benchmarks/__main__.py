"""``python -m tests.benchmarks``: every figure as a ratio, measured side by side in one run.

Each act and read goes to the service as ``breakglass-ops serve`` configures it, without its worker,
which would tell people of one act while the next is measured.
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import appends, primitives, served
from tests.benchmarks.cluster import running_cluster
from tests.benchmarks.figures import Row, table


def _rows(folder: Path) -> Iterator[Row]:
    yield from primitives.rows()
    with running_cluster(folder) as new_database:
        lite, full = folder / "sqlite", folder / "postgresql"
        lite.mkdir()
        full.mkdir()
        bare = f"sqlite:///{lite / 'bare' / 'bare.db'}"
        yield from served.rows(lite, ("", bare), "SQLite", 1)
        both = (new_database("service"), new_database("bare"))
        yield from served.rows(full, both, "PostgreSQL", 2)
        log = f"sqlite:///{lite / 'log.db'}"
        yield from appends.rows(log, lite / "log", "SQLite", 0.7)
        yield from appends.rows(new_database("log"), full / "log", "PostgreSQL", 0.6)


def main() -> None:
    """Say each row as it is there, and the table at the end."""
    began, rows = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="bg-bench-") as folder:
        for row in _rows(Path(folder)):
            print(f"{row.name}: {row.ratio:.2f} {row.verdict}", file=sys.stderr, flush=True)
            rows.append(row)
    print(table(rows))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    spent = time.monotonic() - began
    print(
        f"\nPython {platform.python_version()}, {os.cpu_count()} cores, load {load}, {spent:.0f} s"
    )


if __name__ == "__main__":
    main()
