"""Channels in memory that take notices, or fail as a test tells them to."""

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from service.aws.notices.channel import Channel, ChannelFault
from service.domain.notices import Notice


@dataclass
class FakeChannel:
    """Keeps what it takes. ``fault`` is raised instead, for the notices that ``fails`` picks."""

    fault: ChannelFault | None = None
    fails: Callable[[Notice], bool] = lambda _: True
    taken: list[Notice] = field(default_factory=list)
    tried: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, notice: Notice) -> None:
        """Take a notice, or fail."""
        with self.lock:
            self.tried += 1
            if self.fault is not None and self.fails(notice):
                raise self.fault
            self.taken.append(notice)

    @property
    def actions(self) -> list[str]:
        """What was taken, in that order."""
        return [notice.action for notice in self.taken]


class FakeChannels:
    """Every name is a channel."""

    def __init__(self) -> None:
        self.named: defaultdict[str, FakeChannel] = defaultdict(FakeChannel)

    def of(self, name: str) -> Channel:
        """The channel of a name."""
        return self.named[name]
