"""A request's private key as it lies on its requester's disk: wrapped by that person's root.

So opening what was released always takes the phrase or the passkey, also for a thief of the disk.
Runs on a person's own device only.
"""

from crypto.encoding import lp
from crypto.errors import MalformedError, VerificationError
from crypto.recipient import RecipientKey
from crypto.secret import SecretBytes
from crypto.suite import BLOB_OVERHEAD, decrypt_blob, encrypt_blob, hkdf

WRAPPED_KEY_LENGTH = 32 + BLOB_OVERHEAD
_LABEL = "bg1 request key"


def wrapping_key(root: SecretBytes, person: str, request: str) -> bytes:
    """Derive the key that wraps this one request's private key; ids as text."""
    return hkdf(root.reveal(), lp(_LABEL, person, request))


def wrapped_aad(person: str, request: str, recipient_key: bytes) -> bytes:
    """Return what a wrapped key is bound to: its owner, its request and its public half."""
    return lp(_LABEL, person, request, recipient_key)


def wrap_request_key(root: SecretBytes, key: RecipientKey, person: str, request: str) -> bytes:
    """Encrypt the 32 raw bytes of a request's private key under its owner's root: 60 bytes."""
    aad = wrapped_aad(person, request, key.public)
    return encrypt_blob(wrapping_key(root, person, request), key.private.reveal(), aad)


def unwrap_request_key(
    root: SecretBytes, wrapped: bytes, person: str, request: str, recipient_key: bytes
) -> RecipientKey:
    """Return the key pair that ``wrap_request_key`` wrapped for this person and request.

    Raises:
        MalformedError: not the length of a wrapped key.
        VerificationError: another root, person, request or public key, or the blob was changed.
    """
    if len(wrapped) != WRAPPED_KEY_LENGTH:
        raise MalformedError(f"a wrapped request key must be {WRAPPED_KEY_LENGTH} bytes")
    aad = wrapped_aad(person, request, recipient_key)
    raw = decrypt_blob(wrapping_key(root, person, request), wrapped, aad)
    key = RecipientKey.from_private(SecretBytes(raw))
    if key.public != recipient_key:  # whoever wrapped it bound it to another public key
        raise VerificationError("a wrapped request key does not belong to its public key")
    return key
