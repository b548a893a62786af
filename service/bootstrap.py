"""Live objects from settings: the only place that puts the service together."""

from collections.abc import Sequence

from crypto.note import NoteVerifier
from service import clock
from service.config import Settings
from service.domain.topic import FILE_CHANNEL
from service.storage import sign_in_note
from service.storage.at_rest import AtRest
from service.storage.database import Database
from service.storage.errors import GuardUnreachableError
from service.storage.guard import FileGuard, Guard
from service.storage.shared_guard import SharedGuard
from service.storage.signer import GUARD_FILE, Signer
from service.usecases.context import Context
from service.witnesses.known import WitnessFileError, read_witnesses

AT_REST_FILE = "at-rest.key"  # in the state folder


def build(settings: Settings, now: clock.Clock = clock.now) -> Context:
    """Open the database, load the keys, and refuse to start with a log that they do not fit.

    Raises:
        SignerError: the log's key, its guard and the log do not belong together.
        LogMissingError, LogDamagedError: there is no log, or not a whole one.
        AtRestKeyError: the key of resealed shares is missing.
    """
    ctx = assemble(settings, now)
    try:
        ctx.signer.check(ctx.database)
    except BaseException:
        ctx.database.dispose()  # no one else has it
        raise
    return ctx


def assemble(settings: Settings, now: clock.Clock = clock.now) -> Context:
    """The same for repairing a log that does not fit: nothing is checked against it.

    Raises:
        SignerError, AtRestKeyError: a key is missing.
    """
    database = Database(settings.database, settings.state_dir)
    signer = signer_of(settings, now)
    return Context(
        database=database,
        clock=now,
        signer=signer,
        at_rest=AtRest.load(settings.state_dir / AT_REST_FILE),
        url=settings.url,
        default_channel=settings.sns_topic_arn or FILE_CHANNEL,
        sign_in_note=settings.state_dir / sign_in_note.FILE,
        witnesses=_witnesses(settings, signer.verifier_key),
    )


def _witnesses(settings: Settings, verifier_key: str) -> Sequence[str]:
    """Who is asked to cosign the log, by verifier key.

    None if the file makes no sense: a server refuses to start over that, and the commands
    that say so, or mend something else, go on.
    """
    try:
        known = read_witnesses(settings.state_dir, NoteVerifier.from_vkey(verifier_key))
    except WitnessFileError:
        return ()
    return [one.verifier.vkey for one in known]


def signer_of(settings: Settings, now: clock.Clock = clock.now) -> Signer:
    """The log's signer with the guard that is set.

    Raises:
        SignerError: the key is missing, or does not serve.
    """
    return Signer.load(settings.state_dir, settings.origin, now, guard_of(settings))


def guard_of(settings: Settings) -> Guard:
    """The signer's guard: the file in the state folder, or an object that several machines share.

    Raises:
        GuardUnreachableError: the settings do not say where the object is.
    """
    if settings.guard == "file":
        return FileGuard(settings.state_dir / GUARD_FILE)
    # The SDK takes a third of a second to load, which most installations never need.
    from service.aws.objects.object import S3Object  # noqa: PLC0415

    bucket, _, key = settings.guard.removeprefix("s3://").partition("/")
    try:
        store = S3Object(
            bucket, key, region=settings.s3_region, endpoint_url=settings.s3_endpoint_url
        )
    except OSError as fault:
        raise GuardUnreachableError(settings.guard, str(fault.strerror)) from None
    return SharedGuard(store, settings.state_dir / "log.lock")
