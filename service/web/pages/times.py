"""Times in words first; the exact one, in UTC, is beside them for those who need it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from crypto.encoding import parse_time

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
_NEAR = timedelta(hours=20)


def span(seconds: float) -> str:
    """A length of time in at most two units: ``3 h 41 min``; below a minute in seconds."""
    left, parts = int(abs(seconds)), []
    if left < _UNITS[-1][1]:
        return f"{left} s"
    for name, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
        elif parts:
            break  # "2 d", not "2 d 5 min"
    return " ".join(parts[:2])


def moment(text: str, now: datetime) -> str:
    """A wire time seen from now: ``in 3 h 41 min``, ``19 min ago``, ``just now``."""
    away = parse_time(text) - now
    if abs(away) < timedelta(seconds=10):
        return "just now" if away <= timedelta(0) else "in a moment"
    words = span(away.total_seconds())
    return f"in {words}" if away > timedelta(0) else f"{words} ago"


def clock(text: str, now: datetime) -> str:
    """The time of day, with the day where that is not obvious: ``14:21``, ``3 May, 14:21``."""
    at = parse_time(text)
    if abs(at - now) < _NEAR:
        return f"{at:%H:%M}"
    year = "" if at.year == now.year else f" {at.year}"
    return f"{at.day} {at:%B}{year}, {at:%H:%M}"


def day(text: str) -> str:
    """The day: ``22 November 2026``."""
    at = parse_time(text)
    return f"{at.day} {at:%B} {at.year}"


def exact(text: str) -> str:
    """To the second: ``2026-11-22 14:21:05 UTC``, which is all that a wire time says."""
    return f"{text[:10]} {text[11:19]} UTC"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "span": span,
    "moment": moment,
    "clock": clock,
    "day": day,
    "exact": exact,
}
