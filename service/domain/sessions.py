"""How long a session lasts, and how long an invitation (decisions, "Sign-in" and "Enrolment")."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
FRESH = timedelta(minutes=5)
TOUCH_EVERY = timedelta(minutes=1)
INVITATION_LIFETIME = timedelta(hours=24)


class SessionKind(StrEnum):
    """How the token travels: a browser's cookie, or a header."""

    COOKIE = "cookie"
    BEARER = "bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person who is signed in. ``fresh_at`` is when they last proved who they are."""

    id: str
    person: str
    kind: SessionKind
    created_at: datetime
    last_used_at: datetime
    fresh_at: datetime
    ended_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """When it ends whatever happens: 12 hours after the sign-in, the end excluded."""
        return self.created_at + ABSOLUTE

    def live(self, now: datetime) -> bool:
        """Whether it still counts: not ended, not too old, not idle for 30 minutes.

        The last use is written down once a minute, so the idle time may fall short by a minute
        and never exceeds 30.
        """
        ends_at = min(self.ends_at, self.last_used_at + IDLE)
        return self.ended_at is None and now < ends_at

    def fresh(self, now: datetime) -> bool:
        """Whether it was proven within the last five minutes."""
        return now < self.fresh_at + FRESH

    def to_be_touched(self, now: datetime) -> bool:
        """Whether the last use is to be written down again: once a minute."""
        return now >= self.last_used_at + TOUCH_EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An enrolment link: for one person, for 24 hours, for one use; a newer one replaces it."""

    person: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def open(self, now: datetime) -> bool:
        """Whether it may be used, the moment of expiry excluded."""
        return self.used_at is None and now < self.expires_at
