"""One thing that is wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``code`` is stable, for monitoring; ``message`` says what is wrong, and what to do."""

    code: str
    message: str
