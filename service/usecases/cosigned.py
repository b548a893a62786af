"""Checkpoints with what witnesses have said of them, and who they are.

A reader who knows no witness ignores their lines, so a checkpoint carries them wherever it goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crypto.checkpoint import parse_checkpoint
from crypto.note import parse_note
from crypto.proof import parse_receipt
from service.storage import witnesses
from service.storage.witnesses import Said
from service.usecases.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """Who has cosigned the newest checkpoint that any witness has.

    ``size`` is how many entries that one covers, 0 if nobody ever cosigned; ``signed`` the same of
    the newest checkpoint that the log keeps. ``at`` of each is seconds since 1970, by its clock.
    """

    size: int
    signed: int
    said: Sequence[Said]


def witnessed(ctx: Context) -> Witnessed:
    """Say how many witnesses have cosigned the newest checkpoint, and when; nothing is asked."""
    with ctx.read() as unit:
        said = witnesses.newest(unit.session)
        signed = witnesses.newest_signed(unit.session)
    return Witnessed(size=said[0].size if said else 0, signed=signed, said=said)


def with_cosignatures(session: Session, note: str) -> str:
    """The signed checkpoint ``note`` with the lines of its witnesses under it, if there are any."""
    text, _ = parse_note(note)
    return note + witnesses.lines(session, parse_checkpoint(text))


def cosigned(ctx: Context, note: str) -> str:
    """The same, in a transaction of its own."""
    with ctx.read() as unit:
        return with_cosignatures(unit.session, note)


def cosigned_receipt(ctx: Context, receipt: str) -> str:
    """A receipt whose checkpoint carries its witnesses' lines: it ends with them."""
    note = parse_receipt(receipt).checkpoint
    return receipt.removesuffix(note) + cosigned(ctx, note)


def newest_cosigned(ctx: Context) -> str:
    """The newest checkpoint that a witness has cosigned, with all their lines; or nothing."""
    with ctx.read() as unit:
        note = witnesses.newest_note(unit.session)
        return with_cosignatures(unit.session, note) if note else ""
