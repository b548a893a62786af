"""Suite ``bg1``: HKDF-SHA256, AES-256-GCM and Ed25519, each called in exactly one way.

The suite's name is in every statement and every HPKE ``info``, so that a later suite can be used
beside this one. HPKE has its own two modules, because only one half of it may run on a server.
"""

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.curve import KEY_LENGTH, check_edwards_point, check_montgomery_point
from crypto.errors import MalformedError, VerificationError
from crypto.randomness import random_bytes

SUITE = "bg1"
SUITES = (SUITE,)  # a later one is added here, with the lengths and checks of its keys
NONCE_LENGTH = 12
TAG_LENGTH = 16
BLOB_OVERHEAD = NONCE_LENGTH + TAG_LENGTH
SIGNATURE_LENGTH = 64


def hkdf(key: bytes, info: bytes) -> bytes:
    """Derive 32 bytes with HKDF-SHA256 and an empty salt (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key)


def encrypt_blob(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Return ``nonce || ciphertext || tag`` of AES-256-GCM, 28 bytes longer than ``plaintext``.

    The nonce is 96 random bits, so one key is good for 2^32 blobs (NIST SP 800-38D, 8.3); here a
    content key or slot key encrypts once.

    Raises:
        ValueError: the key is not 32 bytes.
    """
    nonce = random_bytes(NONCE_LENGTH)
    return nonce + _cipher(key).encrypt(nonce, plaintext, aad)


def decrypt_blob(key: bytes, blob: bytes, aad: bytes) -> bytes:
    """Return the plaintext of a blob that ``encrypt_blob`` made with the same key and ``aad``.

    Raises:
        MalformedError: shorter than a nonce and a tag.
        VerificationError: another key, another ``aad``, or the blob was changed.
        ValueError: the key is not 32 bytes.
    """
    if len(blob) < BLOB_OVERHEAD:
        raise MalformedError("an encrypted blob is too short")
    try:
        return _cipher(key).decrypt(blob[:NONCE_LENGTH], blob[NONCE_LENGTH:], aad)
    except InvalidTag:
        raise VerificationError(
            "an encrypted blob does not open: another key or place, or it was changed"
        ) from None


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_LENGTH:  # with 16 bytes AESGCM would be AES-128
        raise ValueError(f"the key of a blob must be {KEY_LENGTH} bytes")
    return AESGCM(key)


def check_signing_key(key: bytes) -> None:
    """Refuse a non-canonical Ed25519 public key, and one of small order.

    Raises:
        MalformedError: such a key, or one that is not 32 bytes.
    """
    check_edwards_point(key)


def check_encryption_key(key: bytes) -> None:
    """Refuse a non-canonical X25519 public key, and one of small order.

    Raises:
        MalformedError: such a key, or one that is not 32 bytes.
    """
    check_montgomery_point(key)


def verify_signature(key: bytes, signature: bytes, message: bytes) -> None:
    """Verify an Ed25519 signature (RFC 8032); return only if it is good.

    Key and R are checked here on every call; the library refuses a non-canonical S, and any other
    length than 64 bytes.

    Raises:
        VerificationError: for every way in which it is not good, a malformed key included.
    """
    try:
        check_edwards_point(key)
        check_edwards_point(signature[:KEY_LENGTH])
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, MalformedError):
        raise VerificationError("a signature does not verify") from None
