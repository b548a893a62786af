"""What the formats and primitives can refuse.

Messages are for people and may change. None contains a key, a share, a phrase, a password or any
other part of the input: what was refused may itself be a secret.
"""


class CryptoError(Exception):
    """Base of every refusal of this package."""


class MalformedError(CryptoError):
    """Not well-formed: the bytes or fields are none that this project writes."""


class VerificationError(CryptoError):
    """Well-formed, but it does not verify, decrypt or match what it claims to match."""


class NotEnoughSharesError(CryptoError):
    """A group has fewer shares than its threshold."""
