"""What is wrong with this installation, in plain words, each with what to do about it.

Nothing is changed, and nothing is served by this: it looks, also when the service cannot start.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from service.bootstrap import AT_REST_FILE, signer_of
from service.clock import Clock
from service.config import Settings
from service.ops import migrate
from service.ops.failures import explain
from service.ops.finding import Finding
from service.ops.health import account_findings, channel_findings, clock_findings
from service.ops.log_copy import copy_findings
from service.ops.opening import open_database
from service.ops.witness_findings import witness_findings
from service.storage import log_rows
from service.storage.at_rest import AtRest
from service.storage.database import Database
from service.storage.errors import LogMissingError
from service.storage.signer import GUARD_FILE, KEY_FILE

PRIVATE = (KEY_FILE, GUARD_FILE, AT_REST_FILE, "breakglass.db", "notices.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything that is wrong; empty when nothing is known to be."""

    findings: Sequence[Finding]

    @property
    def exit_code(self) -> int:
        """1 if something is wrong."""
        return 1 if self.findings else 0


def look(read: Settings, clock: Clock) -> Status:
    """Look at everything that can be looked at."""
    found = list(_permissions(read.state_dir))
    try:
        database = open_database(read)
        try:
            found += _with_database(database, read, clock)
        finally:
            database.dispose()
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what is wrong
        found.append(Finding(code="database", message=explain(error)))
    return Status(findings=found)


def _permissions(folder: Path) -> Iterator[Finding]:
    for path in (folder, *(folder / name for name in PRIVATE)):
        if path.exists() and path.stat().st_mode & 0o077:
            mode = 700 if path.is_dir() else 600
            yield Finding(
                code="permissions",
                message=f"other users of this machine can open {path}: run 'chmod {mode} {path}'",
            )


def _with_database(database: Database, read: Settings, clock: Clock) -> Iterator[Finding]:
    try:
        migrate.check(database)
    except Exception as error:  # noqa: BLE001  # as above
        yield Finding(code="migrations", message=explain(error))
        return
    yield from _keys_and_log(database, read, clock)
    yield from clock_findings(database, read, clock())
    yield from channel_findings(database, read, clock())
    yield from witness_findings(database, read, clock())
    yield from copy_findings(database, read, clock)
    yield from account_findings(database, read, clock())


def _keys_and_log(database: Database, read: Settings, clock: Clock) -> Iterator[Finding]:
    def log_key() -> None:
        signer_of(read, clock).check(database)

    def at_rest_key() -> None:
        AtRest.load(read.state_dir / AT_REST_FILE)

    checks: dict[str, Callable[[], None]] = {
        "log-key": log_key,
        "at-rest-key": at_rest_key,
    }
    for code, check in checks.items():
        try:
            check()
        except Exception as error:  # noqa: BLE001  # as above
            yield Finding(code=code, message=explain(error))
    yield from _newest_rows(database)


def _newest_rows(database: Database) -> Iterator[Finding]:
    """A sample that stays quick however long the log is; ``log check`` reads all of it."""
    fault = None
    with database.read() as session, suppress(LogMissingError):  # a finding of log-key's
        fault = next(log_rows.newest(session), None)
    if fault is not None:
        yield Finding(
            code="log-rows",
            message=f"{fault.message}: someone or something changed the database. Keep a copy of "
            "it as evidence, and run 'breakglass-ops log check'",
        )
