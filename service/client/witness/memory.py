"""A witness's folder: its key, and the newest checkpoint that it has cosigned of each log.

A checkpoint is stored as the note that was given out: signed by the log, cosigned by the witness.
So it can be verified when it is read, and a forged or exchanged file is refused. Nothing is ever
replaced by something older.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.cosignature import Cosigner, cosignatures_of
from crypto.encoding import hex_digest
from crypto.errors import CryptoError, MalformedError
from crypto.note import NoteVerifier
from crypto.secret import SecretBytes
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal

_KEY = "witness.key"
_LOCK = "serve.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The newest checkpoint of a log, as a note, and when the witness cosigned it."""

    checkpoint: Checkpoint
    at: int
    note: str


class WitnessMemory:
    """The folder's contents; only the owner can read its files, and each write is durable."""

    def __init__(self, home: Home, key: Cosigner) -> None:
        self._home = home
        self.key = key

    @classmethod
    def create(cls, folder: Path, name: str) -> "WitnessMemory":
        """Create a witness's key in a folder that has none.

        Raises:
            ClientRefusal: ``file-exists``: it has a witness already; ``malformed``: not a name for
                a key; ``home-open``.
        """
        home = Home(folder)
        if home.read(_KEY) is not None:
            raise ClientRefusal(
                "file-exists", f"{folder} already has a witness; choose another folder"
            )
        try:
            key = Cosigner.generate(name)
        except MalformedError as refused:
            raise ClientRefusal("malformed", str(refused)) from None
        home.write(_KEY, key.private_key.reveal())
        return cls(home, key)

    @classmethod
    def load(cls, folder: Path) -> "WitnessMemory":
        """Read the key.

        Raises:
            ClientRefusal: ``not-a-witness``: there is no key, or it is malformed; ``home-open``:
                others may have read it.
        """
        home = Home(folder)
        data = home.read(_KEY)
        try:
            if data is not None:
                return cls(home, Cosigner.from_private_key(SecretBytes(data)))
        except CryptoError:
            pass
        raise ClientRefusal(
            "not-a-witness",
            f"{folder} does not have a witness's key",
            "create one with 'breakglass witness init'; never a second one for the same logs",
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder's lock: two processes serving it could cosign contradicting logs.

        Raises:
            ClientRefusal: ``witness-busy``.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(self._home.path / _LOCK, flags, 0o600)
        try:
            _take(descriptor)
            yield
        finally:
            os.close(descriptor)

    def newest(self, log: NoteVerifier) -> Kept | None:
        """Return the checkpoint of a log that was cosigned last, or None if none ever was.

        Raises:
            ClientRefusal: ``witness-damaged``: the file is not what this witness wrote for this
                log's key.
        """
        data = self._home.read(_file_of(log.name))
        if data is None:
            return None
        try:
            note = data.decode()
            checkpoint = open_checkpoint(note, log)
            said = cosignatures_of(note, self.key.verifier)
            return Kept(checkpoint=checkpoint, at=max(one.at for one in said), note=note)
        except (CryptoError, ValueError):
            raise ClientRefusal(
                "witness-damaged",
                f"the last cosigned checkpoint of {log.name} is damaged, or is of another key",
                "do not delete it, and never put an older copy in its place: this witness would "
                "then vouch for a rewound log. Stop it, and create one with a new key and name",
            ) from None

    def keep(self, kept: Kept) -> None:
        """Replace the remembered checkpoint; it is on disk before this returns."""
        self._home.write(_file_of(kept.checkpoint.origin), kept.note.encode())

    def keep_evidence(self, kept: Kept, other: str) -> None:
        """Keep two signed notes of one size that contradict each other; the first pair only."""
        # Only the first: it proves enough, and a log cannot fill this disk with more.
        name = f"evidence/{hex_digest(kept.checkpoint.origin.encode())}"
        if self._home.read(name) is None:
            self._home.write(name, f"{kept.note}\n{other}".encode())


def _take(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ClientRefusal(
            "witness-busy", "another process is running this witness", "stop that one first"
        ) from None


def _file_of(origin: str) -> str:
    return f"logs/{hex_digest(origin.encode())}"  # hashed: an origin may have slashes
