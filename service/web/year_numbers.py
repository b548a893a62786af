"""A year of requests as the API has it."""

from datetime import UTC, datetime

from crypto.encoding import format_time
from service.domain.year import Kind
from service.domain.year import Waits as Counts
from service.usecases.year import Year as Counted
from service.wire.year import Answers, Waits, Week, Year


def in_numbers(found: Counted) -> Year:
    """The weeks oldest first, each with what was asked in it and how requests ended."""
    return Year(
        today=_time(found.today),
        since=None if found.since is None else _time(found.since),
        weeks=[
            Week(
                begin=_time(begin),
                asked=found.asked[begin],
                unchanged=ended[Kind.UNCHANGED],
                changed=ended[Kind.CHANGED],
                drill=ended[Kind.DRILL],
                denied=ended[Kind.DENIED],
                lapsed=ended[Kind.LAPSED],
            )
            for begin, ended in found.weeks.items()
        ],
        waits=_waits(found.waits),
        answers=[
            Answers(person=one.person, name=one.name, asked=one.asked, decided=one.decided)
            for one in found.answers
        ],
    )


def _waits(found: Counts | None) -> Waits | None:
    if found is None:
        return None
    return Waits(count=found.count, median=found.median, worst=found.worst)


def _time(seconds: int) -> str:
    return format_time(datetime.fromtimestamp(seconds, UTC))
