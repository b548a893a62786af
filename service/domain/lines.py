"""The lines of an AWS account: its first registration, and further ones beside it.

An account's id is twelve digits, and for a further line a point and its number. Everything is keyed
by that text, and a line knows nothing of another: whatever a release, a sighting or a way in
explains, it explains in its own line. Only what is compared with AWS is compared by the digits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain import errors
from service.domain.events import SERVICE, Action, Event

FIRST = 1
BETWEEN = timedelta(days=7)  # from one further line of an account to the next
ANNOUNCED_FOR = 7  # days, each with one more notice


def aws_account(account: str) -> str:
    """Return what AWS calls the account: whatever is compared with AWS is compared with this."""
    return account.partition(".")[0]


def number(account: str) -> int:
    """Return the number of a line; twelve digits alone are the first."""
    return int(account.partition(".")[2] or FIRST)


def same_account(one: str, other: str) -> bool:
    """Whether two ids are lines of one AWS account, or the same."""
    return aws_account(one) == aws_account(other)


def last_numbers(accounts: Iterable[str]) -> Mapping[str, int]:
    """Return the highest number among the lines of each AWS account."""
    found: dict[str, int] = {}
    for account in accounts:
        digits = aws_account(account)
        found[digits] = max(number(account), found.get(digits, FIRST))
    return found


def next_after(account: str) -> str:
    """Return the id of the line that comes after this one."""
    return f"{aws_account(account)}.{number(account) + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A line that was registered, and when, by the service's clock."""

    account: str
    at: datetime


def lines_of(account: str, known: Iterable[Registered]) -> list[Registered]:
    """Return the lines of the same AWS account, the first one first."""
    found = [line for line in known if same_account(line.account, account)]
    return sorted(found, key=lambda line: number(line.account))


def check_next(account: str, known: Iterable[Registered], now: datetime) -> None:
    """Accept a line that may be registered now; the first one always may.

    ``known`` are all lines of the same AWS account, in any order.

    Raises:
        TakenError: it is registered.
        LineOrderError: the line before it is not registered.
        LineTooSoonError: another further line of the account is younger than seven days.
    """
    others = {line.account: line for line in lines_of(account, known)}
    if account in others:
        raise errors.TakenError
    if number(account) == FIRST:
        return
    if number(account) - 1 not in map(number, others):
        raise errors.LineOrderError
    further = [line.at for line in others.values() if number(line.account) != FIRST]
    if any(now < at + BETWEEN for at in further):
        raise errors.LineTooSoonError


def day_due(registered: datetime, announced: int, now: datetime) -> int:
    """Return which day's notice of a further line is due, from 1 to 7; 0 if none is.

    ``announced`` is the day of the last such notice. Days that were missed are not made up for.
    """
    day = min((now - registered) // timedelta(days=1), ANNOUNCED_FOR)
    return day if day > announced else 0


def registered_beside(account: str, lines: Iterable[str], *, by: str) -> list[Event]:
    """Return the notices of a new further line: one to the people of each line, its own too.

    ``lines`` are those that there were; none for a first line, which needs no such notice.
    """
    others = list(lines)
    return [
        Event(
            action=Action.LINE_REGISTERED,
            actor=by,
            subject=line,
            details={"line": account},
        )
        for line in ([*others, account] if others else [])
    ]


def announced(account: str, lines: Iterable[str], *, day: int) -> list[Event]:
    """Return the notices of a day after a further line was registered, one to each line."""
    return [
        Event(
            action=Action.LINE_ANNOUNCED,
            actor=SERVICE,
            subject=line,
            details={"line": account, "day": day},
        )
        for line in lines
    ]
