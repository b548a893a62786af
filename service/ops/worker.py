"""The worker: writes down what time has done, and sends notices, until it is asked to stop.

One process of a state folder works at a time; the others wait to take over. It runs as a thread of
the server, or as a process of its own.
"""

import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from crypto.note import NoteVerifier
from service.aws.notices.channels import Channels
from service.config import Settings
from service.ops import lock, log_copy
from service.ops.failures import OpsError
from service.storage import backlog, outbox
from service.usecases.able import by_account
from service.usecases.context import Context
from service.usecases.delivery import checkpoint, step
from service.usecases.lines import announce_due as announce_lines
from service.usecases.people import sweep
from service.usecases.witnessing import step as ask_witnesses
from service.web import lines, metrics
from service.witnesses.asking import HttpWitness, Witness
from service.witnesses.known import WitnessFileError, read_witnesses

IDLE = 1.0  # seconds between two looks when nothing is due
STANDBY = 2.0  # seconds between two tries to take over
RECOVERY = 5.0  # seconds after a fault
SWEEP_EVERY = 300.0  # seconds between two looks for what is over and may be deleted
BATCH = 10  # notices between two looks at whether to stop


def channels_of(read: Settings) -> Channels:
    """The channels of this installation."""
    return Channels(read.state_dir, region=read.sns_region, endpoint_url=read.sns_endpoint_url)


def witnesses_of(read: Settings, verifier_key: str) -> Sequence[HttpWitness]:
    """The witnesses of this installation, as they are named now.

    Raises:
        OpsError: the file that names them does not make sense.
    """
    try:
        known = read_witnesses(read.state_dir, NoteVerifier.from_vkey(verifier_key))
    except WitnessFileError as error:
        raise OpsError(str(error)) from None
    return [HttpWitness(one) for one in known]


def work(
    ctx: Context,
    channels: Channels,
    state_dir: Path,
    stop: threading.Event,
    witnesses: Sequence[Witness] = (),
) -> None:
    """Work while no other process of this folder does, until ``stop`` is set."""
    while not stop.is_set():
        with lock.held(state_dir / lock.WORKER) as ours:
            if ours:
                _work_alone(ctx, channels, stop, witnesses)
        stop.wait(STANDBY)


def _work_alone(
    ctx: Context, channels: Channels, stop: threading.Event, witnesses: Sequence[Witness]
) -> None:
    fresh = True
    next_sweep = 0.0
    while not stop.is_set():
        try:
            if fresh:  # a worker with claims no longer holds the lock
                with ctx.database.write() as session:
                    outbox.give_up_claims(session)
            fresh = False
            if time.monotonic() >= next_sweep:
                next_sweep = time.monotonic() + SWEEP_EVERY
                sweep(ctx)
                announce_lines(ctx)
                checkpoint(ctx)  # what is not announced is signed soon too
                measure_people(ctx)
            _have_cosigned(ctx, witnesses)
            tried = step(ctx, channels, limit=BATCH)
            _measure(ctx)
        except Exception as error:  # noqa: BLE001  # a worker that ends sends nothing
            lines.fault(error)
            stop.wait(RECOVERY)
        else:
            if not tried:
                stop.wait(IDLE)


def _have_cosigned(ctx: Context, witnesses: Sequence[Witness]) -> None:
    """Before notices are sent, so that they carry it; a fault here delays no notice."""
    try:
        ask_witnesses(ctx, witnesses)
    except Exception as error:  # noqa: BLE001  # notices are sent all the same
        lines.fault(error)


def _measure(ctx: Context) -> None:
    with ctx.database.read() as session:
        waits = backlog.count(session)
    metrics.outbox_waiting.clear()
    for channel, count in waits.by_channel.items():
        metrics.outbox_waiting.labels(channel=channel).set(count)
    age = 0.0 if waits.oldest is None else (ctx.clock() - waits.oldest).total_seconds()
    metrics.outbox_oldest.set(max(age, 0.0))


def measure_people(ctx: Context) -> None:
    """How many custodians of each group can act, and how many it takes."""
    metrics.custodians_able.clear()
    metrics.custodians_needed.clear()
    for account, groups in by_account(ctx).items():
        for name, group in groups.items():
            place = {"account": account, "group": name.value}
            metrics.custodians_able.labels(**place).set(len(group.able))
            metrics.custodians_needed.labels(**place).set(group.needed)


def start_thread(ctx: Context, read: Settings, stop: threading.Event) -> threading.Thread:
    """Start the worker beside a server."""
    witnesses = witnesses_of(read, ctx.signer.verifier_key)
    thread = threading.Thread(
        target=work,
        args=(ctx, channels_of(read), read.state_dir, stop, witnesses),
        name="worker",
        daemon=True,
    )
    thread.start()
    log_copy.start_thread(ctx, read, stop)
    return thread


def run(ctx: Context, read: Settings) -> None:
    """Work as a process of its own until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log_copy.start_thread(ctx, read, stop)
    work(ctx, channels_of(read), read.state_dir, stop, witnesses_of(read, ctx.signer.verifier_key))
