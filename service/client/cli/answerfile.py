"""Small files that answer questions in advance: TOML or JSON, by the ending of their name."""

import json
import tomllib
from pathlib import Path
from typing import Any

from service.client.foundation.errors import ClientRefusal

_LIMIT = 1_000_000  # bytes


def read_table(path: str) -> dict[str, Any]:
    """Return the table in a ``.toml`` or ``.json`` file.

    Raises:
        ClientRefusal: ``malformed-file``.
    """
    with Path(path).open("rb") as file:
        data = file.read(_LIMIT)
    try:
        text = data.decode()
        value = tomllib.loads(text) if path.endswith(".toml") else json.loads(text)
    except (ValueError, RecursionError):
        raise ClientRefusal("malformed-file", f"{path} is neither TOML nor JSON") from None
    if not isinstance(value, dict):
        raise ClientRefusal("malformed-file", f"{path} must be a table")
    return value
