"""Locks that a process holds for its life: one server on SQLite, one worker in a state folder.

``flock`` ends with its holder, however that ends, so nothing is ever left locked. A forked child
keeps its parent's lock: a server whose parent was killed still counts as running.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER = "serve.lock"
WORKER = "worker.lock"


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold the lock for the block if it is free; gives whether it is ours."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _take(descriptor, path)
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether some process holds the lock now."""
    if not path.exists():
        return False
    with held(path) as ours:
        return not ours


def _take(descriptor: int, path: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    except OSError as failed:  # of a descriptor, so it names no file
        failed.filename = str(path)
        raise
