"""The log at ten million events: appends, history, proofs, and the verification of an export.

One database after the other, and each is deleted before the next is filled.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import history, verifying
from tests.benchmarks.appends import Twin, row_of
from tests.benchmarks.figures import Figure

SMALL, LARGE = 10_000, 10_000_000
# Of one database: the log, its rows once more, notices, what is written ahead. Or of an export.
GIGABYTES = 30


def rows(folder: Path, new: Callable[[str], str]) -> Iterator[Figure]:
    """Each as it is measured; ``new`` makes a PostgreSQL database of a name."""
    print(f"this needs up to {GIGABYTES} GB in {folder}", file=sys.stderr, flush=True)
    with TemporaryDirectory(dir=folder) as place:
        urls = (f"sqlite:///{place}/short.db", f"sqlite:///{place}/long.db")
        yield from _database(Path(place), urls, "SQLite")
    with TemporaryDirectory(dir=folder) as place:
        yield from verifying.rows(Path(place), plain=LARGE)
    yield from _database(folder, (new("large_short"), new("large_long")), "PostgreSQL")


def _database(folder: Path, urls: tuple[str, str], name: str) -> Iterator[Figure]:
    with history.logs_of(folder, urls, name, (SMALL, LARGE)) as logs:
        yield from history.rows_of(logs, name)
        twin = Twin(logs[1].ctx, urls[1])
        twin.copy()
        yield row_of(twin, f"append at {LARGE:,}, {name}", f"append, {name}")
        twin.dispose()
