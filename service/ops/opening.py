"""From the environment to live objects, for every command: or a plain reason why not."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from service.bootstrap import build
from service.config import PREFIX, Settings, SettingsError
from service.ops import migrate
from service.ops.failures import OpsError
from service.storage.advice import LEAVE_THE_GUARD, Advice, AdvisedError, Kept
from service.storage.database import Database
from service.usecases.context import Context


class FolderMissingError(AdvisedError, OpsError):
    """Nothing was set up, or the program looks in the wrong place."""

    says = "there is no state folder {folder}"
    advice = Advice(
        do="check BREAKGLASS_STATE_DIR, and only if this installation is new run 'breakglass-ops "
        "init'"
    )


class DatabaseMissingError(AdvisedError, OpsError):
    """Nothing was set up, the program looks in the wrong place, or the file is gone."""

    says = "there is no database in {folder}"
    advice = Advice(
        do="check BREAKGLASS_STATE_DIR and BREAKGLASS_DATABASE_URL, or put back the newest copy of "
        "the database; only if this installation is new run 'breakglass-ops init'",
        never=LEAVE_THE_GUARD,
        put_back=Kept.DATABASE,
        runbook="restoring",
    )


def settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: it does not make sense; names the settings and never their values.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = error.errors(include_input=False, include_context=False, include_url=False)
        raise SettingsError("; ".join(map(_fault, faults))) from None


def _fault(fault: ErrorDetails) -> str:
    name = "_".join(str(part) for part in fault["loc"]).upper()
    message = fault["msg"].removeprefix("Value error, ")
    return f"{PREFIX}{name}: {message}" if name else message


def open_database(read: Settings) -> Database:
    """Open the database of a state folder that was set up.

    Raises:
        OpsError: it was not.
    """
    _check_folder(read.state_dir)
    if not read.database_url and not (read.state_dir / "breakglass.db").exists():
        raise DatabaseMissingError(folder=read.state_dir)
    return new_database(read)


def new_database(read: Settings) -> Database:
    """Name the database; on SQLite the file is made at the first connection.

    Raises:
        OpsError: neither SQLite nor PostgreSQL.
    """
    try:
        return Database(read.database, read.state_dir)
    except ValueError as error:
        raise OpsError(f"{PREFIX}DATABASE_URL: {error}") from None


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise FolderMissingError(folder=folder)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise OpsError(f"the state folder {folder} belongs to another user: run this as that user")


@contextmanager
def opened(read: Settings) -> Iterator[Context]:
    """Everything that the service needs, checked as it checks itself at start.

    Raises:
        OpsError: no state folder, no database, or migrations are due.
        StorageError, AtRestKeyError: keys and log do not belong together.
    """
    database = open_database(read)
    try:
        migrate.check(database)
    finally:
        database.dispose()
    ctx = build(read)
    try:
        yield ctx
    finally:
        ctx.database.dispose()
