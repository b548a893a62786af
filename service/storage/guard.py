"""The signer's guard: the last checkpoint it signed, in a file outside the database.

A log must never sign a checkpoint that contradicts one it signed before, and a restored or edited
database cannot know what was signed. The guard is a signed note, so it needs no trust beyond the
key's, and a checkpoint from anyone's old mail can replace a lost one. A file is enough for
one machine; several share one (``shared_guard``).
"""

import errno
import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from service.storage.errors import GuardMissingError, KeyMismatchError
from service.storage.file_lock import FileLock

_TIMEOUT = 5.0  # seconds that a signer waits for another one
_SECTOR = 512  # bytes; disks have larger ones, and none that are smaller


class Guard(Protocol):
    """Where the last signed note is kept. Everything but ``hold`` is called while it is held."""

    def hold(self) -> AbstractContextManager[None]:
        """Exclude the other signers of this machine for the block.

        Raises:
            BusyError: another one holds it for more than five seconds.
        """

    def exists(self) -> bool:
        """Whether anything was ever signed here."""

    def has(self, note: str) -> bool:
        """Whether it holds exactly this note, as far as this machine knows.

        A guard that several machines share may say yes of what it held a moment ago: ``write`` is
        what finds that another one was faster.
        """

    def read(self, verifier: NoteVerifier) -> tuple[Checkpoint, str]:
        """Return the last signed checkpoint, and its note.

        Raises:
            GuardMissingError: there is none.
            KeyMismatchError: it is not a checkpoint that this key has signed.
            GuardUnreachableError: it does not answer.
        """

    def write(self, note: str) -> None:
        """Replace the note that was read last; after return it survives a power cut.

        Raises:
            GuardMovedError: another machine replaced it meanwhile. Nothing was written.
            GuardUnreachableError: it is not known whether it was.
        """


class FileGuard:
    """The guard file at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path.with_suffix(".lock"), _TIMEOUT)

    def hold(self) -> AbstractContextManager[None]:
        """Exclude the other signers of this machine for the block.

        Raises:
            BusyError: another one holds it for more than five seconds.
        """
        return self._lock.hold()

    def exists(self) -> bool:
        """Whether anything was ever signed here."""
        return self.path.exists()

    def has(self, note: str) -> bool:
        """Whether the file holds exactly this note."""
        try:
            return self.path.read_bytes() == note.encode()
        except FileNotFoundError:
            return False

    def read(self, verifier: NoteVerifier) -> tuple[Checkpoint, str]:
        """Return the last signed checkpoint, and its note.

        Raises:
            GuardMissingError: there is no such file.
            KeyMismatchError: it is not a checkpoint that this key has signed.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            raise GuardMissingError(self.path) from None
        return opened(data, verifier, self.path)

    def write(self, note: str) -> None:
        """Replace the note; after return it survives a power cut, before it the old one does.

        Every act waits for this. Mostly the new note is as long as the old one and lies with it
        in the one sector that a disk writes whole or not at all; then one flush is enough, and
        the file system's journal has no part in it.
        """
        data = note.encode()
        if len(data) > _SECTOR or not _overwritten(self.path, data):
            write_durably(self.path, data)


def opened(data: bytes, verifier: NoteVerifier, where: object) -> tuple[Checkpoint, str]:
    """The checkpoint that a guard holds, and its note.

    Raises:
        KeyMismatchError: it is not one that this key has signed.
    """
    try:
        note = data.decode()
        return open_checkpoint(note, verifier), note
    except (CryptoError, UnicodeDecodeError):
        raise KeyMismatchError(
            f"the guard {where} is not a checkpoint signed by the log's key"
        ) from None


def _overwritten(path: Path, data: bytes) -> bool:
    """Write over a file of exactly this length, onto the disk; False if there is no such file."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # With another length, size and bytes would reach the disk in two steps.
        if os.fstat(descriptor).st_size != len(data):
            return False
        if os.pwrite(descriptor, data, 0) != len(data):
            raise OSError(errno.EIO, "the guard was not written whole", str(path))
        os.fdatasync(descriptor)
        return True
    finally:
        os.close(descriptor)


def write_durably(path: Path, data: bytes) -> None:
    """Replace a file that only its owner may read: whole and on the disk, or not at all."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123  # a descriptor has no path
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    # The bytes are on the disk before the name is, and the name before we return: in any other
    # order a power cut could leave an empty guard, or the old one after its successor was used.
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
