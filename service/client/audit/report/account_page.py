"""The report on an account as a page that prints well, as JSON, and as text."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from crypto.encoding import format_time
from service.client.audit.replay.unsigned import LEGEND, data, unsigned
from service.client.audit.report.controls import CONTROLS, SCOPE, evidence_for
from service.client.audit.report.html import facts, outside, quorum_words, request_section
from service.client.audit.report.lines import lines_json
from service.client.audit.report.markup import Content, Markup, element, page, table
from service.client.audit.report.report import request_json
from service.client.audit.report.story import Entry, RequestStory
from service.client.audit.report.year import AccountReport
from service.client.foundation.render import duration, listing
from service.domain import words
from service.domain.events import Action


def account_page(account: AccountReport) -> str:
    """Return the whole page."""
    report = account.report
    return page(
        f"Root access to {account.name} ({account.account})",
        element("h1", f"Root access to {account.name} ({account.account})"),
        element("p", f"{period(account)}. {report.sentence}.", class_="found"),
        element("p", LEGEND, class_="small"),
        element("h2", "Summary"),
        table(("", ""), summary(account)),
        element("h2", "Open exceptions"),
        *_exceptions(account),
        element("h2", "Releases"),
        *_some(map(_release, account.releases)),
        element("h2", "Drills"),
        *_some(_rows(account.drills)),
        element("h2", "Requests that were not released"),
        *_some(_rows(account.unreleased)),
        element("h2", "Who answers"),
        *_answers(account),
        element("h2", "Evidence by control"),
        element("p", SCOPE),
        table(("control", "what the log shows", "leaves"), _controls(account)),
        element("h2", "Timelines"),
        *(part for request in account.requests for part in request_section(request)),
        element("h2", "How this was verified"),
        table(("", ""), facts(report)),
        *outside(report),
        element("ul", *(element("li", remark) for remark in report.remarks())),
    )


def period(account: AccountReport) -> str:
    """Return the period in words."""
    first = f"from {account.first}" if account.first else "from the beginning of the log"
    last = f"to {account.last}" if account.last else "to the end of the export"
    return f"{first.capitalize()} {last}"


def summary(account: AccountReport) -> list[tuple[str, str]]:
    """Return the figures: label and value."""
    times = account.times_to_quorum()
    return [
        *account.lines(),
        ("releases", str(len(account.releases))),
        ("drills", str(len(account.drills))),
        ("requests that were not released", str(len(account.unreleased))),
        ("time to quorum (unsigned), median", _long(account.median_to_quorum())),
        ("time to quorum (unsigned), worst", _long(times[-1] if times else None)),
        ("custodians who never answered", listing(account.silent())),
        ("open exceptions", _count([f.proven for f in account.exceptions()])),
    ]


def _count(proven: Sequence[bool]) -> str:
    """Count what is proven, and beside it what is not."""
    doubtful = len(proven) - sum(proven)
    return f"{sum(proven)}{f' {unsigned(doubtful)}' if doubtful else ''}"


def _long(time: timedelta | None) -> str:
    return "none was met" if time is None else duration(int(time.total_seconds()))


def _exceptions(account: AccountReport) -> Iterator[Markup]:
    found = account.exceptions()
    if found:
        rows = [(str(f.sentence), str(f.seq) if f.seq >= 0 else "") for f in found]
        yield table(("what", "leaf"), rows)
    else:
        yield element("p", "None.")


def _some(parts: Iterator[Markup]) -> Sequence[Markup]:
    return list(parts) or [element("p", "None.")]


def _release(request: RequestStory) -> Markup:
    rows: list[tuple[Content, Content]] = [
        ("who", request.requester),
        ("task", request.typed.get("task") or request.task),
        ("why", element("q", request.typed.get("reason", ""))),
        ("ticket", request.typed.get("ticket", "")),
        ("asked (unsigned time)", format_time(request.opened_at)),
        ("quorum", quorum_words(request)),
        ("released (unsigned time)", _when(request.release)),
        ("closure", _said(request.all_of(Action.REQUEST_CLOSED), "summary")),
        ("rotation", _said(request.all_of(Action.REQUEST_ROTATED))),
        ("review", _said(request.all_of(Action.REQUEST_REVIEWED), "note")),
        ("now", words.plain(request.state)),
    ]
    link = element("a", request.id, href=f"#r-{request.id}")
    kind = "Request, without the service, " if request.offline else "Request "
    return element("section", element("h3", kind, link), table(("", ""), rows))


def _when(entry: Entry | None) -> str:
    return f"{format_time(entry.at)} (leaf {entry.seq})" if entry else ""


def _said(entries: Sequence[Entry], typed: str = "") -> Content:
    if not entries:
        return "not yet"
    parts: list[Markup] = []
    for entry in entries:
        words = f": {entry.typed[typed]}" if entry.typed.get(typed) else ""
        parts.append(element("div", f"{_when(entry)} {entry.sentence}{words}"))
    return element("div", *parts)


def _rows(requests: Sequence[RequestStory]) -> Iterator[Markup]:
    if requests:
        rows = [
            (
                element("a", r.id[:8], href=f"#r-{r.id}"),
                format_time(r.opened_at),
                r.requester,
                r.typed.get("reason", ""),
                words.plain(r.state),
            )
            for r in requests
        ]
        yield table(("request", "asked (unsigned time)", "who", "why", "ended"), rows)


def _answers(account: AccountReport) -> Iterator[Markup]:
    rows = [(a.name, str(a.asked), str(a.answered)) for a in account.answers()]
    if rows:
        yield table(("custodian", "asked", "answered"), rows)
        quorums = [(listing(names), str(count)) for names, count in account.together()]
        yield table(("counted together in a quorum", "how often"), quorums)
        yield element(
            "p",
            "Custodians need not answer once a quorum is met: this shows who can be reached, not "
            "who is diligent.",
            class_="small",
        )
    else:
        yield element("p", "No one was asked.")


def _controls(account: AccountReport) -> Iterator[tuple[Content, ...]]:
    for control in CONTROLS:
        leaves = ", ".join(
            str(entry.seq if entry.proven else unsigned(entry.seq))
            for entry in evidence_for(control, account)
        )
        shows = element("div", control.shows, *_note(control.note))
        empty = "none in the period" if control.evidence else "not by single leaves"
        yield control.name, shows, leaves or empty


def _note(note: str) -> list[Markup]:
    return [element("div", note, class_="small")] if note else []


def account_json(account: AccountReport) -> dict[str, Any]:
    """Return the report as plain data."""
    times = account.times_to_quorum()
    median = account.median_to_quorum()
    return {
        "account": account.account,
        "name": account.name,
        "retired": account.world.retired >= 0,
        "retired_leaf": account.world.retired,
        "lines": lines_json(account.report.world, account.account),
        "from": str(account.first or ""),
        "to": str(account.last or ""),
        "releases": [_release_json(r) for r in account.releases],
        "drills": [request_json(r) for r in account.drills],
        "unreleased": [request_json(r) for r in account.unreleased],
        "seconds_to_quorum": data(
            count=len(times),
            median=median or timedelta(),
            worst=times[-1] if times else timedelta(),
        ),
        "answers": [
            {"name": a.name, "asked": a.asked, "answered": a.answered} for a in account.answers()
        ],
        "never_answered": account.silent(),
        "together": [{"names": list(names), "times": times} for names, times in account.together()],
        "exceptions": [data(sentence=f.sentence, leaf=f.seq) for f in account.exceptions()],
        "scope": SCOPE,
        "controls": [
            {
                "control": control.name,
                "shows": control.shows,
                "note": control.note,
                "leaves": [e.seq for e in evidence_for(control, account) if e.proven],
                "more": [e.seq for e in evidence_for(control, account) if not e.proven],
                "unsigned": ["more"],
            }
            for control in CONTROLS
        ],
        "verification": account.report.as_json() | {"requests": []},
    }


def _release_json(request: RequestStory) -> dict[str, Any]:
    closed = request.first(Action.REQUEST_CLOSED)
    own, more = (
        request_json(request),
        data(
            reason=request.typed.get("reason", ""),
            ticket=request.typed.get("ticket", ""),
            released_at=request.release.at if request.release else None,
            summary=closed.typed.get("summary", "") if closed else "",
            rotated_at=[e.at for e in request.all_of(Action.REQUEST_ROTATED)],
            reviews=[
                data(who=e.who, at=e.at, note=e.typed.get("note", ""))
                for e in request.all_of(Action.REQUEST_REVIEWED)
            ],
        ),
    )
    return own | more | {"unsigned": sorted({*own["unsigned"], *more.get("unsigned", ())})}


def account_lines(account: AccountReport) -> list[str]:
    """Return the report as lines of text."""
    found = [
        f"Root access to {account.name} ({account.account}). {period(account)}.",
        f"{account.report.sentence}.",
        f"  {LEGEND}",
        *(f"  {what}: {figure}" for what, figure in summary(account)),
    ]
    for request in account.releases:
        found += [
            (
                f"  released (unsigned time) {_when(request.release)} to {request.requester}: "
                f"{request.typed.get('reason', '')}"
            ),
            f"    {quorum_words(request)}",
            f"    now {request.state.replace('_', ' ')}",
        ]
    found += [f"  open: {finding.sentence}" for finding in account.exceptions()]
    return [*found, f"  key         {account.report.verifier.vkey}", *account.report.outside()]
