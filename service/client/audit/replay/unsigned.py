"""What a leaf says and nothing proves: it can be shown, with its mark, and nothing else.

The value itself does not leave this module: no report can compare it, count by it or look
something up with it, other than under the same mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from crypto.encoding import format_time
from crypto.leaf import Detail, Leaf
from service.domain.declared import DECLARED
from service.domain.events import ACTIONS, Action

LEGEND = (
    "What stands in [unsigned: ...], and every time, is the service's own word, or what a report "
    "of papers claims. Everything else was proven by a signature or by a rule."
)
_CLOSES = str.maketrans("[]", "()")  # no text ends its own mark


@dataclass(frozen=True, slots=True, repr=False)
class Unsigned:
    """A text, number or boolean that only the service vouches for."""

    _said: str

    def __str__(self) -> str:
        return f"[unsigned: {self._said.translate(_CLOSES)}]"

    __repr__ = __str__

    def after(self, text: str) -> "Unsigned":
        """Return it with a text before it, all of which is unsigned."""
        return Unsigned(f"{text}{self._said}")


Shown: TypeAlias = str | Unsigned


def unsigned(value: Detail) -> Unsigned:
    """Take in a detail that nothing proves."""
    return Unsigned(text_of(value))


def text_of(value: Detail) -> str:
    """Return a detail as text."""
    return ", ".join(value) if isinstance(value, list) else str(value)


class _Said(dict[str, Shown]):
    """A leaf that was not replayed may lack a detail that the sentence names."""

    def __missing__(self, _name: str) -> str:
        return "?"


def sentence(action: Action, who: Shown, details: Mapping[str, Shown], *, entry: bool) -> Shown:
    """Return an event in words; ``entry`` says whether anything proves that it happened.

    If nothing does, all of the sentence is unsigned.
    """
    said = _Said({**details, "who": who})
    if entry:
        return ACTIONS[action].sentence.format_map(said)
    bare = _Said({name: _bare(value) for name, value in said.items()})
    return Unsigned(ACTIONS[action].sentence.format_map(bare))


def sentence_of(leaf: Leaf) -> Shown:
    """Return a leaf that was not replayed in words, or its bare action if it is unknown here."""
    if leaf.action not in set(Action):
        return leaf.action
    actor, _, details = as_said(leaf)
    action = Action(leaf.action)
    return sentence(action, actor, details, entry=DECLARED[action].entry.proven)


def _bare(value: Shown) -> str:
    return value._said if isinstance(value, Unsigned) else value  # noqa: SLF001 - its own module


def as_said(leaf: Leaf) -> tuple[Shown, Shown, Mapping[str, Shown]]:
    """Return actor, subject and details of a leaf that was not replayed, as they are declared.

    For a single leaf whose log is not at hand: what a signature or a rule would prove is shown
    without a mark, and the caller says that nothing of it was recomputed.
    """
    declared = DECLARED.get(Action(leaf.action)) if leaf.action in set(Action) else None
    if declared is None:
        return Unsigned(leaf.actor), Unsigned(leaf.subject), {}
    return (
        leaf.actor if declared.actor.proven else Unsigned(leaf.actor),
        leaf.subject if declared.subject.proven else Unsigned(leaf.subject),
        {
            name: text_of(value)
            if name in declared.details and declared.details[name].proven
            else unsigned(value)
            for name, value in leaf.details.items()
        },
    )


def data(**members: object) -> dict[str, Any]:
    """Return members of a JSON object; ``unsigned`` lists those that nothing proves.

    All times and durations (whole seconds) are among them. A missing time is an empty text.
    """
    shown: dict[str, Any] = {}
    doubtful = []
    for name, value in members.items():
        shown[name] = _plain(value)
        several = value if isinstance(value, list | tuple) else [value]
        if any(isinstance(one, Unsigned | datetime | timedelta) for one in several):
            doubtful.append(name)
    return shown | ({"unsigned": sorted(doubtful)} if doubtful else {})


def _plain(value: object) -> object:
    if isinstance(value, Unsigned):
        return value._said  # noqa: SLF001 - its own module
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return "" if value is None else value
