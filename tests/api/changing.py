"""One part of a call's JSON, changed."""

from copy import deepcopy
from typing import Any

Place = tuple[str | int, ...]

LEAVES = ("", "x", "A" * 44, "0" * 64, "00000000-0000-4000-8000-000000000000", "QQ==", 0, -1, True)


def places(value: object, here: Place = ()) -> list[Place]:
    """Where every part of a JSON value is."""
    parts: list[tuple[Any, object]] = []
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    below = [found for key, part in parts for found in places(part, (*here, key))]
    return [here, *below] if here else below


def changed(content: dict[str, Any], place: Place, value: object) -> Any:
    """A copy with this value at this place."""
    copy: Any = deepcopy(content)
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return copy
