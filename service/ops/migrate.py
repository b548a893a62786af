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
from service.storage.advice import Advice, AdvisedError
from service.storage.database import Database


class NewerDatabaseError(AdvisedError, OpsError):
    """The program is older than the tables."""

    says = "the database is at revision {has}, which this version of the program does not know"
    advice = Advice(
        do="install the version that was used last, or a newer one", runbook="upgrading"
    )


class TablesMissingError(AdvisedError, OpsError):
    """The database is new, or another one."""

    says = "the database has no tables"
    advice = Advice(
        do="check BREAKGLASS_DATABASE_URL and BREAKGLASS_STATE_DIR, and only if this installation "
        "is new run 'breakglass-ops init'"
    )


class MigrationsDueError(AdvisedError, OpsError):
    """The program is newer than the tables."""

    says = "migrations are due (the database is at {has}, the program expects {expects})"
    advice = Advice(
        do="stop the service, run 'breakglass-ops backup', then 'breakglass-ops migrate'",
        runbook="upgrading",
    )


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
        raise NewerDatabaseError(has=has)
    if not has:
        raise TablesMissingError
    raise MigrationsDueError(has=has, expects=expects)


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
