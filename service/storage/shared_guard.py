"""A guard that signers of several machines share: one object, replaced only by who knows it.

Each machine remembers the tag of what it read or wrote last, and writes on that condition. So a
signer asks nothing before it signs, and one that is behind, or whose database was rewound, learns
it when it writes. Where it does not answer, nothing is signed: acts go on without a receipt, and
for some seconds are not kept waiting again.
"""

import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn, Protocol

from crypto.checkpoint import Checkpoint
from crypto.note import NoteVerifier
from service.storage.errors import GuardMissingError, GuardMovedError, GuardUnreachableError
from service.storage.file_lock import FileLock
from service.storage.guard import opened

_TIMEOUT = 5.0  # seconds that a signer waits for another one of this machine
_PAUSE = 10.0  # seconds for which it is not asked after a fault


class Store(Protocol):
    """One object with conditional writes. Both methods raise OSError on an unknown outcome."""

    name: str

    def get(self) -> tuple[bytes, str] | None:
        """What it holds and the tag of that, or None."""

    def put(self, data: bytes, tag: str | None) -> str | None:
        """Replace what has this tag, or make what is not there (None); None if it was not so."""


class SharedGuard:
    """The guard in a store; ``lock`` is a file of this machine."""

    def __init__(self, store: Store, lock: Path) -> None:
        self.path = store.name
        self._store = store
        self._lock = FileLock(lock, _TIMEOUT)
        self._known: tuple[bytes, str] | None = None
        self._silent_until = 0.0

    def hold(self) -> AbstractContextManager[None]:
        """Exclude the other signers of this machine for the block."""
        return self._lock.hold()

    def exists(self) -> bool:
        """Whether anything was ever signed."""
        return self._get() is not None

    def has(self, note: str) -> bool:
        """Whether this machine read or wrote exactly this note last."""
        return self._known is not None and self._known[0] == note.encode()

    def read(self, verifier: NoteVerifier) -> tuple[Checkpoint, str]:
        """Return the last signed checkpoint, and its note; see ``Guard``."""
        found = self._get()
        if found is None:
            raise GuardMissingError(self.path)
        return opened(found[0], verifier, self.path)

    def write(self, note: str) -> None:
        """Replace what this machine read or wrote last; see ``Guard``."""
        data = note.encode()
        known, self._known = self._known, None  # whatever happens, it is not that any more
        try:
            self._check_silence()
            tag = self._store.put(data, known[1] if known else None)
        except OSError as fault:
            self._fail(fault)
        if tag is None:
            raise GuardMovedError(self.path)
        self._known = (data, tag)

    def _get(self) -> tuple[bytes, str] | None:
        self._known = None
        self._check_silence()
        try:
            self._known = self._store.get()
        except OSError as fault:
            self._fail(fault)
        return self._known

    def _check_silence(self) -> None:
        if time.monotonic() < self._silent_until:
            raise GuardUnreachableError(self.path, "asked again in a few seconds")

    def _fail(self, fault: OSError) -> NoReturn:
        self._silent_until = time.monotonic() + _PAUSE
        raise GuardUnreachableError(self.path, fault.strerror or type(fault).__name__) from None
