"""Passkeys: what the service keeps of one, and what a challenge is for (protocol, "Sign-in").

A passkey is a key slot. The rules of slots say when it may be added and removed; here is what it
takes to ask it and to believe its answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.slots import UNLOCKING, SlotKind

CHALLENGE_LIFETIME = timedelta(minutes=5)


class Purpose(StrEnum):
    """What a challenge was made for; an answer to it counts for nothing else."""

    SIGN_IN = "sign-in"
    FRESHEN = "freshen"
    ENROL = "enrol"
    ADD = "add"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One credential. It is ``person``'s for as long as its slot's row is kept, also when removed.

    ``public_key`` is a COSE key; ``sign_count`` the counter of its last answer, 0 if it has none.
    """

    slot: str
    person: str
    kind: SlotKind
    credential: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    live: bool = True

    @property
    def unlocks(self) -> bool:
        """Whether its slot holds the wrapped root."""
        return self.kind in UNLOCKING


def goes_on(before: int, after: int) -> bool:
    """Whether a counter has moved on; one that stays at zero is none.

    Two that answer by turns are seen by this: the second of them is behind (WebAuthn, 6.1.1).
    """
    return after > before or (before == 0 and after == 0)


def answerable(made_at: datetime, now: datetime) -> bool:
    """Whether a challenge may still be answered: within five minutes, the end excluded."""
    return made_at <= now < made_at + CHALLENGE_LIFETIME
