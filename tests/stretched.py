"""What was stretched once in a process is not stretched again: the same people act all the time.

The outcome is the library's own. A phrase takes a tenth of a second and more, on purpose; a suite
whose people unlock thousands of times would wait for nothing else.
"""

from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from crypto import phrase, spoken

_KNOWN: dict[tuple[str, int, bytes, int, bytes], bytes] = {}


class Remembered:
    """PBKDF2 with a memory."""

    def __init__(self, *, algorithm: Any, length: int, salt: bytes, iterations: int) -> None:
        self._of = (algorithm.name, length, salt, iterations)
        self._bare = PBKDF2HMAC(
            algorithm=algorithm, length=length, salt=salt, iterations=iterations
        )

    def derive(self, secret: bytes) -> bytes:
        key = (*self._of, secret)
        if key not in _KNOWN:
            _KNOWN[key] = self._bare.derive(secret)
        return _KNOWN[key]


def remember() -> pytest.MonkeyPatch:
    """Remember from now on, until what is returned is undone."""
    patch = pytest.MonkeyPatch()
    for module in (phrase, spoken):
        patch.setattr(module, "PBKDF2HMAC", Remembered)
    return patch
