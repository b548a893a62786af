"""A request in plain words: what is asked, who has said what, and how far its life has come.

From values that were verified elsewhere; ``name_of`` gives the name that a roster has for a person.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from crypto.encoding import format_time
from service.client.foundation import render
from service.domain import words
from service.domain.case import AFTER_ALL
from service.domain.people import GroupName
from service.domain.quorum import Decision, last_words
from service.domain.request import Request
from service.domain.roster import Roster, common_custodians, needed
from service.domain.tasks import TASKS

NameOf = Callable[[str], str]

_WORDS = {
    "cancellation": "cancelled",
    "release": "released",
    "closure": "closed by the requester",
    "review": "reviewed",
}


def request_lines(
    request: Request, roster: Roster, name_of: NameOf, *, envelope: str, now: datetime
) -> list[str]:
    """Say what a requester has signed; ``envelope`` describes the one that is named."""
    line, task = render.one_line, TASKS.get(request.task)
    name = line(name_of(request.requester))
    return [
        _headline(request, roster, name),
        f"  asked by   {name}",
        f"  to do      {task.title if task else line(request.task)}",
        *([f"  in words   {line(request.task_text)}"] if request.task_text else []),
        f"  because    {line(request.reason)}",
        f"  ticket     {line(request.ticket) or 'none'}",
        f"  until      {render.moment(format_time(request.expires_at), now)}",
        f"  window     {render.duration(request.window)} after the release",
        f"  envelope   {envelope}",
        f"  roster     version {roster.version}",
    ]


def _headline(request: Request, roster: Roster, name: str) -> str:
    if request.drill:
        return "A DRILL: everything is exercised and nothing is shown."
    account = f"{request.account} ({render.one_line(roster.name)})"
    without = "WITHOUT THE SERVICE, " if request.offline else ""
    return f"{without}{name} asks to be root of {account}."


def group_rows(
    roster: Roster,
    sealed_for: Roster,
    decisions: Sequence[Decision],
    name_of: NameOf,
    *,
    new_keys: Collection[str],
    left_out: Collection[str] = (),
) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows that put both groups side by side.

    ``new_keys`` are those who have other keys by now than the roster names, ``left_out`` those
    whose approval is not among ``decisions``: it names another log.
    """
    headers, columns = [], []
    last = last_words(decisions, until_seq=AFTER_ALL)
    for group in GroupName:
        holds = common_custodians(roster, sealed_for, group)
        agreed = sum(1 for p in holds if p in last and last[p].approves)
        wanted = needed(roster, sealed_for, group)
        headers.append(f"{words.group(group)}: {agreed} of {wanted}")
        column = []
        for person in roster.groups[group].custodians:
            word = _said(last.get(person))
            if person not in holds:
                word += ", holds no share of this envelope"
            elif person in new_keys:
                word += ", has new keys and cannot decide here"
            if person in left_out:
                word += ", and an approval of another log, not counted"
            column.append(f"{render.one_line(name_of(person))}: {word}")
        columns.append(column)
    depth = max(map(len, columns))
    rows = [[column[i] if i < len(column) else "" for column in columns] for i in range(depth)]
    return headers, rows


def _said(decision: Decision | None) -> str:
    if decision is None:
        return "no answer"
    word = "approved" if decision.approves else "denied"
    return f"{word} ({render.one_line(decision.reason)})" if decision.reason else word


def life_line(
    asked_at: str,
    decisions: Iterable[Decision],
    further: Iterable[tuple[str, str]],
    state: str,
    name_of: NameOf,
) -> str:
    """Return a request's life as one line, ending with its state now.

    ``asked_at`` is a wire time; ``further`` are time and kind of each later statement.
    """
    steps = [(asked_at, "asked")]
    for decision in decisions:
        word = "approved" if decision.approves else "denied"
        name = render.one_line(name_of(decision.custodian))
        steps.append((format_time(decision.at), f"{name} {word}"))
    steps += [(at, _WORDS[kind]) for at, kind in further]
    lived = [f"{at[11:16]} {word}" for at, word in sorted(steps, key=lambda step: step[0])]
    return " → ".join([*lived, f"now {words.plain(state)}"])


def asked_lines(
    roster: Roster, sealed_for: Roster, name_of: NameOf, *, new_keys: Collection[str]
) -> list[str]:
    """Say who is asked, by group, and how many of them it takes; ``new_keys`` as above."""
    lines = []
    for group in GroupName:
        holds = common_custodians(roster, sealed_for, group) - set(new_keys)
        asked = render.listing(name_of(p) for p in roster.groups[group].custodians if p in holds)
        wanted = needed(roster, sealed_for, group)
        lines.append(f"  {words.group(group)}: {wanted} of {asked}")
    return lines
