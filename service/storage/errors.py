"""What storage itself can refuse. Each says what is wrong and what an operator does about it.

Nothing here is a refusal of a person's act: use cases turn what they can into one, and the rest
stops the program. The runbook in docs/operations.md has a row for each, made from these classes.
"""

from datetime import datetime

from service.storage.advice import LEAVE_THE_GUARD, Advice, AdvisedError, Kept


class StorageError(AdvisedError):
    """Base of everything that this package raises on purpose."""


class BusyError(StorageError):
    """Another writer held a lock for too long, or two deadlocked."""

    says = "the database is busy, and nothing was written"
    advice = Advice(do="try again")


class ClockMovedError(StorageError):
    """The time of an event is before the last one's; ``last_at`` is the last one's."""

    says = "the clock is behind the log's last event of {last_at}"
    advice = Advice(
        do="set the clock, or, if the log's time is wrong, run 'breakglass-ops clock accept'",
        runbook="the-clock",
    )

    def __init__(self, last_at: datetime) -> None:
        super().__init__(last_at=last_at.isoformat())
        self.last_at = last_at


class LogMissingError(StorageError):
    """The database has no log: it is new, or another one."""

    says = "the database has no log"
    advice = Advice(
        do="check BREAKGLASS_DATABASE_URL and BREAKGLASS_STATE_DIR, and only if this installation "
        "is new run 'breakglass-ops init'"
    )


class LogExistsError(StorageError):
    """A log was to be started where one is."""

    says = "the database already has a log, and nothing was changed"
    advice = Advice(do="start the service; another log needs a new database and a new state folder")


class LogDamagedError(StorageError):
    """Rows of the log contradict each other: someone or something changed the database."""

    says = "the log is damaged ({what})"
    advice = Advice(
        do="stop the service, keep this database as evidence, tell the auditor, and put back the "
        "newest copy of the database in which 'breakglass-ops log check' finds nothing wrong",
        never=LEAVE_THE_GUARD,
        put_back=Kept.DATABASE,
        runbook="restoring",
    )

    def __init__(self, what: str) -> None:
        super().__init__(what=what)


class SignerError(StorageError):
    """Base of the reasons for which the log's signer does not sign."""


class KeyMissingError(SignerError):
    """There is no key file."""

    says = "the log's key {path} is missing"
    advice = Advice(
        do="put back the copy of log.key that was made when the log was started, and no other file",
        never="Do not make a new one: checkpoints that people keep would no longer fit the log. "
        + LEAVE_THE_GUARD,
        put_back=Kept.LOG_KEY,
        runbook="the-logs-key",
    )

    def __init__(self, path: object) -> None:
        super().__init__(path=path)


class KeyExposedError(SignerError):
    """Other users of the machine may read or write the key file."""

    says = "the log's key {path} is open to other users of this machine"
    advice = Advice(
        do="run 'chmod 600' on it, and ask who may have read it: with it, anyone can sign a false "
        "log",
        runbook="the-logs-key",
    )

    def __init__(self, path: object) -> None:
        super().__init__(path=path)


class KeyMismatchError(SignerError):
    """Key, guard, database and origin are not of one installation, or one of them is no such file.

    ``what`` says which two do not fit.
    """

    says = "the log's key does not fit ({what})"
    advice = Advice(
        do="find out which of log.key, the guard, the database and BREAKGLASS_LOG_ORIGIN is "
        "damaged or another installation's, and correct that one alone",
        never="Never take a guard from a copy: an older one would hide missing entries",
        runbook="key-guard-and-log-do-not-fit",
    )

    def __init__(self, what: str) -> None:
        super().__init__(what=what)


class GuardMissingError(SignerError):
    """The last signed checkpoint is gone from where the signer keeps it."""

    says = "the signer's guard {path} is missing"
    advice = Advice(
        do="save there the checkpoint of the newest notice that anyone has kept, from its first "
        "line to the line of its signature",
        never="Never take it from a copy of the state folder or from the database: an older one "
        "would hide missing entries",
        runbook="the-guard",
    )

    def __init__(self, path: object) -> None:
        super().__init__(path=path)


class GuardUnreachableError(SignerError):
    """The guard that several machines share does not answer; acts go on without a receipt."""

    says = "the signer's guard {path} does not answer ({why}), so nothing is signed"
    advice = Advice(
        do="look at its bucket, this machine's rights and network; acts go on without a receipt "
        "meanwhile",
        never="Do not set another guard: it would not know what was signed",
        runbook="a-guard-for-several-machines",
    )

    def __init__(self, path: object, why: str) -> None:
        super().__init__(path=path, why=why)


class GuardMovedError(SignerError):
    """Another signer replaced the guard that several machines share; nothing was written."""

    says = "another signer keeps replacing the guard {path}"
    advice = Advice(
        do="find every machine that has log.key and may write the guard: several busy ones can do "
        "this, and one that you do not know means that log.key was stolen",
        runbook="a-guard-for-several-machines",
    )

    def __init__(self, path: object) -> None:
        super().__init__(path=path)


class RewoundError(SignerError):
    """The log is shorter than a checkpoint that was signed: an older database was put back."""

    says = "the log was rewound: it has {size} entries, and a checkpoint over {signed} was signed"
    advice = Advice(
        do="put back a newer copy of the database; only if there is none, 'breakglass-ops log "
        "new-epoch' continues with this one, and logs and announces what is lost",
        never=LEAVE_THE_GUARD,
        put_back=Kept.DATABASE,
        runbook="restoring",
    )

    def __init__(self, size: int, signed: int) -> None:
        super().__init__(size=size, signed=signed)


class EpochRefusedError(SignerError):
    """A new epoch was asked for, and none begins; nothing was changed."""

    says = "no new epoch was begun ({why})"
    advice = Advice(
        do="start the service: if it starts, nothing has to be abandoned. A file for --newer is a "
        "checkpoint of this log as it was received",
        runbook="restoring",
    )

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class ForkError(SignerError):
    """The log does not continue a checkpoint that was signed: its past was rewritten."""

    says = "the log was rewritten: its first {signed} entries are not those that were signed"
    advice = Advice(
        do="stop the service, keep this database as evidence, tell the auditor, compare it with "
        "the checkpoints of old notices, and put back the newest copy of the database that "
        "continues what was signed",
        never=LEAVE_THE_GUARD,
        put_back=Kept.DATABASE,
        runbook="restoring",
    )

    def __init__(self, signed: int) -> None:
        super().__init__(signed=signed)
