"""A year of requests, counted from the log: by week, and in sum. Pure functions.

What counts is when a request was asked, and when and how it ended. The log's columns say
only of those drills that came to their end that they were drills; one that was denied or expired
counts with the others.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median

from service.domain.events import Action

WEEKS = 53  # the running week and the 52 before it
WEEK = 7 * 86_400
MONDAY = 3 * 86_400  # 1970 began on a Thursday


class Kind(StrEnum):
    """What became of a request.

    Released, and the password changed after it or not yet; a drill that came to its end; denied; or
    lapsed, which is expired or withdrawn.
    """

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DRILL = "drill"
    DENIED = "denied"
    LAPSED = "lapsed"


# Later ones of an event's kind replace earlier ones: a drill is released before it is over.
_ENDS: Mapping[Action, Kind] = {
    Action.REQUEST_RELEASED: Kind.UNCHANGED,
    Action.REQUEST_IMPORTED: Kind.UNCHANGED,
    Action.REQUEST_ENDED_BY_DENIAL: Kind.DENIED,
    Action.REQUEST_CANCELLED: Kind.LAPSED,
    Action.REQUEST_EXPIRED: Kind.LAPSED,
    Action.REQUEST_DRILL_OVER: Kind.DRILL,
}
ASKED = (Action.REQUEST_OPENED, Action.REQUEST_IMPORTED)
_DECIDED = (Action.REQUEST_APPROVED, Action.REQUEST_DENIED)
COUNTED = tuple(dict.fromkeys((*ASKED, *_DECIDED, *_ENDS, Action.REQUEST_ROTATED)))
ENDS = tuple(_ENDS)


@dataclass(frozen=True, slots=True)
class Mark:
    """One event in so far as a year is counted by it; ``at`` is seconds since 1970."""

    seq: int
    at: int
    actor: str
    action: str
    subject: str
    request: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How many requests ended with one action in one week; ``rotated``: and were rotated since."""

    action: str
    rotated: bool
    week: int
    count: int


@dataclass(frozen=True, slots=True)
class Approval:
    """How far an approval brought its group: ``counted`` of the ``needed`` ones."""

    group: str
    counted: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request as its marks show it. ``asked_at`` is None for one from before the year."""

    account: str
    asked_at: int | None = None
    asked_by: str = ""
    kind: Kind | None = None
    ended_at: int = 0
    decided: frozenset[str] = frozenset()
    approvals: tuple[Mark, ...] = ()


def cases(marks: Iterable[Mark]) -> list[Case]:
    """The requests that marks, oldest first, are about."""
    found: dict[str, Case] = {}
    for mark in marks:
        found[mark.request] = _after(found.get(mark.request, Case(account=mark.subject)), mark)
    return list(found.values())


def _after(case: Case, mark: Mark) -> Case:
    action = Action(mark.action)
    if action in ASKED:
        case = replace(case, asked_at=mark.at, asked_by=mark.actor)
    if action in _DECIDED:
        case = replace(case, decided=case.decided | {mark.actor})
    if action is Action.REQUEST_APPROVED:
        case = replace(case, approvals=(*case.approvals, mark))
    if action in _ENDS:
        return replace(case, kind=_ENDS[action], ended_at=mark.at)
    if action is Action.REQUEST_ROTATED and case.kind is Kind.UNCHANGED:
        return replace(case, kind=Kind.CHANGED)
    return case


def first_week(now: int) -> int:
    """When the first of the weeks begins that a year has at ``now``: a Monday."""
    return _week(now) - (WEEKS - 1) * WEEK


def _week(at: int) -> int:
    return (at + MONDAY) // WEEK * WEEK - MONDAY


def weeks(known: Iterable[Case], now: int) -> Mapping[int, Mapping[Kind, int]]:
    """How many requests of each kind ended in each week, by when it begins, oldest first."""
    found = _no_weeks(now)
    for case in known:
        week = found.get(_week(case.ended_at))
        if case.kind is not None and week is not None:
            week[case.kind] += 1
    return found


def weeks_of(endings: Iterable[Ending], now: int) -> Mapping[int, Mapping[Kind, int]]:
    """The same from endings that are counted already; ``week`` is when it begins."""
    found = _no_weeks(now)
    for ending in endings:
        kind = _ENDS[Action(ending.action)]
        if kind is Kind.UNCHANGED and ending.rotated:
            kind = Kind.CHANGED
        if ending.week in found:
            found[ending.week][kind] += ending.count
    return found


def asked_by_week(known: Iterable[Case], now: int) -> Mapping[int, int]:
    """How many requests were asked in each week, by when it begins, oldest first."""
    return asked_of(Counter(_week(c.asked_at) for c in known if c.asked_at is not None), now)


def asked_of(counted: Mapping[int, int], now: int) -> Mapping[int, int]:
    """The same from weeks that are counted already, by when they begin."""
    return {begin: counted.get(begin, 0) for begin in _begins(now)}


def _begins(now: int) -> Sequence[int]:
    first = first_week(now)
    return [first + number * WEEK for number in range(WEEKS)]


def _no_weeks(now: int) -> dict[int, dict[Kind, int]]:
    return {begin: dict.fromkeys(Kind, 0) for begin in _begins(now)}


def until_quorum(case: Case, approvals: Mapping[int, Approval]) -> int | None:
    """The seconds from the question to the approval that made both groups enough, if one did.

    ``approvals`` are those that could be read, by leaf index.
    """
    if case.asked_at is None:
        return None
    enough: dict[str, int] = {}
    for mark in case.approvals:
        approval = approvals.get(mark.seq)
        if approval is not None and approval.counted >= approval.needed:
            enough.setdefault(approval.group, mark.at)
    both = 2
    return max(enough.values()) - case.asked_at if len(enough) == both else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long it took until enough had approved, in seconds: ``count`` times it came to that."""

    count: int
    median: int
    worst: int


def waits(known: Iterable[Case], approvals: Mapping[int, Approval]) -> Waits | None:
    """The middle and the longest wait for a quorum; None where there was none."""
    found = [until_quorum(case, approvals) for case in known]
    taken = [seconds for seconds in found if seconds is not None]
    if not taken:
        return None
    return Waits(count=len(taken), median=round(median(taken)), worst=max(taken))


def answers(known: Sequence[Case], person: str, accounts: Iterable[str]) -> tuple[int, int]:
    """How many of the requests of ``accounts`` someone decided, and how many there were.

    Their own do not count, nor those that came from before the year.
    """
    within = set(accounts)
    asked = [
        case
        for case in known
        if case.account in within and case.asked_at is not None and case.asked_by != person
    ]
    return sum(person in case.decided for case in asked), len(asked)
