"""Leaves that carry no statement and cause nothing, read many at a time.

Most of a long log is sign-ins, refusals and reads. Their leaves are of one form, which one regular
expression recognises (see ``crypto.plain``). A leaf that does not match exactly is not refused:
``crypto.leaf`` parses it in full, like every other leaf.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crypto.encoding import TEXT_LIMIT, parse_time
from crypto.errors import MalformedError
from crypto.leaf import Leaf, parse_leaf
from crypto.plain import DETAIL, NUMBER, TEXT, in_order
from service.domain.events import ACTIONS, Action

# The actions that the replay only counts: they change no state and have no consequence. All others
# are replayed leaf by leaf, and so is everything about an account.
COUNTED = frozenset(
    {
        Action.SESSION_OPENED,
        Action.SESSION_ENDED,
        Action.SESSION_FAILED,
        Action.ENROLMENT_FAILED,
        Action.PASSKEY_FELL_BACK,
        Action.EVENTS_EXPORTED,
        Action.EVENTS_READ,
        Action.CHANNEL_FAILED,
        Action.CHANNEL_RECOVERED,
        Action.WITNESS_SILENT,
        Action.WITNESS_REFUSED,
        Action.WITNESS_RECOVERED,
    }
)
_COUNTED = frozenset(action.value for action in COUNTED if not ACTIONS[action].statement)

_PLAIN = (
    rf'\{{"action":"(?:{"|".join(sorted(_COUNTED))})","actor":"{TEXT}",'
    r'"at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)",'
    rf'"details":\{{(?:{DETAIL}(?:,{DETAIL}(?:,{DETAIL})?)?)?\}},"request":"",'
    rf'"seq":({NUMBER}),"statement":"","subject":"(?![0-9]+"){TEXT}"\}}'
)
_LINE = re.compile(rf"{_PLAIN}\n|.*\n".encode())  # any other line is found, without a number
_DATE = 10  # characters of YYYY-MM-DD


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Consecutive leaves that are only counted: the first, how many, and the time of the last."""

    first: Leaf
    count: int
    until: datetime


def run_of(leaves: Sequence[bytes], joined: bytes, start: int) -> Run | None:
    """Return these leaves (at least one) as a run; None means only that each must be parsed.

    All must be well formed, numbered from ``start`` on, of counted actions, about no account, and
    none earlier than the one before. ``joined`` are the same leaves, each followed by a newline.
    """
    if max(map(len, leaves)) > TEXT_LIMIT:
        return None
    times, first, second, third, seqs = zip(*_LINE.findall(joined), strict=True)
    right = (
        seqs == tuple(b"%d" % seq for seq in range(start, start + len(leaves)))
        and sorted(times) == list(times)
        and all(map(_is_date, {time[:_DATE] for time in set(times)}))
        and (not any(second) or all(map(_in_order, set(zip(first, second, third, strict=True)))))
    )
    if not right:
        return None
    return Run(first=parse_leaf(leaves[0]), count=len(leaves), until=parse_time(times[-1].decode()))


def is_counted(leaf: Leaf) -> bool:
    """Return whether a parsed leaf is only counted, and about no account."""
    return (
        leaf.action in _COUNTED
        and not leaf.statement
        and not leaf.request
        and not leaf.subject.isdigit()
    )


def _in_order(names: Iterable[bytes]) -> bool:
    return in_order([name for name in names if name])


def _is_date(text: bytes) -> bool:
    try:
        parse_time(text.decode() + "T00:00:00Z")
    except MalformedError:
        return False
    return True
