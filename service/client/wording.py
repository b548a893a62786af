"""A request in plain words: what is asked, who has said what, and how far its life has come."""

from collections.abc import Sequence
from datetime import datetime

from crypto.encoding import format_time
from service.client import render
from service.client.trust import VerifiedChain
from service.client.trust_fetch import Shown
from service.client.trust_request import VerifiedRequest
from service.domain import words
from service.domain.case import AFTER_ALL
from service.domain.people import GroupName
from service.domain.quorum import last_words
from service.domain.roster import Roster, common_custodians, needed
from service.domain.tasks import TASKS

_WORDS = {
    "cancellation": "cancelled",
    "release": "released",
    "closure": "closed by the requester",
    "review": "reviewed",
}


def statement_lines(shown: Shown, now: datetime) -> list[str]:
    """Say what the requester has signed, from the signed statement alone."""
    state = f"version {shown.envelope.version}, {shown.detail.manifest_state}"
    return request_lines(shown.about, shown.chain, envelope=state, now=now)


def request_lines(
    about: VerifiedRequest, chain: VerifiedChain, *, envelope: str, now: datetime
) -> list[str]:
    """Say what a requester has signed; ``envelope`` describes the one that is named."""
    request, line = about.request, render.one_line
    name, task = line(chain.name_of(request.requester)), TASKS.get(request.task)
    return [
        _headline(about, name),
        f"  asked by   {name}",
        f"  to do      {task.title if task else line(request.task)}",
        *([f"  in words   {line(request.task_text)}"] if request.task_text else []),
        f"  because    {line(request.reason)}",
        f"  ticket     {line(request.ticket) or 'none'}",
        f"  until      {render.moment(format_time(request.expires_at), now)}",
        f"  window     {render.duration(request.window)} after the release",
        f"  envelope   {envelope}",
        f"  roster     version {about.roster.version}",
    ]


def _headline(about: VerifiedRequest, name: str) -> str:
    request = about.request
    if request.drill:
        return "A DRILL: everything is exercised and nothing is shown."
    account = f"{request.account} ({render.one_line(about.roster.name)})"
    without = "WITHOUT THE SERVICE, " if request.offline else ""
    return f"{without}{name} asks to be root of {account}."


def group_rows(shown: Shown) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows that put both groups side by side."""
    sealed_for = shown.chain.named(shown.envelope.roster)
    headers, columns = [], []
    last = last_words(shown.decisions, until_seq=AFTER_ALL)
    for group in GroupName:
        able = common_custodians(shown.about.roster, sealed_for, group)
        agreed = sum(1 for p in able if p in last and last[p].approves)
        wanted = needed(shown.about.roster, sealed_for, group)
        headers.append(f"{words.group(group)}: {agreed} of {wanted}")
        column = []
        for person in shown.about.roster.groups[group].custodians:
            said = last.get(person)
            word = "no answer" if said is None else "approved" if said.approves else "denied"
            if said is not None and said.reason:
                word += f" ({render.one_line(said.reason)})"
            if person not in able:
                word += ", holds no share of this envelope"
            column.append(f"{render.one_line(shown.chain.name_of(person))}: {word}")
        columns.append(column)
    depth = max(map(len, columns))
    rows = [[column[i] if i < len(column) else "" for column in columns] for i in range(depth)]
    return headers, rows


def life_line(shown: Shown) -> str:
    """Return a request's life as one line, ending with where it stands now."""
    steps = [(shown.detail.request.at, "asked")]
    for decision in shown.decisions:
        word = "approved" if decision.approves else "denied"
        name = render.one_line(shown.chain.name_of(decision.custodian))
        steps.append((format_time(decision.at), f"{name} {word}"))
    steps += [(at, _WORDS[kind]) for at, kind in shown.further]
    told = [f"{at[11:16]} {word}" for at, word in sorted(steps, key=lambda step: step[0])]
    return " → ".join([*told, f"now {words.plain(shown.detail.state)}"])


def asked_lines(about: VerifiedRequest, chain: VerifiedChain, sealed_for: Roster) -> list[str]:
    """Say who is asked, by group, and how many of them it takes."""
    lines = []
    for group in GroupName:
        able = common_custodians(about.roster, sealed_for, group)
        people = about.roster.groups[group].custodians
        asked = render.listing(chain.name_of(p) for p in people if p in able)
        wanted = needed(about.roster, sealed_for, group)
        lines.append(f"  {words.group(group)}: {wanted} of {asked}")
    return lines


def names(shown: Shown, people: Sequence[str]) -> str:
    """Name people as the roster does."""
    return render.listing(shown.chain.name_of(person) for person in people)
