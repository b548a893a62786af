"""Challenges for passkeys: made without writing anything, good for one answer in five minutes.

A challenge is a nonce, its time and an HMAC of both under a key derived from the at-rest key, over
what it is for and whose it is: a session, a link, or no one's. Only an answered one leaves a row,
until it would have expired; a stranger who asks for challenges leaves none.
"""

import hmac
from datetime import UTC, datetime

from crypto.encoding import hex_digest, lp
from crypto.randomness import random_bytes
from service.domain.passkeys import CHALLENGE_LIFETIME, Purpose, answerable
from service.storage import challenges
from service.usecases.context import Context, Unit

_LABEL = "bg1 challenges"
_NONCE = 16  # bytes
_TIME = 8


def make(ctx: Context, purpose: Purpose, whose: str, now: datetime) -> bytes:
    """A new challenge. ``whose`` is a session's id or a link's digest; empty for a stranger."""
    head = random_bytes(_NONCE) + int(now.timestamp()).to_bytes(_TIME, "big")
    return head + _mac(ctx, purpose, whose, head)


def _mac(ctx: Context, purpose: Purpose, whose: str, head: bytes) -> bytes:
    return hmac.digest(ctx.at_rest.derive(_LABEL), lp(purpose.value, whose, head), "sha256")


def stands(ctx: Context, unit: Unit, purpose: Purpose, whose: str, challenge: bytes) -> bool:
    """Whether this is a challenge of ours for just this, still good and not yet answered."""
    head, mac = challenge[: _NONCE + _TIME], challenge[_NONCE + _TIME :]
    if not hmac.compare_digest(_mac(ctx, purpose, whose, head), mac):
        return False
    return answerable(_made_at(challenge), unit.now) and not challenges.spent(
        unit.session, hex_digest(challenge)
    )


def spend(unit: Unit, challenge: bytes) -> None:
    """Let this challenge count no more. It is one that stood in the same transaction."""
    challenges.spend(
        unit.session,
        hex_digest(challenge),
        expires_at=_made_at(challenge) + CHALLENGE_LIFETIME,
    )


def _made_at(challenge: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(challenge[_NONCE : _NONCE + _TIME], "big"), UTC)
