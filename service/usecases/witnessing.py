"""Asking witnesses: the worker's step, from the newest checkpoint to cosignatures that are kept.

No act waits for this, and no transaction is open while a witness is asked. One that has trouble is
asked again later and later, up to every ten minutes, so that a silent one holds up notices for
seconds at most. Trouble is announced once, and so is its end: the notices cannot multiply.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from crypto.checkpoint import Checkpoint, parse_checkpoint
from crypto.cosignature import Cosignature, verify_cosignatures
from crypto.errors import CryptoError
from crypto.note import parse_note
from crypto.submission import Submission
from service.domain import errors
from service.domain.events import SERVICE, Action, Event
from service.storage import log, proofs, witnesses
from service.storage.errors import StorageError
from service.storage.witnesses import REFUSES, SILENT, Standing
from service.usecases.context import Context
from service.witnesses.asking import Cosigned, RefusalFault, SilentFault, Witness, WitnessFault

FRESH = timedelta(hours=1)  # a log that does not grow is cosigned again: the witness is alive
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=10)
PATIENCE = timedelta(minutes=10)  # that long silence is not announced: witnesses restart too
TRIES = 3


def step(ctx: Context, asked: Sequence[Witness]) -> int:
    """Have the newest checkpoint cosigned by those who have not yet; returns how many did now."""
    return sum(_ask(ctx, witness) for witness in asked if _is_due(ctx, witness))


def _is_due(ctx: Context, witness: Witness) -> bool:
    now = _seconds(ctx.clock())
    with ctx.database.read() as session:
        size = log.head(session).size
        before = witnesses.standing(session, witness.verifier.vkey)
    # A time beyond the longest wait was written before the clock was set back.
    if now < before.next_at <= now + LONGEST_WAIT.total_seconds():
        return False
    old = not now - FRESH.total_seconds() < before.cosigned_at <= now
    return old or bool(before.trouble) or before.size != size


def _ask(ctx: Context, witness: Witness) -> int:
    with ctx.database.read() as session:
        before = witnesses.standing(session, witness.verifier.vkey)
    try:
        checkpoint, said = _cosignature(ctx, witness, before.size)
    except (StorageError, OSError):
        return 0  # the log cannot be signed right now, which is another finding
    except WitnessFault as fault:
        _not_cosigned(ctx, witness, fault)
        return 0
    _keep(ctx, witness, checkpoint, said)
    return 1


def _cosignature(
    ctx: Context, witness: Witness, known: int
) -> tuple[Checkpoint, Sequence[Cosignature]]:
    """Ask, with the size that the witness itself says it knows if it is another one.

    A fresh checkpoint each time: anyone who has one may have submitted it meanwhile.
    """
    for _ in range(TRIES):
        note = ctx.signer.checkpoint(ctx.database)
        checkpoint = parse_checkpoint(parse_note(note)[0])
        old = known if known <= checkpoint.size else 0
        answer = witness.submit(_submission(ctx, note, old, checkpoint.size))
        if isinstance(answer, Cosigned):
            return checkpoint, _verified(answer, checkpoint, witness)
        if answer.size == old:
            raise RefusalFault("not-continued")
        known = answer.size
        if known > checkpoint.size:
            _check_ahead(ctx, known)
    raise SilentFault("moving")


def _submission(ctx: Context, note: str, old: int, size: int) -> Submission:
    hashes: Sequence[bytes] = ()
    if 0 < old < size:
        with ctx.database.read() as session:
            hashes = proofs.Reader(session).consistency(old, size)
    return Submission(old=old, proof=tuple(hashes), note=note)


def _check_ahead(ctx: Context, known: int) -> None:
    """A witness that knows more than the whole log has seen entries that are gone."""
    with ctx.database.read() as session:
        if log.head(session).size < known:
            raise RefusalFault("log-rewound")


def _verified(answer: Cosigned, checkpoint: Checkpoint, witness: Witness) -> Sequence[Cosignature]:
    try:
        said = verify_cosignatures(answer.lines, checkpoint, witness.verifier)
    except CryptoError:
        said = ()
    if not said:
        raise RefusalFault("bad-cosignature")
    return said


def _keep(
    ctx: Context, witness: Witness, checkpoint: Checkpoint, said: Sequence[Cosignature]
) -> None:
    newest = max(said, key=lambda one: one.at)
    with ctx.database.write() as session:
        before = witnesses.locked(session, witness.verifier.vkey)
        after = Standing(
            witness=before.witness,
            size=checkpoint.size,
            cosigned_at=_seconds(ctx.clock()),
            told=before.told,
        )
        witnesses.keep(session, checkpoint, newest)
        witnesses.put(session, after)
    if before.told:
        _tell(ctx, witness, "", Action.WITNESS_RECOVERED)


def _not_cosigned(ctx: Context, witness: Witness, fault: WitnessFault) -> None:
    now = ctx.clock()
    trouble = REFUSES if isinstance(fault, RefusalFault) else SILENT
    with ctx.database.write() as session:
        before = witnesses.locked(session, witness.verifier.vkey)
        failures = before.failures + 1
        since = before.since if before.trouble == trouble else _seconds(now)
        after = replace(
            before,
            trouble=trouble,
            fault=fault.code,
            since=since,
            failures=failures,
            next_at=_seconds(now + min(FIRST_WAIT * (1 << min(failures - 1, 10)), LONGEST_WAIT)),
        )
        witnesses.put(session, after)
    if trouble == REFUSES and before.told != REFUSES:
        _tell(ctx, witness, REFUSES, Action.WITNESS_REFUSED, fault.code)
    if trouble == SILENT and not before.told and _seconds(now - PATIENCE) >= since:
        _tell(ctx, witness, SILENT, Action.WITNESS_SILENT, fault.code)


def _tell(ctx: Context, witness: Witness, told: str, action: Action, fault: str = "") -> None:
    """Write it down with its event, unless another worker just has; refused, the next time tries.

    The state is read again under its lock: of several workers one announces.
    """
    details = {"witness": witness.verifier.name} | ({"fault": fault} if fault else {})
    with suppress(errors.Refusal), ctx.write() as unit:
        now = witnesses.locked(unit.session, witness.verifier.vkey)
        if now.told != told:
            witnesses.put(unit.session, replace(now, told=told))
            unit.record(Event(action=action, actor=SERVICE, subject=SERVICE, details=details))


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
