"""The whole log against itself and against what was signed: read, compared, and left as it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from crypto.checkpoint import Checkpoint
from crypto.note import NoteVerifier
from service.bootstrap import signer_of
from service.clock import Clock
from service.config import Settings
from service.ops import migrate
from service.ops.failures import explain
from service.ops.opening import open_database
from service.storage import log_check, log_rows
from service.storage.database import Database
from service.storage.errors import StorageError
from service.storage.log_rows import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A log that is about to be read: how many entries it says it has, and its faults as found."""

    size: int
    faults: Iterator[Fault]


@contextmanager
def looking(
    read: Settings, clock: Clock, tick: Callable[[int], None] = lambda _count: None
) -> Iterator[Look]:
    """Open the database and the guard; everything is seen as it was at one moment.

    Raises:
        OpsError, LogMissingError: there is no log to look at.
    """
    database = open_database(read)
    try:
        migrate.check(database)
        # The guard first: what it covers was committed before, so a log that grows meanwhile fits.
        verifier, guarded, faults = _signed(read, database, clock)
        with database.read() as session:
            found = log_check.check(session, verifier, guarded, tick)
            yield Look(size=log_rows.size(session), faults=_chained(faults, found))
    finally:
        database.dispose()


def _signed(
    read: Settings, database: Database, clock: Clock
) -> tuple[NoteVerifier, Checkpoint | None, list[Fault]]:
    """The key and the guard; what is wrong with them is a fault like any other."""
    with database.read() as session:
        named = log_rows.head(session).verifier_key
    try:
        signer = signer_of(read, clock)
    except (StorageError, OSError) as error:
        return NoteVerifier.from_vkey(named), None, [Fault(leaf=0, message=explain(error))]
    verifier = NoteVerifier.from_vkey(signer.verifier_key)
    try:
        return verifier, signer.guarded(), []
    except (StorageError, OSError) as error:
        return verifier, None, [Fault(leaf=0, message=explain(error))]


def _chained(first: list[Fault], then: Iterator[Fault]) -> Iterator[Fault]:
    yield from first
    yield from then
