"""Key material and plaintext, wrapped so that they do not leak by accident.

This prevents accidents, not attacks: Python cannot wipe memory, and this does not try.
"""

import hmac
from typing import NoReturn


class SecretBytes:
    """Bytes that do not print, hash or pickle. ``reveal()`` is the only way out.

    Comparing takes the same time wherever the first difference is; it reveals the length.
    """

    __slots__ = ("_data",)
    __hash__ = None  # type: ignore[assignment]  # no set or dict key: hashing is not constant-time

    def __init__(self, data: bytes) -> None:
        self._data = data

    def reveal(self) -> bytes:
        """Return the bytes; search for calls to see where secrets are used."""
        return self._data

    def __len__(self) -> int:
        """Count the bytes; lengths are public in this project."""
        return len(self._data)

    def __eq__(self, other: object) -> bool:
        """Compare in constant time; never equal to plain bytes."""
        if not isinstance(other, SecretBytes):
            return NotImplemented
        return hmac.compare_digest(self._data, other._data)

    def __repr__(self) -> str:
        """Show the length alone, also in tracebacks, logs and f-strings."""
        return f"<SecretBytes, {len(self._data)} bytes>"

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied or pickled.

        Raises:
            TypeError: always.
        """
        raise TypeError("a secret cannot be copied or pickled")
