"""The one place that reads the time. Everything else is handed a clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def now() -> datetime:
    """Return the system's time in UTC, cut to the whole second."""
    return datetime.now(UTC).replace(microsecond=0)
