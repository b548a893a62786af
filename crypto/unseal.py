"""Opening what was sealed: the recipient's half of HPKE. Runs on a person's own device only."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from crypto.errors import MalformedError, VerificationError
from crypto.seal import ENCAPSULATED_LENGTH, HPKE, SEAL_OVERHEAD
from crypto.secret import SecretBytes
from crypto.suite import check_encryption_key


def unseal(private: SecretBytes, info: bytes, sealed: bytes) -> SecretBytes:
    """Return what was sealed to this private key's owner under exactly this ``info``.

    Raises:
        MalformedError: too short, or its ephemeral key is not canonical or of small order.
        VerificationError: sealed to another key or under another ``info``, or changed.
    """
    if len(sealed) < SEAL_OVERHEAD:
        raise MalformedError("a sealed message is too short")
    # With a small-order key in it, anyone could have made it open for everyone.
    check_encryption_key(sealed[:ENCAPSULATED_LENGTH])
    key = X25519PrivateKey.from_private_bytes(private.reveal())
    try:
        return SecretBytes(HPKE.decrypt(sealed, key, info=info))
    except InvalidTag:
        raise VerificationError(
            "a sealed message does not open: another key or place, or it was changed"
        ) from None
