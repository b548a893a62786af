"""What a signed statement says, for pages that show several of them again and again."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from crypto.encoding import b64decode, parse_canonical


@lru_cache(maxsize=1024)
def said(payload: str) -> Mapping[str, Any]:
    """Read a payload as the API passes it on. The same text says the same for ever.

    Only what the service has stored is read here, after it was checked; no one changes the values.
    """
    found: Mapping[str, Any] = parse_canonical(b64decode(payload))
    return found
