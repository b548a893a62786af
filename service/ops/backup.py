"""A consistent copy of the database while the service runs.

The copy is the database and nothing else. ``at-rest.key`` stays out on purpose: without it, the
released shares in a backup open for no one, not even for the requester's device. The
signer's guard stays out as well: an old one would let a shortened log pass. ``witnesses.txt`` is
named and not copied: it is where the keys are and is the operator's own; ``status`` says where
it is missed.
"""

import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from service.config import Settings
from service.ops.failures import OpsError

# What may stand in the query of a database's URL and no one may read.
SECRETS = ("password", "sslpassword")

NOT_INSIDE = """\
Not in the backup; copy each once, after 'init', and keep it elsewhere:
  log.key       in a safe: anyone who has it can sign checkpoints of a false log
  at-rest.key   never with a backup: it encrypts released shares that no one has opened yet
  the settings  with the database's password, if it has one
Not in the backup either, and yours to keep, because you wrote them: witnesses.txt, sign-in.txt.
log.guard must never come from a copy: it is the machine's record of what it has signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Where the copy is, and how many entries of the log it holds (None: not looked at)."""

    path: Path
    entries: int | None


def backup(read: Settings, destination: Path, now: datetime) -> Copy:
    """Copy the database to a new file that only its owner reads (0600).

    A folder as destination gets a file named after the time.

    Raises:
        OpsError: the destination exists, or there is no 'pg_dump' for PostgreSQL.
    """
    url = make_url(read.database)
    sqlite = url.get_backend_name() == "sqlite"
    path = _named(destination, now, "db" if sqlite else "dump")
    tool = "" if sqlite else _pg_dump(url, path)
    _make_file(path)
    try:
        if sqlite:
            return Copy(path=path, entries=_copy(Path(url.database or ""), path))
        _dump(tool, url, path)
        return Copy(path=path, entries=None)
    except BaseException:
        path.unlink(missing_ok=True)  # half a backup is none
        raise


def _named(destination: Path, now: datetime, suffix: str) -> Path:
    if destination.is_dir():
        return destination / f"breakglass-{now:%Y%m%dT%H%M%SZ}.{suffix}"
    return destination


def _make_file(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        raise OpsError(
            f"{path} already exists: choose another name, a backup never replaces a file"
        ) from None


def _copy(source: Path, path: Path) -> int:
    """Copy under one snapshot, look at the copy, bring it to the disk; returns its entries."""
    if not source.is_file():
        raise OpsError(f"there is no database {source}")
    reader = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    try:
        reader.execute("VACUUM INTO ?", (str(path),))
    finally:
        reader.close()
    entries = _look(path)
    for each in (path, path.parent):
        descriptor = os.open(each, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return entries


def _look(path: Path) -> int:
    copy = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        [sound] = copy.execute("PRAGMA integrity_check").fetchone()
        if sound != "ok":
            raise OpsError("the copy is damaged, and was removed: check the disk, then try again")
        [entries] = copy.execute("SELECT size FROM audit_head").fetchone()
        return int(entries)
    finally:
        copy.close()


def _pg_dump(url: URL, path: Path) -> str:
    tool = shutil.which("pg_dump")
    if tool is None:
        raise OpsError(
            "PostgreSQL is backed up with its own 'pg_dump', which is not installed here. Where it "
            f"is, run: pg_dump --format=custom --file={path} '{_without_password(url)}'"
        )
    return tool


def _without_password(url: URL) -> str:
    parts = url._replace(drivername="postgresql", password=None)  # set() keeps what is None
    return parts.difference_update_query(SECRETS).render_as_string(hide_password=False)


def _password(url: URL) -> str:
    """Return the password, or nothing: as for the service, one in the query goes before."""
    [*_, last] = ("", url.password, *url.normalized_query.get("password", ()))
    return str(last or "")


def _dump(tool: str, url: URL, path: Path) -> None:
    """Run pg_dump; the password goes by its environment, since every user sees arguments."""
    password = {"PGPASSWORD": found} if (found := _password(url)) else {}
    done = subprocess.run(  # noqa: S603  # found on PATH; arguments as a list
        [tool, "--format=custom", f"--file={path}", _without_password(url)],
        env=os.environ | password,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise OpsError(f"pg_dump failed: {done.stderr.strip()}")
