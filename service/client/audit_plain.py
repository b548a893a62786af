"""Leaves that carry no statement and cause nothing, read many at a time.

Most of a long log is sign-ins, refusals and reads. Their leaves are canonical JSON of one narrow
form, which one regular expression recognises without parsing: printable ASCII without quotes and
backslashes has only one spelling. Whatever does not fit it exactly is no refusal: it is parsed in
full by ``crypto.leaf``, as every other leaf is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from crypto.encoding import TEXT_LIMIT, parse_time
from crypto.errors import MalformedError
from crypto.leaf import Leaf, parse_leaf
from service.domain.events import ACTIONS, Action

# The actions that the replay only counts: they lead to no state, and nothing else follows from
# them. The rest is replayed leaf by leaf, and so is all that is about an account.
COUNTED = frozenset(
    {
        Action.SESSION_OPENED,
        Action.SESSION_ENDED,
        Action.SESSION_FAILED,
        Action.ENROLMENT_FAILED,
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

# Nothing here needs a step back once it fitted: hence ``*+`` and its like, which take less time.
_ACTION = "|".join(sorted(_COUNTED)).encode()
_TEXT = rb"[ !#-\[\]-~]*+"
_NUMBER = rb"0|[1-9][0-9]{0,14}+"  # below 2^53
_DETAIL = rb'"([a-z_]{1,40}+)":(?:"' + _TEXT + rb'"|' + _NUMBER + rb"|true|false)"
_PLAIN = (
    rb'\{"action":"(?:' + _ACTION + rb')","actor":"' + _TEXT + rb'","at":"'
    rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)"
    rb'","details":\{(?:' + _DETAIL + rb"(?:," + _DETAIL + rb"(?:," + _DETAIL + rb")?)?)?"
    rb'\},"request":"","seq":(' + _NUMBER + rb'),"statement":"",'
    rb'"subject":"(?![0-9]+")' + _TEXT + rb'"\}'
)
_LINE = re.compile(_PLAIN + rb"\n|.*\n")  # any other line is found too, without a number
_DATE = 10  # characters of YYYY-MM-DD


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Leaves in a row that are only counted: the first one, how many, and the last one's time."""

    first: Leaf
    count: int
    until: datetime


def run_of(leaves: Sequence[bytes], joined: bytes, start: int) -> Run | None:
    """Return these leaves, at least one, if all are right and only counted; None says nothing.

    Right is: well formed, standing from ``start`` on, about no account, and none earlier than the
    one before it. ``joined`` are the same leaves, each followed by a newline.
    """
    if max(map(len, leaves)) > TEXT_LIMIT:
        return None
    times, first, second, third, seqs = zip(*_LINE.findall(joined), strict=True)
    right = (
        seqs == tuple(b"%d" % seq for seq in range(start, start + len(leaves)))
        and sorted(times) == list(times)
        and all(map(_is_date, {time[:_DATE] for time in set(times)}))
        and (not any(second) or _in_order(set(zip(first, second, third, strict=True))))
    )
    if not right:
        return None
    return Run(first=parse_leaf(leaves[0]), count=len(leaves), until=parse_time(times[-1].decode()))


def is_counted(leaf: Leaf) -> bool:
    """Tell whether a parsed leaf is only counted, and about no account."""
    return (
        leaf.action in _COUNTED
        and not leaf.statement
        and not leaf.request
        and not leaf.subject.isdigit()
    )


def _in_order(names: Iterable[tuple[bytes, ...]]) -> bool:
    """Canonical JSON has an object's keys in order, none twice."""
    return all(a < b or not b for some in names for a, b in pairwise(some))


def _is_date(text: bytes) -> bool:
    try:
        parse_time(text.decode() + "T00:00:00Z")
    except MalformedError:
        return False
    return True
