"""What the rules refuse.

``code`` is part of the API: clients match on it, so a code never changes its meaning. The message
is for the person who caused the refusal and may change. Neither ever contains a share, a key or a
password.
"""

from typing import ClassVar


class Refusal(Exception):
    """Base of every refusal. Safe to show to the signed-in person who caused it."""

    code: ClassVar[str] = "refused"
    default: ClassVar[str] = "the service refuses this"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.default)

    @property
    def message(self) -> str:
        """The sentence for people."""
        return str(self)
