"""Leaves that carry no statement and cause nothing, read many at a time.

Most of a long log is sign-ins, refusals and reads. Their leaves are of one form, which one regular
expression recognises (see ``crypto.plain``); what it does not say is looked up once for each
combination of action and details. A leaf that does not match exactly is not refused:
``crypto.leaf`` parses it in full, like every other leaf.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crypto.encoding import TEXT_LIMIT, parse_time
from crypto.errors import MalformedError
from crypto.leaf import Leaf, parse_leaf
from crypto.plain import NUMBER, TEXT
from service.domain.declared import DECLARED, misfit, misplaced
from service.domain.events import ACTIONS, SERVICE, Action
from service.domain.evidence import Form, Rule

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
_STARTS = {Form.TEXT: '"', Form.NUMBER: "[0-9]"}  # the first character of a value


def _named() -> str:
    """An expression for the name of a declared detail that a value of its form follows."""
    declared = {
        (name, said.form)
        for action in COUNTED
        for name, said in DECLARED[action].details.items()
        if said.form in _STARTS
    }
    return "|".join(f'{name}(?=":{_STARTS[form]})' for name, form in sorted(declared))


def _known() -> Iterator[tuple[bytes, ...]]:
    """Yield what the groups of the expression find in a leaf as it is declared.

    Action; actor, if that is the service; names of the details, at most two; subject, if that is
    the service and not the actor.
    """
    service = SERVICE.encode()
    for action in COUNTED:
        declared = DECLARED[action]
        first, second = (*sorted(declared.details), "", "")[:2]
        own = declared.actor.rule is Rule.SERVICE
        of_actor = own or declared.subject.rule is Rule.ACTOR
        yield (
            action.value.encode(),
            service if own else b"",
            first.encode(),
            second.encode(),
            b"" if of_actor else service,
        )


_DETAIL = rf'"({_named()})":(?:"{TEXT}"|{NUMBER})'
_PLAIN = (
    rf'\{{"action":"({"|".join(sorted(_COUNTED))})","actor":"(?P<who>({SERVICE})(?=")|{TEXT})",'
    r'"at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)",'
    rf'"details":\{{(?:{_DETAIL}(?:,{_DETAIL})?)?\}},"request":"",'
    rf'"seq":({NUMBER}),"statement":"","subject":"(?:(?P=who)|({SERVICE}))"\}}'
)
_LINE = re.compile(rf"{_PLAIN}\n|.*\n".encode())  # any other line is found, without a number
_KNOWN = frozenset(_known())
_DATE = 10  # characters of YYYY-MM-DD


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Consecutive leaves that are only counted: the first, how many, and the time of the last."""

    first: Leaf
    count: int
    until: datetime


def run_of(leaves: Sequence[bytes], joined: bytes, start: int) -> Run | None:
    """Return these leaves (at least one) as a run; None means only that each must be parsed.

    All must be well formed and as declared, numbered from ``start`` on, of counted actions, about
    no account, and none earlier than the one before. ``joined`` are the same leaves, each followed
    by a newline.
    """
    if max(map(len, leaves)) > TEXT_LIMIT:
        return None
    actions, _, actors, times, first, second, seqs, subjects = zip(
        *_LINE.findall(joined), strict=True
    )
    right = (
        seqs == tuple(b"%d" % seq for seq in range(start, start + len(leaves)))
        and sorted(times) == list(times)
        and all(map(_is_date, {time[:_DATE] for time in set(times)}))
        and set(zip(actions, actors, first, second, subjects, strict=True)) <= _KNOWN
    )
    if not right:
        return None
    return Run(first=parse_leaf(leaves[0]), count=len(leaves), until=parse_time(times[-1].decode()))


def is_counted(leaf: Leaf) -> bool:
    """Return whether a parsed leaf is only counted, as declared, and about no account."""
    if leaf.action not in _COUNTED or leaf.statement:
        return False
    action = Action(leaf.action)
    return not (
        misfit(action, leaf.details)
        or misplaced(action, actor=leaf.actor, subject=leaf.subject, request=leaf.request)
    )


def _is_date(text: bytes) -> bool:
    try:
        parse_time(text.decode() + "T00:00:00Z")
    except MalformedError:
        return False
    return True
