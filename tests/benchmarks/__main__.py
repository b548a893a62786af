"""``python -m tests.benchmarks [part ...]``: figures as ratios, side by side in one run.

Without the name of a part, all of them but ``large``, which takes long. Each act and read goes to
the service as ``breakglass-ops serve`` configures it, without its worker, which would tell people
of one act while the next is measured.
"""

import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from tests.benchmarks.figures import Figure, Row
from tests.benchmarks.report import say, tables, write_into

NewDatabase = Callable[[str], str]
Served = Callable[[Path, tuple[str, str], str, int], Iterator[Row]]


def _primitives(folder: Path, _new: NewDatabase) -> Iterator[Figure]:
    yield from primitives.rows(folder)


def _on_both(rows: Served, folder: Path, new: NewDatabase, name: str) -> Iterator[Figure]:
    lite, full = folder / "sqlite", folder / "postgresql"
    lite.mkdir()
    full.mkdir()
    yield from rows(lite, ("", f"sqlite:///{lite / 'bare.db'}"), "SQLite", 1)
    yield from rows(full, (new(f"{name}_service"), new(f"{name}_bare")), "PostgreSQL", 2)


def _served(folder: Path, new: NewDatabase) -> Iterator[Figure]:
    yield from _on_both(served.rows, folder, new, "served")


def _pages(folder: Path, new: NewDatabase) -> Iterator[Figure]:
    yield from _on_both(pages.rows, folder, new, "pages")


def _browser(folder: Path, _new: NewDatabase) -> Iterator[Figure]:
    yield from browser.rows(folder)


def _appends(folder: Path, new: NewDatabase) -> Iterator[Figure]:
    yield from appends.rows(f"sqlite:///{folder / 'log.db'}", folder / "lite", "SQLite")
    yield from appends.rows(new("log"), folder / "full", "PostgreSQL")


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


def _figures(folder: Path, parts: Sequence[str]) -> Iterator[Figure]:
    with running_cluster(folder) as new_database:
        for part in parts:
            place = folder / part
            place.mkdir()
            yield from _PARTS[part](place, new_database)


def _measured(parts: Sequence[str]) -> list[Figure]:
    """Each figure, said as it comes."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="bg-bench-") as folder:
        for figure in _figures(Path(folder), parts):
            print(say(figure), file=sys.stderr, flush=True)
            figures.append(figure)
    return figures


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def main(*given: str) -> None:
    """Say each figure as it is there, and the tables at the end.

    ``--into FILE`` also writes them into that document, of a whole run alone.
    """
    document = Path(given[1]) if given[:1] == ("--into",) and len(given) > 1 else None
    parts = given[2:] if document else given
    if set(parts) - set(_PARTS):
        sys.exit(f"parts are {', '.join(_PARTS)}")
    if document and parts:
        sys.exit("a document takes the tables of a whole run")
    began, load = time.monotonic(), _load()
    figures = _measured(parts or [part for part in _PARTS if part not in _ON_DEMAND])
    machine = (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite "
        f"{sqlite3.sqlite_version}; {time.monotonic() - began:.0f} s, load {load} at the beginning "
        f"and {_load()} at the end."
    )
    measured = f"{machine}\n\n{tables(figures)}"
    print(measured)
    if document:
        write_into(document, measured)


if __name__ == "__main__":
    main(*sys.argv[1:])
