"""Small files that answer questions in advance: TOML or JSON, by the ending of their name."""

import json
import tomllib
from typing import Any

from service.client.foundation.errors import ClientRefusal
from service.client.foundation.givenfile import read_given, text_of

_LIMIT = 1_000_000  # bytes


def read_table(path: str) -> dict[str, Any]:
    """Return the table in a ``.toml`` or ``.json`` file.

    Raises:
        ClientRefusal: ``malformed-file``; a code of ``foundation.givenfile``.
    """
    data = read_given(path, _LIMIT)
    try:
        text = text_of(data)
        value = tomllib.loads(text) if path.lower().endswith(".toml") else json.loads(text)
    except (ValueError, RecursionError):
        raise ClientRefusal("malformed-file", f"{path} is neither TOML nor JSON") from None
    if not isinstance(value, dict):
        raise ClientRefusal("malformed-file", f"{path} must be a table")
    return value
