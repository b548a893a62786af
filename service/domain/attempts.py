"""How many failures are written down, and how often the log hears of them.

Failed sign-ins and enrolments are the only refusals that leave something behind: a counter, and one
event that carries how many there were. Both are bounded, so that a stranger can fill neither the
database nor the log: 10 failures per e-mail address or link and 100 over all are counted in a
quarter of an hour, and the log hears of them at most every five minutes.

**No one is locked out.** The limit is on what is wrong: a right recovery phrase or link is let in
however many wrong ones came before it. What is guessed has 100 random bits (a phrase) or 256 (a
link), so no number of guesses helps, and refusing the right one too would let any stranger who
knows an e-mail address, or sends a hundred made-up ones, keep a custodian out of an emergency.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
MOST_EACH = 10
MOST_OVER_ALL = 100
REPORT_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Failures of one address, of one link, or over all, since ``started_at``.

    ``unreported`` are those that no event has carried yet.
    """

    started_at: datetime
    failures: int = 0
    unreported: int = 0

    def limited(self, now: datetime, most: int) -> bool:
        """Whether a further failure is to be left uncounted."""
        return not self.over(now) and self.failures >= most

    def over(self, now: datetime) -> bool:
        """Whether its quarter of an hour has passed, the end included."""
        return now >= self.started_at + WINDOW

    def counted(self, now: datetime) -> "Tally":
        """One failure more; the first after a window starts the next."""
        unreported = self.unreported + 1
        if self.over(now):
            return Tally(started_at=now, failures=1, unreported=unreported)
        return replace(self, failures=self.failures + 1, unreported=unreported)


def report_due(reported_at: datetime | None, now: datetime) -> bool:
    """Whether the log may hear of failures: at once the first time, then every five minutes."""
    return reported_at is None or now >= reported_at + REPORT_EVERY
