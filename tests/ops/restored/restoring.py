"""A copy that is put back in the place of the database, as an operator does it."""

import shutil
from pathlib import Path

from service.config import Settings
from tests.postgres import restore


def put_back(read: Settings, copy: Path) -> None:
    """Stop nothing and keep nothing: what has happened since is gone."""
    if read.database_url:
        restore(read.database_url, copy)
        return
    put_file_back(read.state_dir, copy)


def put_file_back(state_dir: Path, copy: Path) -> None:
    """The same of SQLite, whose copy is one file."""
    shutil.copy(copy, state_dir / "breakglass.db")
    for name in ("breakglass.db-wal", "breakglass.db-shm"):
        (state_dir / name).unlink(missing_ok=True)
