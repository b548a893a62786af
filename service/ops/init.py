"""Setting a service up: folder, tables, keys, log, and the first operator's link."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.bootstrap import AT_REST_FILE, guard_of
from service.clock import now
from service.config import Settings
from service.domain.events import SERVICE, Action, Event
from service.ops import lock, migrate
from service.ops.failures import OpsError
from service.ops.opening import new_database, opened
from service.storage import log
from service.storage.at_rest import AtRest
from service.storage.database import Database
from service.storage.errors import LogMissingError
from service.storage.log_key import check_key_kept
from service.storage.signer import KEY_FILE, Signer
from service.usecases import invitations
from service.usecases.context import Context
from service.wire.people import Invitation


@contextmanager
def set_up(read: Settings, *, actor: str) -> Iterator[Context]:
    """Make what is missing and nothing else: a run that was interrupted is taken up again.

    Raises:
        OpsError: a server is running, or other users may look into the state folder.
        SignerError: keys and log that are there do not belong together.
    """
    _make_folder(read.state_dir)
    with lock.held(read.state_dir / lock.SERVER) as ours:
        if not ours:
            raise OpsError("a server is running in this state folder: it is already set up")
        _make_missing(read)
        with opened(read) as ctx:
            _record_start(ctx, actor)
            yield ctx


def invite_first(ctx: Context, *, actor: str, email: str, name: str) -> Invitation:
    """Issue a link for an operator.

    Raises:
        MalformedError, TakenError: as ``invitations.first_operator``.
    """
    return invitations.first_operator(ctx, actor=actor, email=email, name=name)


def _make_missing(read: Settings) -> None:
    guard = guard_of(read)
    with guard.hold():  # before a database is made, which would be in the way of the one put back
        check_key_kept(read.state_dir / KEY_FILE, guard)
    database = new_database(read)
    try:
        migrate.upgrade(database)
        if not _has_log(database):
            Signer.create(database, read.state_dir, read.origin, now, guard_of(read))
    finally:
        database.dispose()
    if not (read.state_dir / AT_REST_FILE).exists():
        AtRest.create(read.state_dir / AT_REST_FILE)


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise OpsError(f"other users can read {folder}: run 'chmod 700 {folder}'")


def _has_log(database: Database) -> bool:
    try:
        with database.read() as session:
            log.head(session)
            return True
    except LogMissingError:
        return False


def _record_start(ctx: Context, actor: str) -> None:
    with ctx.write() as unit:
        if log.head(unit.session).size == 0:
            unit.record(Event(action=Action.LOG_STARTED, actor=actor, subject=SERVICE))
