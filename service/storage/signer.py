"""The log's signer: checkpoints of what is committed, and never two that contradict each other.

It signs after a commit, never before, and only when the log in the database continues the last
checkpoint it signed (see guard.py). The key belongs to one log for good: ``audit_head`` names its
verifier key, whose name is the log's origin.

Several instances on several machines need one guard (see shared_guard.py), or a state folder on
storage with working ``flock`` that they share. A machine whose guard lags behind would sign after a
rewind.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crypto import merkle
from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.epoch import own_note
from crypto.errors import CryptoError, VerificationError
from crypto.note import NoteSigner
from service.clock import Clock
from service.storage import epochs, log, proofs
from service.storage.database import Database
from service.storage.epochs import GivenUp
from service.storage.errors import (
    EpochRefusedError,
    ForkError,
    KeyMismatchError,
    LogDamagedError,
    RewoundError,
)
from service.storage.guard import FileGuard, Guard, write_durably
from service.storage.log_key import check_key_kept, read_key
from service.storage.log_tables import audit_checkpoint
from service.storage.signed import Signed, again, guard_empty_log, receipt

KEY_FILE = "log.key"
GUARD_FILE = "log.guard"


class Signer:
    """Signs one log. Threads, and processes of one machine, may share its state folder."""

    def __init__(self, key: NoteSigner, guard: Guard, clock: Clock) -> None:
        self._key = key
        self._guard = guard
        self._clock = clock
        self._newest: Signed | None = None

    @classmethod
    def create(
        cls,
        database: Database,
        state_dir: Path,
        origin: str,
        clock: Clock,
        guard: Guard | None = None,
    ) -> "Signer":
        """Make the log's key and guard, and start the log in the database.

        What an interrupted run has left is taken up again.

        Raises:
            LogExistsError: the database has a log. Nothing was changed in it.
            RewoundError: this folder has signed for a log, and the database has none.
            KeyMissingError: it has, and its key is gone too. No other is made.
            MalformedError: the origin is no key name.
            KeyMismatchError, KeyExposedError: the folder has a key that does not serve.
        """
        path = state_dir / KEY_FILE
        guard = guard or FileGuard(state_dir / GUARD_FILE)
        with guard.hold():
            check_key_kept(path, guard)
            if not path.exists():
                write_durably(path, NoteSigner.generate(origin).private_key.reveal())
            key = read_key(path, origin)
            guard_empty_log(guard, key)
            with database.write() as session:
                log.start(session, key.verifier.vkey)
        return cls(key, guard, clock)

    @classmethod
    def load(
        cls, state_dir: Path, origin: str, clock: Clock, guard: Guard | None = None
    ) -> "Signer":
        """Read the key; without ``guard`` it is a file beside it. Call ``check`` before serving.

        Raises:
            KeyMissingError: there is no key file.
            KeyExposedError: others than its owner have any right to it.
            KeyMismatchError: it is no key, or is named after another origin.
        """
        key = read_key(state_dir / KEY_FILE, origin)
        return cls(key, guard or FileGuard(state_dir / GUARD_FILE), clock)

    @property
    def verifier_key(self) -> str:
        """The public half, as auditors keep it."""
        return self._key.verifier.vkey

    def guarded(self) -> Checkpoint:
        """Return what was signed last.

        Raises:
            GuardMissingError, KeyMismatchError, BusyError: see there.
        """
        with self._guard.hold():
            return self._guard.read(self._key.verifier)[0]

    def check(self, database: Database) -> None:
        """Refuse to start with a log that this signer would not sign, or that is damaged.

        Raises:
            LogMissingError, LogDamagedError: the database has no log, or hashes are missing.
            GuardMissingError, KeyMismatchError: the files do not serve.
            RewoundError, ForkError: the log does not continue the last signed checkpoint.
        """
        with self._guard.hold():
            guarded, _ = self._guard.read(self._key.verifier)
            with database.read() as session:
                proofs.check_head(session)
                self._continuing(session, guarded)

    def checkpoint(self, database: Database) -> str:
        """Return a signed note of the log as it is committed now, and keep it in the database.

        Never call it inside a transaction that writes: nothing uncommitted may be signed, and on
        SQLite it would wait for that transaction's end.

        Raises: as ``check``, and BusyError.
        """
        newest = self._newest
        if newest is not None and newest.kept:
            with database.read() as session:
                if newest.covers(log.head(session)):
                    return newest.note
        return again(lambda: self._signed_and_kept(database)).note

    def _signed_and_kept(self, database: Database) -> Signed:
        with self._guard.hold():
            with database.read() as session:
                signed = self._sign(session)
            self._keep(database, signed)
        return signed

    def proof(self, database: Database, index: int) -> str:
        """Return a receipt (tlog-proof) for a committed leaf under the newest checkpoint.

        Every act waits for this, so the checkpoint is not yet kept in the database: the next
        notice, export or look at the checkpoint does that.

        Raises:
            ValueError: the log has no such leaf.
            Everything that ``checkpoint`` raises.
        """
        newest = self._newest
        if newest is not None and index < newest.checkpoint.size:
            with database.read() as session:
                if newest.covers(log.head(session)):
                    return receipt(proofs.Reader(session), index, newest)
        return again(lambda: self._signed_receipt(database, index))

    def _signed_receipt(self, database: Database, index: int) -> str:
        with self._guard.hold(), database.read() as session:
            reader = proofs.Reader(session)
            return receipt(reader, index, self._sign(session, reader))

    def begin_epoch(
        self, database: Database, append: Callable[[GivenUp], None], newer: str = ""
    ) -> Checkpoint:
        """Give up the last signed checkpoint, if the log does not continue it; return the new one.

        ``append`` writes the leaf that says so, in a transaction of its own. Only then is the guard
        moved; if it was not, because of a power cut, the next call appends no other leaf.
        ``newer`` is a checkpoint that someone kept and that the guard does not know of.

        Raises:
            EpochRefusedError: the log continues what was signed, or ``newer`` is of no use.
            ForkError: it does not even continue the checkpoints that it keeps itself.
            LogMissingError, LogDamagedError, GuardMissingError, KeyMismatchError, BusyError: as
                ``check``.
        """
        with self._guard.hold():
            with database.read() as session:
                given_up = self._given_up(session, newer)
                said = self._said(session, given_up)
            if not said:
                append(given_up)
            # Read again: only what is committed may be signed, and the leaf is in it by now.
            with database.read() as session:
                if not self._said(session, given_up):
                    raise LogDamagedError("the leaf that begins its epoch is not in it")
                head = proofs.check_head(session)
            root = head.frontier.root
            checkpoint = Checkpoint(origin=self._key.verifier.name, size=head.size, root=root)
            note = sign_checkpoint(checkpoint, self._key)
            self._guard.write(note)
            self._keep(database, Signed(checkpoint=checkpoint, note=note))
        return checkpoint

    def _given_up(self, session: Session, newer: str) -> GivenUp:
        given_up, note = self._guard.read(self._key.verifier)
        head = proofs.check_head(session)
        if newer:
            kept, text = self._kept(newer)
            if kept.size > given_up.size or self._continued(session, given_up):
                given_up, note = kept, text
        if self._continued(session, given_up):
            raise EpochRefusedError("the log continues what was signed")
        signed = epochs.continues(session, self._key.verifier, head.size, given_up.size)
        return GivenUp(abandoned=given_up, note=note, continues=signed)

    def _kept(self, text: str) -> tuple[Checkpoint, str]:
        try:
            return own_note(text, self._key.verifier)
        except CryptoError:
            raise EpochRefusedError(
                "the file is not a checkpoint that this log has signed"
            ) from None

    def _continued(self, session: Session, signed: Checkpoint) -> bool:
        try:
            self._continuing(session, signed)
        except (RewoundError, ForkError):
            return False
        return True

    def _said(self, session: Session, given_up: GivenUp) -> bool:
        """Whether the log's newest epoch gives up exactly this checkpoint."""
        found = epochs.first_leaves(session)
        return bool(found) and found[0].details.get("abandoned") == given_up.note

    def _sign(self, session: Session, reader: proofs.Reader | None = None) -> Signed:
        """Guard first, then let the note out: a crash between them loses a note, no promise.

        The guard is held, and ``session`` is a reader's, which sees only what is committed. It has
        asked nothing yet: it must not see less than a guard that other machines move.
        """
        guarded, note = self._guarded()
        checkpoint = self._continuing(session, guarded, reader)
        if checkpoint.size != guarded.size:
            note = sign_checkpoint(checkpoint, self._key)
            self._guard.write(note)
        self._newest = Signed(checkpoint=checkpoint, note=note)
        return self._newest

    def _guarded(self) -> tuple[Checkpoint, str]:
        """Read the guard; a note that is the last one of this signer is known to be good."""
        newest = self._newest
        if newest is not None and self._guard.has(newest.note):
            return newest.checkpoint, newest.note
        return self._guard.read(self._key.verifier)

    def _continuing(
        self, session: Session, guarded: Checkpoint, reader: proofs.Reader | None = None
    ) -> Checkpoint:
        """Return the checkpoint of the log, if it continues the guarded one."""
        head = log.head(session)
        if head.verifier_key != self.verifier_key:
            raise KeyMismatchError("the database's log belongs to another key")
        if head.size < guarded.size:
            raise RewoundError(head.size, guarded.size)
        root = head.frontier.root
        if guarded.size:
            proof = (reader or proofs.Reader(session)).consistency(guarded.size, head.size)
            try:
                merkle.verify_consistency(guarded.size, head.size, guarded.root, root, proof)
            except VerificationError:
                raise ForkError(guarded.size) from None
        return Checkpoint(origin=guarded.origin, size=head.size, root=root)

    def _keep(self, database: Database, signed: Signed) -> None:
        """Keep the note for exports; another machine may have kept the very same one meanwhile."""
        size = signed.checkpoint.size
        known = select(audit_checkpoint.c.size).where(audit_checkpoint.c.size == size)
        with database.read() as session:
            missing = session.connection().execute(known).first() is None
        if missing:
            row = {
                "size": size,
                "root": signed.checkpoint.root,
                "note": signed.note,
                "signed_at": int(self._clock().timestamp()),
            }
            with suppress(IntegrityError), database.write() as session:
                session.connection().execute(insert(audit_checkpoint), [row])
        self._newest = replace(signed, kept=True)
