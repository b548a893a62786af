"""This device's clock, held against the service's and against the log: what is known of time.

That a clock is behind the newest leaf is proved. All else is the service's word, the ``Date`` of
its answers: it is shown, and decides nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.client.foundation.render import duration

SHOWN = timedelta(minutes=2)
PRESSED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """``own`` is this device's. ``service`` and ``leaf`` are None where nothing is known of them.

    ``leaf`` is the time of the newest leaf that this device has proved.
    """

    own: datetime
    service: datetime | None = None
    leaf: datetime | None = None

    @property
    def ahead(self) -> timedelta:
        """By how much this device's clock is ahead of what is known; negative if it is behind."""
        by_service = timedelta(0) if self.service is None else self.own - self.service
        behind = timedelta(0) if self.leaf is None else min(self.own - self.leaf, timedelta(0))
        return behind if self._proved else by_service

    @property
    def _proved(self) -> bool:
        """Whether the leaf says at least as much as the service does."""
        if self.leaf is None or self.own >= self.leaf:
            return False
        return self.service is None or self.service <= self.leaf

    @property
    def differ(self) -> bool:
        """Whether it is worth showing: from two minutes on."""
        return abs(self.ahead) >= SHOWN

    @property
    def differ_much(self) -> bool:
        """Whether an act wants a second press: from ten minutes on."""
        return abs(self.ahead) >= PRESSED

    @property
    def sentence(self) -> str:
        """Both clocks and how far they are apart; empty where they agree."""
        if not self.differ:
            return ""
        way = "ahead of" if self.ahead > timedelta(0) else "behind"
        if self._proved and self.leaf is not None:
            other, at = "the log's newest entry that was proved here", self.leaf
        elif self.service is not None:
            other, at = "the service's clock", self.service
        else:
            return ""
        apart = duration(int(abs(self.ahead).total_seconds()))
        return (
            f"this device's clock says {moment(self.own)} and is {apart} {way} {other}, "
            f"which says {moment(at)}"
        )


def moment(at: datetime) -> str:
    """Return a time to the second, so that two clocks can be compared."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
