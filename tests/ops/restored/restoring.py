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
    shutil.copy(copy, read.state_dir / "breakglass.db")
    for name in ("breakglass.db-wal", "breakglass.db-shm"):
        (read.state_dir / name).unlink(missing_ok=True)
