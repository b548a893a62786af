"""What storage itself can refuse. Each message says what is wrong and what to do.

Nothing here is a refusal of a person's act: use cases turn what they can into one, and the rest
stops the program.
"""

from datetime import datetime


class StorageError(Exception):
    """Base of everything that this package raises on purpose."""


class BusyError(StorageError):
    """Another writer held a lock for too long, or two deadlocked; nothing was written."""

    def __init__(self) -> None:
        super().__init__("the database is busy: nothing was written, try again")


class ClockMovedError(StorageError):
    """The time of an event is before the last one's; ``last_at`` is where the log stands."""

    def __init__(self, last_at: datetime) -> None:
        super().__init__(f"the clock is behind the log's last event of {last_at.isoformat()}")
        self.last_at = last_at


class LogMissingError(StorageError):
    """The database has no log."""

    def __init__(self) -> None:
        super().__init__(
            "the database has no log: start one with 'breakglass-ops init', "
            "or point DATABASE_URL at the right database"
        )


class LogExistsError(StorageError):
    """A log was to be started where one is."""

    def __init__(self) -> None:
        super().__init__("the database has a log already; nothing was changed")


class LogDamagedError(StorageError):
    """Rows of the log contradict each other: somebody or something changed the database."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the log is damaged: {what}. Stop the service, keep a copy of the database as "
            "evidence, and restore the newest backup whose log verifies"
        )


class SignerError(StorageError):
    """Base of the reasons for which the log's signer does not sign."""


class KeyMissingError(SignerError):
    """There is no key file."""

    def __init__(self, path: object) -> None:
        super().__init__(
            f"the log's key {path} is missing: restore it from the backup of the state folder. "
            "Do not make a new one: checkpoints that people keep would no longer fit the log"
        )


class KeyExposedError(SignerError):
    """Other users of the machine may read or write the key file."""

    def __init__(self, path: object) -> None:
        super().__init__(
            f"the log's key {path} is open to other users of this machine: run 'chmod 600' on it, "
            "and ask who may have read it: with it, anybody can sign a false log"
        )


class KeyMismatchError(SignerError):
    """The key, the origin, the guard and the database do not belong together."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the log's key does not fit: {what}. Database, key and guard are backed up and "
            "restored together, and LOG_ORIGIN never changes; check which of them is another's"
        )


class GuardMissingError(SignerError):
    """The file with the last signed checkpoint is gone."""

    def __init__(self, path: object) -> None:
        super().__init__(
            f"the signer's guard {path} is missing: restore it from the backup of the state "
            "folder, or save there the checkpoint of the newest notice that anybody has kept, "
            "from its first line to the line of its signature"
        )


class GuardUnreachableError(SignerError):
    """The guard that several machines share does not answer."""

    def __init__(self, path: object, why: str) -> None:
        super().__init__(
            f"the signer's guard {path} does not answer ({why}): nothing is signed meanwhile, and "
            "acts go on without a receipt. Look at its bucket, this machine's rights and network"
        )


class GuardMovedError(SignerError):
    """Another signer replaced the guard that several machines share; nothing was written."""

    def __init__(self, path: object) -> None:
        super().__init__(
            f"another signer was faster with the guard {path} again and again: if this stays so, "
            "somebody signs for this log who should not"
        )


class RewoundError(SignerError):
    """The log is shorter than a checkpoint that was signed: an older database was restored."""

    def __init__(self, size: int, signed: int) -> None:
        super().__init__(
            f"the log was rewound: it has {size} entries, and a checkpoint over {signed} was "
            "signed. Entries are missing: restore a newer copy of the database. Only if there is "
            "none: 'breakglass-ops log new-epoch' says so in the log, to everybody"
        )


class EpochRefusedError(SignerError):
    """No new epoch is to begin."""


class ForkError(SignerError):
    """The log is not a continuation of a checkpoint that was signed: its past was rewritten."""

    def __init__(self, signed: int) -> None:
        super().__init__(
            f"the log was rewritten: its first {signed} entries are not those that were signed. "
            "Stop, keep this database as evidence, compare it with checkpoints in old notices, "
            "and restore a copy that continues the signed one"
        )
