"""``python -m tests.benchmarks [part ...]``: figures as ratios, side by side in one run.

Without the name of a part, all of them but ``large``, which takes long. Each act and read goes to
the service as ``breakglass-ops serve`` configures it, without its worker, which would tell people
of one act while the next is measured.
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.benchmarks import (
    appends,
    browser,
    flushing,
    history,
    large,
    pages,
    primitives,
    served,
    verifying,
)
from tests.benchmarks.cluster import running_cluster
from tests.benchmarks.figures import Figure, Row, say, table

NewDatabase = Callable[[str], str]
Served = Callable[[Path, tuple[str, str], str, int], Iterator[Row]]


def _primitives(_folder: Path, _new: NewDatabase) -> Iterator[Figure]:
    yield from primitives.rows()


def _on_both(rows: Served, folder: Path, new: NewDatabase, name: str) -> Iterator[Figure]:
    lite, full = folder / "sqlite", folder / "postgresql"
    lite.mkdir()
    full.mkdir()
    yield from rows(lite, ("", f"sqlite:///{lite / 'bare' / 'bare.db'}"), "SQLite", 1)
    yield from rows(full, (new(f"{name}_service"), new(f"{name}_bare")), "PostgreSQL", 2)


def _served(folder: Path, new: NewDatabase) -> Iterator[Figure]:
    yield from _on_both(served.rows, folder, new, "served")


def _pages(folder: Path, new: NewDatabase) -> Iterator[Figure]:
    yield from _on_both(pages.rows, folder, new, "pages")


def _browser(folder: Path, _new: NewDatabase) -> Iterator[Figure]:
    yield from browser.rows(folder)


def _appends(folder: Path, new: NewDatabase) -> Iterator[Figure]:
    yield from appends.rows(f"sqlite:///{folder / 'log.db'}", folder / "lite", "SQLite", 0.7)
    yield from appends.rows(new("log"), folder / "full", "PostgreSQL", 0.6)


def _flushing(folder: Path, _new: NewDatabase) -> Iterator[Figure]:
    yield from flushing.rows(folder)


def _history(folder: Path, new: NewDatabase) -> Iterator[Figure]:
    lite = (f"sqlite:///{folder / 'short.db'}", f"sqlite:///{folder / 'long.db'}")
    (folder / "lite").mkdir()
    (folder / "full").mkdir()
    yield from history.rows(folder / "lite", lite, "SQLite")
    yield from history.rows(folder / "full", (new("short"), new("long")), "PostgreSQL")


def _large(folder: Path, new: NewDatabase) -> Iterator[Figure]:
    yield from large.rows(folder, new)


def _verifying(folder: Path, _new: NewDatabase) -> Iterator[Figure]:
    yield from verifying.rows(folder)


_PARTS: Mapping[str, Callable[[Path, NewDatabase], Iterator[Figure]]] = {
    "primitives": _primitives,
    "served": _served,
    "pages": _pages,
    "browser": _browser,
    "appends": _appends,
    "flushing": _flushing,
    "history": _history,
    "verifying": _verifying,
    "large": _large,
}
_ON_DEMAND = {"large"}


def _figures(folder: Path, parts: list[str]) -> Iterator[Figure]:
    with running_cluster(folder) as new_database:
        for part in parts:
            place = folder / part
            place.mkdir()
            yield from _PARTS[part](place, new_database)


def main(*parts: str) -> None:
    """Say each figure as it is there, and the table at the end."""
    unknown = set(parts) - set(_PARTS)
    if unknown:
        sys.exit(f"parts are {', '.join(_PARTS)}")
    began, figures = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="bg-bench-") as folder:
        for figure in _figures(
            Path(folder), list(parts or [part for part in _PARTS if part not in _ON_DEMAND])
        ):
            print(say(figure), file=sys.stderr, flush=True)
            figures.append(figure)
    print(table(figures))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    spent = time.monotonic() - began
    print(
        f"\nPython {platform.python_version()}, {os.cpu_count()} cores, load {load}, {spent:.0f} s"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
