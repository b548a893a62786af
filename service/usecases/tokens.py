"""Tokens of sessions and enrolment links: 32 random bytes as text, stored as SHA-256 alone."""

from base64 import urlsafe_b64encode

from crypto.encoding import hex_digest
from crypto.randomness import random_bytes

TOKEN_LENGTH = 32


def new() -> str:
    """A token of 43 characters: base64url without padding."""
    return urlsafe_b64encode(random_bytes(TOKEN_LENGTH)).rstrip(b"=").decode()


def digest(token: str) -> str:
    """SHA-256 of the token's text in hex: what the database knows it by."""
    return hex_digest(token.encode(errors="replace"))
