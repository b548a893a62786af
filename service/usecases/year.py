"""A year of requests: a picture of its weeks, and what can be said of an account or a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from crypto.leaf import parse_leaf
from service.domain.year import (
    Approval,
    Case,
    Kind,
    Waits,
    answers,
    asked_by_week,
    asked_of,
    cases,
    first_week,
    waits,
    weeks,
    weeks_of,
)
from service.storage import rosters
from service.storage.year import asked, endings, leaves, marks
from service.usecases.context import Caller, Context
from service.usecases.history import subjects_of

# Of how many approvals, the newest, a leaf is read to see how far it brought its group.
MOST_READ = 1000
# Of how many requests, the newest, one person's part is shown where all accounts are.
MOST_ASKED = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How many requests a custodian decided of those that were asked in their accounts."""

    person: str
    name: str
    decided: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The weeks, oldest first, by when they begin; how often and how fast, and who answered.

    ``weeks`` has how many requests ended in which way, ``asked`` how many were asked.

    ``today`` and ``since`` are seconds since 1970; ``since`` is None where all of the year was
    counted, else when the oldest request was asked that was.
    """

    today: int
    weeks: Mapping[int, Mapping[Kind, int]]
    asked: Mapping[int, int]
    waits: Waits | None = None
    answers: Sequence[Answers] = ()
    since: int | None = None

    @property
    def requests(self) -> int:
        """How many were asked in all weeks together."""
        return sum(self.asked.values())


def year(ctx: Context, caller: Caller, *, account: str = "", person: str = "") -> Year:
    """The last 53 weeks of what the caller sees: of one account, and of what one person asked.

    How long a quorum took, and who answered, is shown where an account or a person was asked for.

    Raises:
        NotFoundError: the account is unknown, or not theirs to see.
    """
    with ctx.read() as unit:
        session, now = unit.session, int(unit.now.timestamp())
        subjects = subjects_of(session, caller, account)
        if account or person:
            return _summed(session, now, subjects, account, person)
        since = first_week(now)
        return Year(
            today=now,
            weeks=weeks_of(endings(session, since=since, subjects=subjects), now),
            asked=asked_of(asked(session, since=since, subjects=subjects), now),
        )


def _summed(
    session: Session, now: int, subjects: Sequence[str] | None, account: str, person: str
) -> Year:
    begin = first_week(now)
    found = marks(
        session, since=begin, subjects=subjects, most=MOST_ASKED if subjects is None else None
    )
    known = cases(found)
    own = [case for case in known if person in {"", case.asked_by}]
    more = subjects is None and _asked_in_all(session, begin) > MOST_ASKED
    return Year(
        today=now,
        weeks=weeks(own, now),
        asked=asked_by_week(own, now),
        waits=waits(own, _approvals(session, own)),
        answers=_answers(session, known, subjects, account, person),
        since=found[0].at if more else None,
    )


def _asked_in_all(session: Session, since: int) -> int:
    return sum(asked(session, since=since, subjects=None).values())


def _approvals(session: Session, known: Sequence[Case]) -> Mapping[int, Approval]:
    numbers = sorted(mark.seq for case in known for mark in case.approvals)[-MOST_READ:]
    found = {}
    for number, data in leaves(session, numbers).items():
        details = parse_leaf(data).details
        group, counted, needed = (details.get(name) for name in ("group", "counted", "needed"))
        if isinstance(group, str) and isinstance(counted, int) and isinstance(needed, int):
            found[number] = Approval(group, counted, needed)
    return found


def _answers(
    session: Session,
    known: Sequence[Case],
    subjects: Sequence[str] | None,
    account: str,
    person: str,
) -> list[Answers]:
    """Of the custodians of today's rosters: those who answer least come first."""
    within: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for current in rosters.every_current(session).values():
        roster = current.newest
        if roster is None or (subjects is not None and roster.account not in subjects):
            continue
        for one in roster.custodians if account in {"", roster.account} else ():
            if person in {"", one}:
                within.setdefault(one, []).append(roster.account)
                names[one] = roster.members[one].name
    found = []
    for one, accounts in within.items():
        decided, asked = answers(known, one, accounts)
        found.append(Answers(person=one, name=names[one], decided=decided, asked=asked))
    return sorted(found, key=lambda a: (a.decided, a.name.casefold(), a.person))
