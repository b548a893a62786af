"""One root, two key pairs, and the fingerprint by which people compare them.

The root is 32 random bytes made on its owner's device; it never leaves that device unwrapped.
"""

from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from crypto.encoding import lp, sha256
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes
from crypto.suite import check_encryption_key, check_signing_key, hkdf
from crypto.wordlist import words_of

ROOT_LENGTH = 32
_ENCRYPTION_INFO = b"bg1 identity encryption"
_SIGNING_INFO = b"bg1 identity signing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """A person's two public keys, both canonical and of large order.

    Raises:
        MalformedError: one of them is not.
    """

    encryption_key: bytes
    signing_key: bytes

    def __post_init__(self) -> None:
        """Refuse keys that must not be used."""
        check_encryption_key(self.encryption_key)
        check_signing_key(self.signing_key)

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 over both keys under their own label, 32 bytes."""
        return sha256(lp("bg1 fingerprint", self.encryption_key, self.signing_key))

    @property
    def keyid(self) -> str:
        """The fingerprint in hexadecimal: it finds a key in a roster and proves nothing."""
        return self.fingerprint.hex()

    @property
    def words(self) -> tuple[str, ...]:
        """The fingerprint's first 80 bits as eight words, to be compared by voice."""
        return words_of(self.fingerprint)


class Identity:
    """A person's root with the keys derived from it; lives for one act."""

    __slots__ = ("public", "root")

    def __init__(self, root: SecretBytes) -> None:
        """Derive the public keys.

        Raises:
            ValueError: the root is not 32 bytes.
        """
        if len(root) != ROOT_LENGTH:
            raise ValueError(f"a root must be {ROOT_LENGTH} bytes")
        self.root = root
        encryption = X25519PrivateKey.from_private_bytes(self.encryption_private.reveal())
        self.public = PublicKeys(
            encryption_key=encryption.public_key().public_bytes_raw(),
            signing_key=self._signing_private().public_key().public_bytes_raw(),
        )

    @classmethod
    def generate(cls) -> Self:
        """Make a new identity from 32 random bytes."""
        return cls(SecretBytes(random_bytes(ROOT_LENGTH)))

    @classmethod
    def from_root(cls, root: SecretBytes) -> Self:
        """Derive the identity again.

        Raises:
            ValueError: the root is not 32 bytes.
        """
        return cls(root)

    @property
    def keyid(self) -> str:
        """The fingerprint of the public keys in hexadecimal."""
        return self.public.keyid

    @property
    def encryption_private(self) -> SecretBytes:
        """The X25519 private key, for opening what was sealed to this person."""
        return SecretBytes(hkdf(self.root.reveal(), _ENCRYPTION_INFO))

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of ``message``, 64 bytes."""
        return self._signing_private().sign(message)

    def _signing_private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hkdf(self.root.reveal(), _SIGNING_INFO))
