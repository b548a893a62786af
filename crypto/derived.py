"""What an envelope's secret gives: the content key, and two public keys that prove a holder.

SLIP-39 splits the secret ``S`` of 32 random bytes. The infos contain no context, because the
context contains the public keys.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto.envelope import opening_keyid
from crypto.recipient import RecipientKey
from crypto.secret import SecretBytes
from crypto.suite import hkdf

_CONTENT_INFO = b"bg1 content key"
_OPENING_INFO = b"bg1 opening"
_GATE_INFO = b"bg1 code gate"


class OpeningKey:
    """Signs what only a holder of the secret can sign: the sealer, and anyone who has opened."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: SecretBytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed.reveal())
        self.public: bytes = self._key.public_key().public_bytes_raw()

    @property
    def keyid(self) -> str:
        """The key id of signatures by this key."""
        return opening_keyid(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of ``message``, 64 bytes."""
        return self._key.sign(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The three keys of one envelope; ``gate`` is for later releases, which seal codes to it."""

    content_key: SecretBytes
    opening: OpeningKey
    gate: RecipientKey


def derive(secret: SecretBytes) -> Derived:
    """Derive an envelope's keys from the secret that its shares combine to.

    Raises:
        MalformedError: never for 32 bytes; it is what the parts raise for others.
    """
    key = secret.reveal()
    return Derived(
        content_key=SecretBytes(hkdf(key, _CONTENT_INFO)),
        opening=OpeningKey(SecretBytes(hkdf(key, _OPENING_INFO))),
        gate=RecipientKey.from_private(SecretBytes(hkdf(key, _GATE_INFO))),
    )
