"""Lengths of time as people type them: ``2h``, ``90m``, ``1h30m``, ``45 min``, ``3600s``."""

import re

from service.client.foundation.errors import ClientRefusal

_PART = re.compile(r"([0-9]{1,6}) *(hours?|h|minutes?|min|m|seconds?|sec|s) *")
_SECONDS = {"h": 3600, "m": 60, "s": 1}


def parse_span(text: str) -> int:
    """Return a length of time in seconds.

    Raises:
        ClientRefusal: ``not-a-time``: empty, zero, without units, or with anything else in it.
    """
    rest, total = text.strip().lower(), 0
    while match := _PART.match(rest):
        total += int(match[1]) * _SECONDS[match[2][0]]
        rest = rest[match.end() :]
    if rest or not total:
        raise ClientRefusal(
            "not-a-time", "not a length of time: use a form such as 2h, 90m or 1h30m"
        )
    return total
