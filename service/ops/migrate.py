"""Bringing the database's tables to what this version of the program expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import migrations
from service.ops import lock
from service.ops.failures import OpsError
from service.storage.database import Database


def revisions(connection: Connection | None = None) -> Config:
    """Alembic's configuration, from where the package is installed."""
    config = Config()
    folder = str(Path(migrations.__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision that this version of the program expects."""
    return ScriptDirectory.from_config(revisions()).get_current_head() or ""


def current(database: Database) -> str:
    """The revision that the database has; empty before the first."""
    with database.read() as session:
        return MigrationContext.configure(session.connection()).get_current_revision() or ""


def check(database: Database) -> None:
    """Refuse a database of another version.

    Raises:
        OpsError: migrations are due, or the database is of a newer version of the program.
    """
    has, expects = current(database), newest()
    if has == expects:
        return
    script = ScriptDirectory.from_config(revisions())
    known = {step.revision for step in script.walk_revisions()}
    if has and has not in known:
        raise OpsError(
            f"the database is at revision {has}, which this version of the program does not know: "
            "install the version that was used last, or a newer one"
        )
    if not has:
        raise OpsError("the database has no tables: run 'breakglass-ops init'")
    raise OpsError(
        f"migrations are due (the database is at {has}, the program expects {expects}): stop the "
        "service, take a backup, run 'breakglass-ops migrate'"
    )


def upgrade(database: Database) -> list[str]:
    """Run what is due, in one transaction; returns the revisions that were run, oldest first."""
    script = ScriptDirectory.from_config(revisions())
    has = current(database)
    due = [step.revision for step in script.iterate_revisions("heads", has or "base")]
    if due:
        with database.write() as session:
            command.upgrade(revisions(session.connection()), "head")
    return due[::-1]


def upgrade_stopped(database: Database, state_dir: Path) -> list[str]:
    """As :func:`upgrade`, but never under a running server of this folder.

    Raises:
        OpsError: a server runs.
    """
    with lock.held(state_dir / lock.SERVER) as ours:
        if not ours:
            raise OpsError("a server is running in this state folder: stop it first")
        return upgrade(database)
