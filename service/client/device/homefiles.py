"""The home's files on disk: folders for one user, files that are whole or not there, a lock."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from crypto.randomness import random_bytes
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.faults import advice

FILE_MODE = 0o600
FOLDER_MODE = 0o700
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def take(descriptor: int, path: Path) -> None:
    """Wait for the lock on an open file; closing the descriptor lets it go.

    Raises:
        ClientRefusal: ``home-unusable``: the file system has no locks.
    """
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # waits
    except OSError as failed:
        raise unusable(failed, path, "locked") from None


def replace_whole(path: Path, data: bytes) -> None:
    """Put a file in place of what was there: whole, on disk, or not at all."""
    new = path.with_name(f"{path.name}.{random_bytes(4).hex()}.new")
    # O_EXCL and the mode at creation: no one else has the file open, and no one could ever read
    # it, not even before a chmod.
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise
    sync_folder(path.parent)


def unusable(failed: OSError, path: Path, verb: str) -> ClientRefusal:
    """Return the refusal of a home that the operating system does not let be used."""
    cause = failed.strerror or type(failed).__name__
    return ClientRefusal(
        "home-unusable",
        f"{path} cannot be {verb}: {cause}",
        advice(failed) or "set BREAKGLASS_HOME to a folder of your own on a disk of this machine",
    )


def make_folder(path: Path) -> None:
    """Make a folder for its owner alone, or make one that is there so."""
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if path.stat().st_mode & OTHERS:  # it was there before, with a wider mode
        path.chmod(FOLDER_MODE)


def sync_folder(path: Path) -> None:
    """Flush a folder: a rename is on disk only when its folder is."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
