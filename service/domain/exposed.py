"""How an envelope came to be exposed: each cause is a thing of its own, and is said as what it is.

The log says ``why`` in few words, for good. Where approvals exposed it without a release, the
requests themselves show more: which of them ended, and how.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.credential import exposed_by_union
from service.domain.people import GroupName
from service.domain.quorum import Decision
from service.domain.request import State
from service.domain.roster import Roster

APPROVED_ONLY = "approvals-without-release"


class Cause(StrEnum):
    """What exposed an envelope. ``unknown`` is what this release has no sentence for."""

    RELEASED = "released"
    OFFLINE = "offline-release"
    PAPERS = "papers"
    SAME = "same-password"
    TAKEN_BACK = "taken-back"
    OVERTAKEN = "overtaken"
    EXPIRED = "expired"
    DENIED = "denied"
    TOGETHER = "together"
    UNKNOWN = "unknown"


_NOBODY = (
    "; no one was handed it, but anyone who has that request's key and what the service stored can "
    "open it"
)

SENTENCES: Mapping[Cause, str] = {
    Cause.RELEASED: "the shares were released, so the requester can have seen the password",
    Cause.OFFLINE: "the password was released while the service was down",
    Cause.PAPERS: "someone opened it, and signed that they did so with printed shares",
    Cause.SAME: "an envelope before it was opened, and may have held the same password",
    Cause.TAKEN_BACK: f"enough of both groups had approved a request that was taken back{_NOBODY}",
    Cause.OVERTAKEN: (
        f"enough of both groups had approved a request that a new roster ended{_NOBODY}"
    ),
    Cause.EXPIRED: f"enough of both groups had approved a request that expired{_NOBODY}",
    Cause.DENIED: f"enough of both groups had approved a request that was then denied{_NOBODY}",
    Cause.TOGETHER: (
        "several requests that ended without a release had enough approvals together; no one was "
        "handed the password, but anyone who has those requests' keys and what the service stored "
        "can open it"
    ),
    Cause.UNKNOWN: "it is exposed, and this release cannot say how",
}

_SAID = frozenset({Cause.RELEASED, Cause.OFFLINE, Cause.PAPERS, Cause.SAME})  # by the log itself


def approvers(decisions: Iterable[Decision]) -> frozenset[tuple[GroupName, str]]:
    """Everyone who ever approved, withdrawn approvals included: their shares were handed over."""
    return frozenset((d.group, d.custodian) for d in decisions if d.approves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A request on the envelope that ended without a release, and everyone who ever approved it.

    ``by_requester``: it was taken back, and not cancelled by the service.
    """

    state: State
    approvers: frozenset[tuple[GroupName, str]]
    by_requester: bool


def cause_of(why: str, ended: Collection[Ended], *, roster: Roster) -> Cause:
    """Return what exposed an envelope, by the log's ``why`` and the requests that ended on it.

    ``roster`` is the envelope's own. Of several requests the one that ended last of those that had
    enough alone; ``ended`` are in the order in which they were asked.
    """
    if why != APPROVED_ONLY:
        return Cause(why) if why in _SAID else Cause.UNKNOWN
    alone = [one for one in ended if exposed_by_union(roster, one.approvers)]
    if not alone:
        return Cause.TOGETHER
    last = alone[-1]
    if last.state is State.CANCELLED:
        return Cause.TAKEN_BACK if last.by_requester else Cause.OVERTAKEN
    return {State.EXPIRED: Cause.EXPIRED, State.DENIED: Cause.DENIED}.get(last.state, Cause.UNKNOWN)
