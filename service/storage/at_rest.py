"""The key that resealed shares lie under until they are deleted; kept outside the database.

A thief of a backup gets nothing that the requester's device key alone would open: the key file is
not part of a backup (docs, operations).
"""

import os
from pathlib import Path

from crypto.errors import VerificationError
from crypto.randomness import random_bytes
from crypto.suite import decrypt_blob, encrypt_blob, hkdf

KEY_LENGTH = 32


class AtRestKeyError(Exception):
    """The key file is missing or not what it must be; the text says what to do."""


class AtRest:
    """Encrypts rows under a key that the database does not hold (AES-256-GCM)."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_LENGTH:
            raise AtRestKeyError("the at-rest key must be 32 bytes; restore at-rest.key")
        self._key = key

    def __repr__(self) -> str:
        return "<AtRest>"

    @classmethod
    def create(cls, path: Path) -> "AtRest":
        """Make the key file (0600); refuses to replace one."""
        key = random_bytes(KEY_LENGTH)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        return cls(key)

    @classmethod
    def load(cls, path: Path) -> "AtRest":
        """Read the key file.

        Raises:
            AtRestKeyError: it is missing, readable by others, or of a wrong length.
        """
        try:
            if path.stat().st_mode & 0o077:
                raise AtRestKeyError(f"{path.name} is readable by others; run: chmod 600 {path}")
            return cls(path.read_bytes())
        except FileNotFoundError:
            raise AtRestKeyError(
                f"{path} is missing; restore it. If it is lost, 'breakglass-ops init' makes a new "
                "one, and requests with approvals on them must be asked anew"
            ) from None

    def encrypt(self, blob: bytes, *, context: str) -> bytes:
        """Wrap ``blob``; ``context`` (request and custodian) must be the same on the way out."""
        return encrypt_blob(self._key, blob, context.encode())

    def decrypt(self, blob: bytes, *, context: str) -> bytes:
        """Unwrap.

        Raises:
            AtRestKeyError: another key, or a row that was moved.
        """
        try:
            return decrypt_blob(self._key, blob, context.encode())
        except VerificationError:
            raise AtRestKeyError("a stored share does not open with this at-rest.key") from None

    def derive(self, label: str) -> bytes:
        """32 bytes for another purpose of the service itself, such as made-up salts."""
        return hkdf(self._key, label.encode())
