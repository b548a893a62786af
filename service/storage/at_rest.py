"""The key that resealed shares lie under until they are deleted; kept outside the database.

A thief of a backup gets nothing that the requester's device key alone would open: the key file is
not part of a backup (docs, operations).
"""

import os
from pathlib import Path

from crypto.errors import VerificationError
from crypto.randomness import random_bytes
from crypto.suite import decrypt_blob, encrypt_blob, hkdf
from service.storage.advice import Advice, AdvisedError, Kept

KEY_LENGTH = 32


class AtRestKeyError(AdvisedError):
    """Base of the reasons for which shares are neither covered nor uncovered."""


class AtRestKeyMissingError(AtRestKeyError):
    """There is no key file."""

    says = "the at-rest key {path} is missing"
    advice = Advice(
        do="put back the copy of the at-rest.key that was in use; only if there is "
        "none, 'breakglass-ops init --invite-nobody' makes a new one, and requests that "
        "have approvals must be cancelled and made again",
        put_back=Kept.AT_REST_KEY,
        runbook="the-at-rest-key",
    )

    def __init__(self, path: Path) -> None:
        super().__init__(path=path)


class AtRestKeyExposedError(AtRestKeyError):
    """Other users of the machine may read or write the key file."""

    says = "the at-rest key {path} is open to other users of this machine"
    advice = Advice(
        do="run 'chmod 600' on it, and ask who may have read it", runbook="the-at-rest-key"
    )

    def __init__(self, path: Path) -> None:
        super().__init__(path=path)


class AtRestKeyDamagedError(AtRestKeyError):
    """The key file has another length than a key."""

    says = "at-rest.key is not a key of 32 bytes"
    advice = Advice(
        do="move it away, and put back the copy of the at-rest.key that was in use",
        put_back=Kept.AT_REST_KEY,
        runbook="the-at-rest-key",
    )


class ShareUnreadableError(AtRestKeyError):
    """Another key covered the share, or its row was moved: the request answers ``shares-lost``."""

    says = "a stored share does not open with this at-rest.key"
    advice = Advice(
        do="cancel the request and make it again, unless at-rest.key was replaced by mistake",
        runbook="the-at-rest-key",
    )


class AtRest:
    """Encrypts rows under a key that the database does not hold (AES-256-GCM)."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_LENGTH:
            raise AtRestKeyDamagedError
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
            AtRestKeyError: it is missing, open to others, or of a wrong length.
        """
        try:
            if path.stat().st_mode & 0o077:
                raise AtRestKeyExposedError(path)
            return cls(path.read_bytes())
        except FileNotFoundError:
            raise AtRestKeyMissingError(path) from None

    def encrypt(self, blob: bytes, *, context: str) -> bytes:
        """Wrap ``blob``; ``context`` (request and custodian) must be the same on the way out."""
        return encrypt_blob(self._key, blob, context.encode())

    def decrypt(self, blob: bytes, *, context: str) -> bytes:
        """Unwrap.

        Raises:
            ShareUnreadableError: another key, or a row that was moved.
        """
        try:
            return decrypt_blob(self._key, blob, context.encode())
        except VerificationError:
            raise ShareUnreadableError from None

    def derive(self, label: str) -> bytes:
        """32 bytes for another purpose of the service itself, such as challenges."""
        return hkdf(self._key, label.encode())
