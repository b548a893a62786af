"""Leaves that carry no statement and cause nothing, read many at a time.

Most of a long log is sign-ins, refusals and reads. Their leaves are canonical JSON of one narrow
form, which one regular expression recognises without parsing: printable ASCII without quotes and
backslashes has only one spelling. Whatever does not fit it exactly is no refusal: it is parsed in
full by ``crypto.leaf``, as every other leaf is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crypto.encoding import TEXT_LIMIT, parse_time
from crypto.errors import MalformedError
from crypto.leaf import Leaf
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
_COUNTED = frozenset(action.value.encode() for action in COUNTED if not ACTIONS[action].statement)

_TEXT = rb"[ !#-\[\]-~]*"
_DETAIL = (
    rb'"([a-z_]{1,40})":(?:"' + _TEXT + rb'"|0|[1-9][0-9]{0,14}|true|false)'  # below 2^53
)
_PLAIN = re.compile(
    rb'^\{"action":"([a-z:-]{1,60})","actor":"' + _TEXT + rb'","at":"'
    rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)"
    rb'","details":\{(?:' + _DETAIL + rb"(?:," + _DETAIL + rb"(?:," + _DETAIL + rb")?)?)?"
    rb'\},"request":"","seq":(0|[1-9][0-9]{0,14}),"statement":"","subject":"(' + _TEXT + rb')"\}$',
    re.MULTILINE,
)
_DATE = 10  # characters of YYYY-MM-DD


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Leaves in a row that are only counted: the first one, how many, and the last one's time."""

    first: Leaf
    count: int
    last: Leaf


def all_counted(leaves: Sequence[bytes], joined: bytes, start: int) -> bool:
    """Tell whether all these leaves are right and only counted; False says nothing of them.

    Right is: well formed, standing from ``start`` on, about no account, and none earlier than the
    one before it. ``joined`` are the same leaves, each followed by a newline.
    """
    if max(map(len, leaves)) > TEXT_LIMIT or joined.count(b"\n") != len(leaves):
        return False
    found = _PLAIN.findall(joined)
    if len(found) != len(leaves):
        return False
    actions, times, first, second, third, seqs, subjects = zip(*found, strict=True)
    return (
        _COUNTED.issuperset(actions)
        and seqs == tuple(b"%d" % seq for seq in range(start, start + len(leaves)))
        and all(earlier <= later for earlier, later in pairwise(times))
        and all(map(_ascending, set(zip(first, second, third, strict=True))))
        and all(map(_is_date, {time[:_DATE] for time in times}))
        and not any(map(bytes.isdigit, set(subjects)))
    )


def is_counted(leaf: Leaf) -> bool:
    """Tell whether a parsed leaf is only counted, and about no account."""
    return (
        leaf.action.encode() in _COUNTED
        and not leaf.statement
        and not leaf.request
        and not leaf.subject.isdigit()
    )


def _ascending(names: Iterable[bytes]) -> bool:
    """Canonical JSON has an object's keys in order, none twice."""
    present = [name for name in names if name]
    return all(a < b for a, b in pairwise(present))


def _is_date(text: bytes) -> bool:
    try:
        parse_time(text.decode() + "T00:00:00Z")
    except MalformedError:
        return False
    return True
