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
    cases,
    first_week,
    waits,
    weeks,
)
from service.storage import rosters
from service.storage.year import leaves, marks
from service.usecases.context import Caller, Context
from service.usecases.history import subjects_of

# Of how many approvals, the newest, a leaf is read to see how far it brought its group.
MOST_READ = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How many requests a custodian decided of those that were asked in their accounts."""

    person: str
    name: str
    decided: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The weeks, oldest first, by when they begin; how often and how fast, and who answered."""

    weeks: Mapping[int, Mapping[Kind, int]]
    requests: int
    waits: Waits | None
    answers: Sequence[Answers]


def year(ctx: Context, caller: Caller, *, account: str = "", person: str = "") -> Year:
    """The last 53 weeks of what the caller sees: of one account, and of what one person asked.

    How long a quorum took, and who answered, is told where an account or a person was asked for.

    Raises:
        NotFoundError: the account is unknown, or not theirs to see.
    """
    with ctx.read() as unit:
        session, now = unit.session, int(unit.now.timestamp())
        subjects = subjects_of(session, caller, account)
        known = cases(marks(session, since=first_week(now), subjects=subjects))
        asked = [case for case in known if person in {"", case.asked_by}]
        summed = bool(account or person)
        return Year(
            weeks=weeks(asked, now),
            requests=sum(case.asked_at is not None for case in asked),
            waits=waits(asked, _approvals(session, asked)) if summed else None,
            answers=_answers(session, known, subjects, account, person) if summed else [],
        )


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
    """Of the custodians of today's rosters: whoever answers least comes first."""
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
