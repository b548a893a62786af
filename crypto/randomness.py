"""The one place that reads the operating system's random source."""

import secrets
import uuid


def random_bytes(count: int) -> bytes:
    """Return ``count`` bytes for keys, salts, nonces and tokens."""
    return secrets.token_bytes(count)


def random_uuid() -> str:
    """Return a UUID of version 4 as lower-case text with hyphens: 122 random bits."""
    return str(uuid.UUID(bytes=random_bytes(16), version=4))


def random_below(bound: int) -> int:
    """Return an integer from 0 to ``bound - 1``, each equally likely (by rejection, no modulo).

    Raises:
        ValueError: ``bound`` is not at least 1.
    """
    return secrets.randbelow(bound)
