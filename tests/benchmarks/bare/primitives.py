"""The cryptography that sealing, approving and revealing cannot do without, called directly.

``cryptography`` and ``shamir-mnemonic`` with the sizes of the real thing. Nothing is parsed,
compared, framed or tried out.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence

import shamir_mnemonic  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Check = tuple[bytes, bytes, bytes]  # public key, signature, message
Sealed = tuple[bytes, bytes]  # HPKE's info, and what was sealed under it

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_NONCE = 12


def verify(checks: Iterable[Check]) -> None:
    """Each signature on what the act rests on."""
    for key, signature, message in checks:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)


def seal(
    plain: bytes,
    recipients: Sequence[bytes],
    groups: Sequence[tuple[int, int]],
    *,
    aad: bytes,
    seed: bytes,
    message: bytes,
) -> None:
    """Encrypt, split, seal a share to each recipient, sign."""
    secret, nonce = os.urandom(32), os.urandom(_NONCE)
    Ed25519PrivateKey.from_private_bytes(_derive(secret, b"bg1 opening")).public_key()
    X25519PrivateKey.from_private_bytes(_derive(secret, b"bg1 code gate")).public_key()
    key = _derive(secret, b"bg1 content key")
    hashlib.sha256(nonce + AESGCM(key).encrypt(nonce, plain, aad)).digest()
    mnemonics = shamir_mnemonic.generate_mnemonics(
        group_threshold=len(groups),
        groups=list(groups),
        master_secret=secret,
        passphrase=b"",
        extendable=True,
        iteration_exponent=0,
    )
    every = [mnemonic.encode() for group in mnemonics for mnemonic in group]
    for public, mnemonic in zip(recipients, every, strict=True):
        hashlib.sha256(mnemonic).digest()
        sealed = _HPKE.encrypt(mnemonic, X25519PublicKey.from_public_bytes(public), info=aad)
        hashlib.sha256(sealed).digest()
    Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def open_content(mnemonics: Sequence[str], blob: bytes, aad: bytes) -> None:
    """Combine a set of shares, and decrypt."""
    secret = shamir_mnemonic.combine_mnemonics(mnemonics, b"")
    AESGCM(_derive(secret, b"bg1 content key")).decrypt(blob[:_NONCE], blob[_NONCE:], aad)


def reseal(private: bytes, share: Sealed, recipient: bytes, seed: bytes, message: bytes) -> None:
    """Open a share, seal it to another key, sign."""
    info, sealed = share
    opened = _open(private, info, sealed)
    resealed = _HPKE.encrypt(opened, X25519PublicKey.from_public_bytes(recipient), info=info)
    hashlib.sha256(resealed).digest()
    Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def combine(private: bytes, shares: Iterable[Sealed], blob: bytes, aad: bytes) -> None:
    """Open as many shares as are needed, combine them, and decrypt."""
    mnemonics = [_open(private, info, sealed).decode() for info, sealed in shares]
    open_content(mnemonics, blob, aad)


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def _open(private: bytes, info: bytes, sealed: bytes) -> bytes:
    opened = _HPKE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info=info)
    hashlib.sha256(opened).digest()
    return opened
