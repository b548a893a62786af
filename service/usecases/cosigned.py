"""Checkpoints with what witnesses have said of them, and who they are.

A reader who knows no witness ignores their lines, so a checkpoint carries them wherever it goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy.orm import Session

from crypto.checkpoint import parse_checkpoint
from crypto.encoding import b64encode, format_time
from crypto.note import parse_note
from crypto.proof import Receipt
from service.storage import proofs, witnesses
from service.storage.witnesses import REFUSES, Standing
from service.usecases.context import Context
from service.usecases.witnessing import FRESH, LONGEST_WAIT, PATIENCE
from service.wire.log import Cosigned, Witnesses, WitnessStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHead:
    """The newest checkpoint that the log keeps, the key that signed it, and who cosigns.

    ``root`` is in base64, ``signed_at`` a time; both and ``note`` are empty before the first one.
    """

    size: int
    root: str
    note: str
    signed_at: str
    verifier_key: str
    witnesses: Sequence[WitnessStanding]


def log_head(ctx: Context) -> LogHead:
    """Show what the log has signed last; nothing is signed and no witness is asked now."""
    with ctx.read() as unit:
        kept = witnesses.newest_kept(unit.session)
        named = standings(ctx).witnesses
        note = with_cosignatures(unit.session, kept.note) if kept else ""
    head = parse_checkpoint(parse_note(note)[0]) if kept else None
    return LogHead(
        size=head.size if head else 0,
        root=b64encode(head.root) if head else "",
        note=note,
        signed_at=_time(kept.signed_at) if kept else "",
        verifier_key=ctx.signer.verifier_key,
        witnesses=named,
    )


def standings(ctx: Context) -> Witnesses:
    """The state of each witness that is asked; none is asked now."""
    with ctx.read() as unit:
        return Witnesses(
            witnesses=[_standing(unit.session, key, unit.now) for key in ctx.witnesses]
        )


def _standing(session: Session, key: str, now: datetime) -> WitnessStanding:
    known = witnesses.standing(session, key)
    state, since = _state(known, int(now.timestamp()))
    note = witnesses.word(session, key, known.size) if known.cosigned_at else ""
    return WitnessStanding(
        key=key,
        state=state,
        note=note,
        cosigned_at=_time(known.cosigned_at) if note else "",
        since=_time(since) if since else "",
    )


def _state(
    known: Standing, now: int
) -> tuple[Literal["cosigning", "waiting", "silent", "refuses"], int]:
    """Its state and since when, 0 where that says nothing.

    A witness that is not even asked is as silent as one that does not answer.
    """
    if known.trouble == REFUSES:
        return "refuses", known.since
    if known.trouble and now - known.since >= PATIENCE.total_seconds():
        return "silent", known.since
    if not known.cosigned_at:
        return "waiting", 0
    unasked = now - known.cosigned_at > (FRESH + LONGEST_WAIT).total_seconds()
    return ("silent", known.cosigned_at) if unasked and not known.trouble else ("cosigning", 0)


def _time(at: int) -> str:
    return format_time(datetime.fromtimestamp(at, UTC))


def with_cosignatures(session: Session, note: str) -> str:
    """The signed checkpoint ``note`` with the lines of its witnesses under it, if there are any."""
    text, _ = parse_note(note)
    return note + witnesses.lines(session, parse_checkpoint(text))


def cosigned(ctx: Context, note: str) -> str:
    """The same, in a transaction of its own."""
    with ctx.read() as unit:
        return with_cosignatures(unit.session, note)


def older_words(
    session: Session, reader: proofs.Reader, keys: Sequence[str], size: int
) -> list[Cosigned]:
    """The newest checkpoint of each witness that has not cosigned the one of ``size`` entries yet.

    Raises:
        LogDamagedError: a hash that must be there is missing.
    """
    found = []
    for key in keys:
        known = witnesses.standing(session, key).size
        note = witnesses.word(session, key, known) if 0 < known < size else ""
        if note:  # a restored log may not have what a witness has seen
            hashes = [b64encode(item) for item in reader.consistency(known, size)]
            found.append(Cosigned(note=note, consistency=hashes))
    return found


def receipt(ctx: Context, index: int) -> str:
    """A receipt of a leaf under the newest checkpoint that a witness has cosigned; or nothing.

    Nothing too where that one ends before the leaf: it is too young yet.

    Raises:
        LogDamagedError: a hash that must be there is missing.
    """
    with ctx.read() as unit:
        note = witnesses.newest_note(unit.session)
        size = parse_checkpoint(parse_note(note)[0]).size if note else 0
        if index >= size:
            return ""
        hashes = proofs.Reader(unit.session).inclusion(index, size)
        note = with_cosignatures(unit.session, note)
    return Receipt(index=index, hashes=tuple(hashes), checkpoint=note).text


def newest_cosigned(ctx: Context) -> str:
    """The newest checkpoint that a witness has cosigned, with all their lines; or nothing."""
    with ctx.read() as unit:
        note = witnesses.newest_note(unit.session)
        return with_cosignatures(unit.session, note) if note else ""
