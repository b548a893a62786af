"""The errors of formats and primitives.

Messages are for people and may change. None contains a key, a share, a phrase, a password or any
other part of the input: the input may itself be a secret.
"""


class CryptoError(Exception):
    """Base of every refusal of this package."""


class MalformedError(CryptoError):
    """Not well-formed: this project does not write such bytes or fields."""


class UnknownSuiteError(MalformedError):
    """A suite that this release does not have."""

    def __init__(self) -> None:
        super().__init__("an unknown suite: a newer release is needed")


class VerificationError(CryptoError):
    """Well-formed, but it does not verify, decrypt or match what it claims to match."""


class NotEnoughSharesError(CryptoError):
    """A group has fewer shares than its threshold."""
