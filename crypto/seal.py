"""Sealing to a person: the sender's half of HPKE, which needs a public key alone.

RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, single shot. There is no
associated data: everything that a sealed message is bound to is in ``info``.
"""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from crypto.suite import TAG_LENGTH, check_encryption_key

ENCAPSULATED_LENGTH = 32
SEAL_OVERHEAD = ENCAPSULATED_LENGTH + TAG_LENGTH
HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal(encryption_key: bytes, info: bytes, plaintext: bytes) -> bytes:
    """Return ``enc || ct``, 48 bytes longer than ``plaintext``, under a fresh ephemeral key.

    Raises:
        MalformedError: the key is not canonical, or of small order.
    """
    check_encryption_key(encryption_key)
    return HPKE.encrypt(plaintext, X25519PublicKey.from_public_bytes(encryption_key), info=info)
