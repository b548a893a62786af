"""The key pair to which custodians reseal their shares for one request.

A value: it opens nothing by itself (``crypto.unseal`` does), so the code that keeps it on a device
needs no access to unsealing.
"""

from typing import Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from crypto.errors import MalformedError
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes

_PRIVATE_LENGTH = 32


class RecipientKey:
    """A key pair for one request: made for it, kept on one device, destroyed with it."""

    __slots__ = ("private", "public")

    def __init__(self, private: SecretBytes) -> None:
        """Derive the public key.

        Raises:
            MalformedError: the private key is not 32 bytes.
        """
        if len(private) != _PRIVATE_LENGTH:
            raise MalformedError(f"a private key must be {_PRIVATE_LENGTH} bytes")
        self.private = private
        key = X25519PrivateKey.from_private_bytes(private.reveal())
        self.public: bytes = key.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> Self:
        """Make a fresh key pair."""
        return cls(SecretBytes(random_bytes(_PRIVATE_LENGTH)))

    @classmethod
    def from_private(cls, private: SecretBytes) -> Self:
        """Restore a key pair that was kept on this device.

        Raises:
            MalformedError: the private key is not 32 bytes.
        """
        return cls(private)
