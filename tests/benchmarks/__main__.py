"""``python -m tests.benchmarks``: every figure as a ratio, measured side by side in one run."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import primitives, served
from tests.benchmarks.figures import Row, table


def _rows(folder: Path) -> Iterator[Row]:
    yield from primitives.rows()
    (folder / "sqlite").mkdir()
    urls = ("", f"sqlite:///{folder / 'sqlite' / 'bare.db'}")
    yield from served.rows(folder / "sqlite", urls, "SQLite", 1)


def main() -> None:
    """Say each row as it is there, and the table at the end."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="bg-bench-") as folder:
        for row in _rows(Path(folder)):
            print(f"{row.name}: {row.ratio:.2f} {row.verdict}", file=sys.stderr, flush=True)
            rows.append(row)
    print(table(rows))


if __name__ == "__main__":
    main()
