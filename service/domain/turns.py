"""Which notice goes next, and how long one waits that a channel did not take.

The most severe go first, the oldest first within one severity: what is harmless cannot bury a
release, however much of it there is. Every fifth turn takes the oldest notice whatever it says, so
that loud ones without end do not keep a quiet one for ever: one notice in five goes out in the
order of the log.

A channel that does not answer is tried with one notice at a time. A notice that fails although its
channel has taken another one meanwhile has a fault of its own: it waits alone and holds back no
other.
"""

from collections.abc import Mapping
from datetime import timedelta

from service.domain.events import Severity

RANK: Mapping[Severity, int] = {Severity.URGENT: 0, Severity.WARNING: 1, Severity.INFO: 2}
OLDEST_EVERY = 5  # turns; a worker's look at the outbox has ten
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
LONGEST_HOLD = timedelta(seconds=30)
LONGEST_TURN = timedelta(hours=1)


def takes_oldest(turn: int) -> bool:
    """Whether this turn, counted from 0, goes to the oldest notice instead of the most severe."""
    return turn % OLDEST_EVERY == OLDEST_EVERY - 1


def hold_after(failed: int) -> timedelta:
    """How long a channel is left alone of whose notices so many have failed: 2 s up to 30 s."""
    return min(_doubled(failed), LONGEST_HOLD)


def wait_after(attempt: int) -> timedelta:
    """How long a notice waits after so many tries that failed: 2 s, doubling up to 5 minutes."""
    return min(_doubled(attempt), LONGEST_WAIT)


def own_wait(attempt: int, failed: int) -> timedelta:
    """The same where its channel is held, of whose notices so many have failed.

    It is longer than they all hold the channel one after the other, so that one that has not failed
    yet has its turn among them: if it gets through, the fault was theirs. An hour at most.
    """
    return max(wait_after(attempt), min((failed + 1) * hold_after(failed), LONGEST_TURN))


def _doubled(times: int) -> timedelta:
    return FIRST_WAIT * (1 << min(times - 1, 10))
