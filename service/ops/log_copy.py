"""The copy of the log in a locked bucket: a thread of its own, so that it keeps no notice waiting.

One process of a state folder copies at a time. Nothing waits for it: what it cannot do is a finding
of ``breakglass-ops status``, which asks the bucket itself.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from service.clock import Clock
from service.config import Settings
from service.ops import lock
from service.ops.failures import explain
from service.ops.finding import Finding
from service.storage import log
from service.storage.database import Database
from service.storage.errors import StorageError
from service.usecases import copying
from service.usecases.channels import PATIENCE
from service.usecases.context import Context
from service.usecases.copying import Archive, CopyDiffersError, Reach
from service.web import lines

LOCK = "copy.lock"
FAULT = "copy-fault.txt"  # why it does not copy, for ``status``; gone once it does
EVERY = 5.0  # seconds between two looks: what happens together is copied together
RECOVERY = 60.0  # seconds after a fault


def archive_of(read: Settings, clock: Clock, *, quick: bool = False) -> Archive | None:
    """The bucket that is set, or None. ``quick``: for a look, which gives up early.

    Raises:
        OSError: no region is known.
    """
    if not read.log_bucket:
        return None
    # The SDK takes a third of a second to load, which most installations never need.
    from service.aws.objects.archive import S3Archive

    return S3Archive(
        read.log_bucket,
        retention=timedelta(days=read.log_retention_days),
        clock=clock,
        region=read.s3_region,
        endpoint_url=read.s3_endpoint_url,
        patience=2.0 if quick else 10.0,
        tries=1 if quick else 3,
    )


def start_thread(ctx: Context, read: Settings, stop: threading.Event) -> threading.Thread | None:
    """Copy beside whatever this process does, if a bucket is set."""
    archive = archive_of(read, ctx.clock)
    if archive is None:
        return None
    thread = threading.Thread(
        target=work, args=(ctx, archive, read.state_dir, stop), name="log-copy", daemon=True
    )
    thread.start()
    return thread


def work(ctx: Context, archive: Archive, state_dir: Path, stop: threading.Event) -> None:
    """Copy while no other process of this folder does, until ``stop`` is set."""
    while not stop.is_set():
        with lock.held(state_dir / LOCK) as ours:
            if ours:
                _copy_alone(ctx, archive, state_dir / FAULT, stop)
        stop.wait(EVERY)


def _copy_alone(ctx: Context, archive: Archive, fault: Path, stop: threading.Event) -> None:
    reached: Reach | None = None
    while not stop.is_set():
        reached = copy_once(ctx, archive, fault, reached)
        stop.wait(RECOVERY if reached is None else EVERY)


def copy_once(ctx: Context, archive: Archive, fault: Path, reached: Reach | None) -> Reach | None:
    """Copy what is new; None after a fault, whose sentence is written to the file ``fault``."""
    try:
        if reached is None:
            reached = copying.reach(ctx.database, ctx.signer.verifier_key, archive)
        reached = copying.step(ctx, archive, reached)
        fault.unlink(missing_ok=True)
    except Exception as error:  # noqa: BLE001  # a copier that ends copies nothing any more
        lines.fault(error)
        with suppress(OSError):
            fault.write_text(_sentence(error), encoding="utf-8")
        return None
    return reached


def _sentence(error: Exception) -> str:
    return _differs(error) if isinstance(error, CopyDiffersError) else explain(error)


def _differs(error: CopyDiffersError) -> str:
    return (
        f"the copy of the log in {error.where} does not match this log: compare the two "
        "with 'breakglass audit verify', and tell the auditor"
    )


def copy_findings(database: Database, read: Settings, clock: Clock) -> Iterator[Finding]:
    """Whether the copy does what it should, answers, is of this log, and has its newest entries."""
    try:
        archive = archive_of(read, clock, quick=True)
        if archive is None:
            return
        with database.read() as session:
            head = log.head(session)
        reached = copying.reach(database, head.verifier_key, archive)
    except CopyDiffersError as differs:
        yield Finding(code="copy-differs", message=_differs(differs))
        return
    except (OSError, StorageError) as fault:
        message = f"the copy of the log in s3://{read.log_bucket}: {explain(fault)}"
        yield Finding(code="copy-failing", message=message)
        return
    noted = read.state_dir / FAULT
    if noted.exists():
        said = noted.read_text(encoding="utf-8", errors="replace")
        message = f"the log is not being copied to {archive.name}: {said}"
        yield Finding(code="copy-failing", message=message)
    if head.last_at is not None and head.size > reached.size and clock() > head.last_at + PATIENCE:
        yield Finding(
            code="copy-behind",
            message=f"the copy of the log in {archive.name} is missing the last "
            f"{head.size - reached.size} entries: is a server or a worker running?",
        )
