"""When a device destroys what it keeps of a request of its owner's: one rule, on what is proved.

A wrong clock or a lying service must not cost anyone a key that could still serve. So neither the
clock alone nor the service's word alone ends anything; the service's own leaves
(``request:expired`` and the like) are its word.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.case import AFTER_ALL
from service.domain.people import GroupName
from service.domain.quorum import Decision, last_words
from service.domain.roster import Denials, Roster, common_custodians, needed

LONGEST = timedelta(days=30)


class Fate(StrEnum):
    """What becomes of it. ``ASK``: only a person, or two clocks that agree, may destroy it."""

    KEEP = "keep"
    DESTROY = "destroy"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRequest:
    """What a device knows of one request of its owner's. Spans are in seconds.

    ``signed_at`` is the statement's own time, by the clock of the device that signed it.
    ``entered_at`` and ``released_at`` are the times of its proved leaves, ``newest_at`` that of the
    newest leaf of this log that is proved here; None is what nothing proves. ``release_signed``:
    its owner has signed a release, whether or not the answer came. ``ended``: its owner's own
    closure or cancellation (of a drill: the release, which closes it) is proved to be in the log.
    ``denied``: signed denials end it by the roster's policy. ``acting``: it is being released now.
    """

    signed_at: datetime
    lifetime: int
    window: int
    own_clock: datetime
    entered_at: datetime | None = None
    newest_at: datetime | None = None
    release_signed: bool = False
    released_at: datetime | None = None
    ended: bool = False
    denied: bool = False
    acting: bool = False


def last_use(kept: KeptRequest) -> datetime | None:
    """Return when the key can last serve, by what is proved: its lifetime, or its window.

    None where no leaf says when it was entered or released.
    """
    if kept.released_at is not None:
        return kept.released_at + timedelta(seconds=kept.window)
    if kept.entered_at is None:
        return None
    # A release whose answer was lost may have been entered in the last second of the lifetime.
    more = kept.window if kept.release_signed else 0
    return kept.entered_at + timedelta(seconds=kept.lifetime + more)


def fate(kept: KeptRequest) -> Fate:
    """Return what becomes of a request's key and of what was fetched for it."""
    if kept.acting:
        return Fate.KEEP
    released = kept.release_signed or kept.released_at is not None
    if kept.ended or (kept.denied and not released) or _past_use(kept):
        return Fate.DESTROY
    last = last_use(kept)
    in_window = released and last is not None and kept.own_clock <= last
    old = kept.own_clock >= kept.signed_at + LONGEST
    return Fate.ASK if old and not in_window else Fate.KEEP


def _past_use(kept: KeptRequest) -> bool:
    """Whether a proved leaf and the own clock both lie after the last use."""
    last = last_use(kept)
    if last is None or kept.newest_at is None:
        return False
    return last < kept.newest_at and last < kept.own_clock


def denied_for_good(roster: Roster, sealed_for: Roster, decisions: Iterable[Decision]) -> bool:
    """Return whether verified denials end a request by its roster's policy.

    ``sealed_for`` is the roster of the request's envelope.
    """
    last = last_words(decisions, until_seq=AFTER_ALL)
    denials = {person for person, decision in last.items() if not decision.approves}
    if denials and roster.policy.denials is Denials.FIRST:
        return True
    return any(
        len(common_custodians(roster, sealed_for, group) - denials)
        < needed(roster, sealed_for, group)
        for group in GroupName
        if denials
    )
