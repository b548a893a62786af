"""A lock that threads and processes of one machine take in turn.

The lock is ``flock`` on a file of its own. Every holder opens the file again, because two
descriptors exclude each other also within one process. It ends with its holder, however that ends.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.storage.errors import BusyError

_PAUSE = 0.002  # seconds between two tries, when another process holds the lock


class FileLock:
    """Excludes everyone who names the same file. Not re-entrant.

    The threads of this process queue for a lock in memory first, so that at most one of them tries
    for the file, which has no queue.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        self._turn = threading.Lock()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock for the block.

        Raises:
            BusyError: not ours within the time-out, in seconds.
        """
        deadline = time.monotonic() + self._timeout
        if not self._turn.acquire(timeout=self._timeout):
            raise BusyError
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                _take(descriptor, deadline, self._path)
                yield
            finally:
                os.close(descriptor)  # lets go of the lock
        finally:
            self._turn.release()


def _take(descriptor: int, deadline: float, path: Path) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise BusyError from None
            time.sleep(_PAUSE)
        except OSError as failed:  # of a descriptor, so it names no file
            failed.filename = str(path)
            raise
