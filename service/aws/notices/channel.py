"""Where notices go, seen from the outbox: something that takes one, or says why not."""

import re
from typing import Protocol

from service.domain.notices import Notice

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,80}")


class ChannelFault(Exception):
    """The notice was not taken, or it is not known whether it was.

    ``code`` names the fault in the log and to operators; it is a word, never the other side's own
    message, which may say anything. ``alarm``: it does not look like something that passes, so
    people are to hear of it at once rather than after some tries.
    """

    alarm = False

    def __init__(self, code: str, *, alarm: bool = False) -> None:
        self.code = code if _CODE.fullmatch(code) else "Unreadable"
        self.alarm = self.alarm or alarm
        super().__init__(self.code)


class TransientFault(ChannelFault):
    """It may pass by itself: the notice waits and is sent again."""


class PermanentFault(ChannelFault):
    """Someone must change something first: the notice is parked, and rarely tried again."""

    alarm = True


class Channel(Protocol):
    """Takes one notice at a time, at least once each."""

    def send(self, notice: Notice) -> None:
        """Return when the notice was taken.

        Raises:
            TransientFault, PermanentFault: it was not, or perhaps not.
        """
