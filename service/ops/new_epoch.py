"""Going on after a restore: the service would not start, so nothing is checked before."""

from contextlib import ExitStack

from crypto.epoch import Epoch
from service.bootstrap import assemble
from service.config import Settings
from service.ops import lock, migrate
from service.ops.failures import OpsError
from service.ops.opening import open_database
from service.usecases import epochs


def begin(read: Settings, actor: str, why: str, newer: str) -> Epoch:
    """Begin a new epoch.

    Raises:
        OpsError: a server is running in this state folder, or there is no database.
        MalformedError, StorageError: see ``service.usecases.epochs``.
    """
    database = open_database(read)
    try:
        migrate.check(database)
    finally:
        database.dispose()
    with ExitStack() as life:
        if not life.enter_context(lock.held(read.state_dir / lock.SERVER)):
            raise OpsError("stop the server first: it serves the copy that was restored")
        ctx = assemble(read)
        life.callback(ctx.database.dispose)
        return epochs.begin(ctx, actor, why, newer)
