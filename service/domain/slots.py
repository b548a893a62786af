"""Key slots: which may be added, replaced or removed (protocol, "Identity and key slots").

The rules:

* a person has at most one live phrase slot; a second one replaces the first;
* passkeys are added beside it and removed, and nothing replaces one; there are at most 16;
* the last slot that unlocks is never removed: no one could unwrap the root any more;
* the phrase of a person whom a roster names is never removed either, since passkeys work neither
  on a command line nor when the service is gone;
* what was removed is kept for 30 days.

The service and an auditor, who sees statements alone, decide by the same functions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from service.domain import errors

SALT_LENGTH = 16  # bytes
KEPT_AFTER_REMOVAL = timedelta(days=30)
MOST_PASSKEYS = 16


class SlotKind(StrEnum):
    """What unlocks a slot."""

    PHRASE = "phrase"
    PASSKEY = "passkey"
    SIGN_IN_ONLY = "sign-in-only"


UNLOCKING = frozenset({SlotKind.PHRASE, SlotKind.PASSKEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A slot as its signed statement names it; ``credential`` is empty for a phrase."""

    id: str
    kind: SlotKind
    credential: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot(Way):
    """One wrapped copy of a person's root, or none where a passkey only signs in.

    ``sign_in_digest`` is the SHA-256, in hex, of the key with which the person signs in;
    ``statement`` the digest of the signed statement that added the slot. Salt, iterations and
    sign-in digest are a phrase's alone.
    """

    person: str
    wrapped_root: bytes
    salt: bytes
    iterations: int
    sign_in_digest: str
    statement: str
    created_at: datetime


_Way = TypeVar("_Way", bound=Way)


def phrase_of(live: Iterable[_Way]) -> _Way | None:
    """The one phrase slot among a person's live slots."""
    return next((slot for slot in live if slot.kind is SlotKind.PHRASE), None)


def check_addition(live: Sequence[Way], kind: SlotKind) -> None:
    """Refuse a second phrase, and more passkeys than anyone has a use for.

    Raises:
        WrongStateError: either.
    """
    if kind is not SlotKind.PHRASE:
        if sum(slot.kind is not SlotKind.PHRASE for slot in live) >= MOST_PASSKEYS:
            raise errors.WrongStateError(
                f"you already have {MOST_PASSKEYS} passkeys; remove one first"
            )
    elif phrase_of(live) is not None:
        raise errors.WrongStateError("you already have a recovery phrase; replace it")


def replaced_by(live: Sequence[_Way], kind: SlotKind) -> _Way:
    """The slot that a new one of this kind replaces: a person's one phrase.

    Raises:
        SlotKindError: another kind than a phrase.
        WrongStateError: there is no phrase to replace.
    """
    if kind is not SlotKind.PHRASE:
        raise errors.SlotKindError
    phrase = phrase_of(live)
    if phrase is None:
        raise errors.WrongStateError("you have no recovery phrase to replace; add one")
    return phrase


def removable(live: Sequence[_Way], signed: Way, *, in_a_roster: bool) -> _Way:
    """The slot that may be removed, if it is truly what was signed.

    Raises:
        NotFoundError: the person has no such live slot.
        SlotKindError: the statement names it as something else.
        LastSlotError: it is the last one that unlocks, or the phrase of a person whom a roster
            names.
    """
    found = next((slot for slot in live if slot.id == signed.id), None)
    if found is None:
        raise errors.NotFoundError
    if (found.kind, found.credential) != (signed.kind, signed.credential):
        raise errors.SlotKindError("the statement names another key slot")
    if not any(slot.kind in UNLOCKING for slot in live if slot is not found):
        raise errors.LastSlotError
    if in_a_roster and found.kind is SlotKind.PHRASE:
        raise errors.LastSlotError
    return found
