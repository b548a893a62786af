"""Key slots: which may be added, replaced or removed (protocol, "Identity and key slots").

The rules:

* a person has at most one live phrase slot; a second one replaces the first;
* the last slot is never removed: nobody could sign in or unlock the root any more;
* the phrase of a person whom a roster names is never removed either, since passkeys work neither
  on a command line nor when the service is gone;
* both can be replaced. What was removed is kept for 30 days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain import errors

KEPT_AFTER_REMOVAL = timedelta(days=30)


class SlotKind(StrEnum):
    """What unlocks a slot."""

    PHRASE = "phrase"
    PASSKEY = "passkey"
    SIGN_IN_ONLY = "sign-in-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One wrapped copy of a person's root.

    ``sign_in_digest`` is the SHA-256, in hex, of the key with which the person signs in;
    ``statement`` the digest of the signed statement that added the slot.
    """

    id: str
    person: str
    kind: SlotKind
    wrapped_root: bytes
    salt: bytes
    iterations: int
    sign_in_digest: str
    statement: str
    created_at: datetime


def phrase_of(live: Iterable[Slot]) -> Slot | None:
    """The one phrase slot among a person's live slots."""
    return next((slot for slot in live if slot.kind is SlotKind.PHRASE), None)


def check_addition(live: Sequence[Slot], kind: SlotKind) -> None:
    """Refuse a second phrase, and kinds with which nobody can sign in here.

    Raises:
        SlotKindError, WrongStateError: see there.
    """
    _check_kind(kind)
    if phrase_of(live) is not None:
        raise errors.WrongStateError("there is a recovery phrase already; replace it")


def replaced_by(live: Sequence[Slot], kind: SlotKind) -> Slot:
    """The slot that a new one of this kind replaces: a person's one phrase.

    Raises:
        SlotKindError: another kind than a phrase.
        WrongStateError: there is no phrase to replace.
    """
    _check_kind(kind)
    phrase = phrase_of(live)
    if phrase is None:
        raise errors.WrongStateError("there is no recovery phrase to replace; add one")
    return phrase


def removable(live: Sequence[Slot], slot: str, kind: SlotKind, *, in_a_roster: bool) -> Slot:
    """The slot that may be removed, if the signed kind is truly its own.

    Raises:
        NotFoundError: the person has no such live slot.
        SlotKindError: the statement names it as something else.
        LastSlotError: it is the last one, or the phrase of a person whom a roster names.
    """
    found = next((entry for entry in live if entry.id == slot), None)
    if found is None:
        raise errors.NotFoundError
    if found.kind is not kind:
        raise errors.SlotKindError("the statement names another kind of key slot")
    if len(live) == 1 or (in_a_roster and kind is SlotKind.PHRASE):
        raise errors.LastSlotError
    return found


def _check_kind(kind: SlotKind) -> None:
    if kind is not SlotKind.PHRASE:
        raise errors.SlotKindError
