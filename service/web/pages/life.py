"""A request's life: what was done, by whom and when, and how to draw it as one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crypto.encoding import format_time, parse_time
from service.domain.request import COLLECTING, FINAL, State
from service.domain.words import group, one_line
from service.web.pages.said import said
from service.wire.requests import Entered, RequestDetail, TimedOut

_NOT_ENTERED = -1
_EARLY = "the log began a new epoch, or the operator accepted another clock"
_KINDS: Mapping[str, str] = {
    "request": "requester",
    "decision": "custodian",
    "cancellation": "requester",
    "release": "requester",
    "closure": "requester",
    "review": "reviewer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a person did to a request, or that time did (``person`` is empty then).

    ``kind`` is that of its statement, ``approve`` and ``deny`` for decisions; ``said`` what the
    person wrote. The service's own facts: a page's script verifies before anyone acts on them.
    """

    kind: str
    at: str
    leaf: int = _NOT_ENTERED
    person: str = ""
    group: str = ""
    said: str = ""
    rotated: bool = True


def steps(detail: RequestDetail) -> list[Step]:
    """All that happened so far, in the log's order; what the log has not entered yet comes last."""
    found = [_step(entered) for entered in (detail.request, *detail.decisions, *detail.others)]
    known = [step for step in found if step is not None]
    if detail.state == State.EXPIRED:
        known.append(_timed_out("expired", detail.expires_at, detail.timed_out))
    closed = any(step.kind == "closure" for step in known)
    over = detail.timed_out is not None or not closed
    if detail.window_ends_at and detail.state not in COLLECTING | {State.RELEASED} and over:
        known.append(_timed_out("window-ended", detail.window_ends_at, detail.timed_out))
    return sorted(known, key=lambda step: (step.leaf == _NOT_ENTERED, step.leaf))


def _timed_out(kind: str, due: str, entered: TimedOut | None) -> Step:
    """What time did when it was due; or a new epoch, or an accepted clock, before that."""
    if entered is None:
        return Step(kind=kind, at=due)
    if entered.at < due:
        return Step(kind=f"{kind}-early", at=entered.at, leaf=entered.leaf)
    return Step(kind=kind, at=due, leaf=entered.leaf)


def payload(entered: Entered) -> Mapping[str, Any]:
    """What a statement says; the service checked it when it came."""
    return said(entered.statement.payload)


def _step(entered: Entered) -> Step | None:
    kind = entered.statement.payloadType.split(".")[-2]
    if kind not in _KINDS:
        return None
    fields = payload(entered)
    words = next((fields[name] for name in ("summary", "note", "reason") if name in fields), "")
    return Step(
        kind=fields["decision"] if kind == "decision" else kind,
        at=entered.at,
        leaf=entered.leaf,
        person=fields[_KINDS[kind]],
        group=fields.get("group", ""),
        said=words,
        rotated=fields.get("rotated", True),
    )


def in_words(step: Step, names: Mapping[str, str]) -> str:
    """A step as a sentence without its full stop; what a person wrote is in quotes."""
    who = one_line(names.get(step.person, step.person))
    words = {
        "request": f"{who} asked",
        "approve": f"{who} approved for the {group(step.group)}" if step.group else "",
        "deny": f"{who} denied for the {group(step.group)}" if step.group else "",
        "cancellation": f"{who} withdrew the request",
        "release": f"{who} was handed the shares",
        "closure": f"{who} says the work is done",
        "review": f"{who} reviewed for the {group(step.group)}" if step.group else "",
        "expired": "it expired",
        "window-ended": "the window closed",
        "expired-early": f"it expired early: {_EARLY}",
        "window-ended-early": f"the window closed early: {_EARLY}",
    }[step.kind]
    if step.kind == "review" and not step.rotated:
        words += ", and found that the password was NOT changed"
    quoted = step.said and step.kind != "request"
    return f"{words}: “{one_line(step.said)}”" if quoted else words


_TONES: Mapping[str, str] = {"approve": "ok", "deny": "bad", "release": "bad", "review": "ok"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A step's place on the line, in hundredths of its width."""

    x: str
    tone: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line: its dots, how far it has come, when it ends and in which word."""

    dots: Sequence[Dot]
    now: str
    start: str
    end: str
    ends: str
    label: str


def line(detail: RequestDetail, known: Sequence[Step], now: datetime) -> Line:
    """Draw a request's life, from when it was entered to when it ends by itself."""
    begin = parse_time(detail.entered_at)
    over = detail.state in FINAL
    end, ends = _end(detail, known, now)
    whole = max((end - begin).total_seconds(), 1)

    def place(at: datetime) -> str:
        part = (at - begin).total_seconds() / whole
        return f"{2 + 96 * min(max(part, 0), 1):.2f}%"

    dots = [
        Dot(
            x=place(parse_time(step.at)),
            tone=_TONES.get(step.kind, "plain"),
            title=f"{step.at[11:16]} {in_words(step, detail.names)}",
        )
        for step in known
    ]
    told = ", ".join(dot.title for dot in dots)
    return Line(
        dots=dots,
        now=place(end if over else now),
        start=detail.entered_at,
        end=format_time(end),
        ends=ends,
        label=f"{told}. {ends.capitalize()} {format_time(end)[11:16]} UTC.",
    )


def _end(detail: RequestDetail, known: Sequence[Step], now: datetime) -> tuple[datetime, str]:
    if detail.state in COLLECTING:
        return parse_time(detail.expires_at), "expires"
    if detail.state == State.RELEASED:
        return parse_time(detail.window_ends_at), "window closes"
    last = parse_time(known[-1].at)
    return (last, "ended") if detail.state in FINAL else (now, "now")
