"""Copying the log to where no one can change it: tiles, entries, checkpoints (C2SP tlog-tiles).

Whatever a checkpoint covers is there before the checkpoint is. The copy's own ``checkpoint`` says
how far it reaches, so nothing about it is kept here: a new process reads it and goes on. A log that
was put back is copied again, under the name of its epoch, beside what is locked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.errors import CryptoError, VerificationError
from crypto.merkle import TILE_HEIGHT, verify_consistency
from crypto.note import NoteVerifier
from crypto.tiles import TILE_WIDTH, Tile, encode_entries
from service.storage import epochs, log, proofs
from service.storage.database import Database
from service.usecases.context import Context

CHECKPOINT = "checkpoint"


class Archive(Protocol):
    """Where the copy lies. Every method raises OSError where the outcome is unknown."""

    name: str

    def get(self, name: str) -> bytes | None:
        """What is under a name, or None."""

    def put_once(self, name: str, data: bytes) -> bool:
        """Write under a new name for good; False if exactly this is there already."""

    def put(self, name: str, data: bytes) -> None:
        """Write under a name that may be taken."""


class CopyDiffersError(Exception):
    """The copy in ``where`` is of another history than the log, or not signed by this log."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a copy reaches: ``size`` entries of the epoch whose objects have this prefix."""

    prefix: str
    size: int


def reach(database: Database, verifier_key: str, archive: Archive) -> Reach:
    """Look how far the copy reaches, and that it is one of this log.

    Raises:
        CopyDiffersError: it is not.
        OSError: it does not answer.
    """
    with database.read() as session:
        prefix = _prefix(session)
    data = archive.get(prefix + CHECKPOINT)
    if data is None:
        return Reach(prefix=prefix, size=0)
    try:
        verifier = NoteVerifier.from_vkey(verifier_key)
        copied = open_checkpoint(data.decode(), verifier)
    except (CryptoError, UnicodeDecodeError):
        raise CopyDiffersError(archive.name) from None
    with database.read() as session:
        _check_beginning(session, copied, archive.name)
    return Reach(prefix=prefix, size=copied.size)


def step(ctx: Context, archive: Archive, reached: Reach) -> Reach:
    """Copy what was appended since; returns how far the copy reaches now.

    Raises:
        StorageError, OSError: the log cannot be signed, or the archive does not take it. What was
            written stays, and is found again.
        CopyDiffersError: the log is not a continuation of what was copied.
    """
    note = ctx.signer.checkpoint(ctx.database)
    verifier = NoteVerifier.from_vkey(ctx.signer.verifier_key)
    checkpoint = open_checkpoint(note, verifier)
    with ctx.database.read() as session:
        if _prefix(session) != reached.prefix:  # an epoch began: its copy starts from nothing
            return reach(ctx.database, ctx.signer.verifier_key, archive)
    if checkpoint.size <= reached.size:
        return reached
    for name, data in _objects(ctx, reached.size, checkpoint.size):
        archive.put_once(reached.prefix + name, data)
    archive.put_once(f"{reached.prefix}checkpoints/{checkpoint.size}", note.encode())
    archive.put(reached.prefix + CHECKPOINT, note.encode())
    return Reach(prefix=reached.prefix, size=checkpoint.size)


def _prefix(session: Session) -> str:
    number = epochs.number_at(session, log.head(session).size)
    return "" if number == 1 else f"epoch-{number}/"


def _check_beginning(session: Session, copied: Checkpoint, where: str) -> None:
    head = log.head(session)
    if copied.size > head.size:
        raise CopyDiffersError(where)
    if not copied.size:
        return
    path = proofs.Reader(session).consistency(copied.size, head.size)
    try:
        verify_consistency(copied.size, head.size, copied.root, head.frontier.root, path)
    except VerificationError:
        raise CopyDiffersError(where) from None


def _objects(ctx: Context, old: int, new: int) -> Iterator[tuple[str, bytes]]:
    """Every object that a tree of ``new`` leaves has and one of ``old`` had not, one at a time."""
    for tile in tiles_between(old, new):
        with ctx.database.read() as session:
            hashes = proofs.read_tile(session, tile.level, tile.index)[: tile.width]
            entries = (
                log.read_leaves(session, tile.index * TILE_WIDTH, tile.width)
                if tile.level == 0
                else []
            )
        if tile.level == 0:
            yield tile.entries_path, encode_entries(entries)
        yield tile.path, b"".join(hashes)


def tiles_between(old: int, new: int) -> Iterator[Tile]:
    """The tiles of a tree of ``new`` leaves that one of ``old`` had not, or had with less."""
    level = 0
    while count := new >> (TILE_HEIGHT * level):
        before = old >> (TILE_HEIGHT * level)
        full, rest = divmod(count, TILE_WIDTH)
        for index in range(before // TILE_WIDTH, full):
            yield Tile(level=level, index=index, width=TILE_WIDTH)
        if rest and count != before:
            yield Tile(level=level, index=full, width=rest)
        level += 1
