"""The report of a verification as a page to print and file."""

from collections.abc import Iterator

from crypto.encoding import b64encode, format_time
from service.client.audit.replay.unsigned import LEGEND
from service.client.audit.report.lines import beside, end_words, line_words
from service.client.audit.report.markup import Content, Markup, element, page, table
from service.client.audit.report.report import Report
from service.client.audit.report.story import RequestStory, Story
from service.client.audit.report.timeline import acts_table, picture
from service.client.foundation.render import listing


def report_page(report: Report) -> str:
    """Return the whole page."""
    wrong = " wrong" if report.refusal else ""
    return page(
        f"Verification of {report.verifier.name}",
        element("h1", f"Verification of the log {report.verifier.name}"),
        element("p", f"{report.sentence}.", class_=f"found{wrong}"),
        element("p", LEGEND, class_="small"),
        *_hint(report),
        element("h2", "What was verified, and by what"),
        table(("", ""), facts(report)),
        element("h2", "Evidence from outside"),
        *outside(report),
        element("h2", "Statements, each signature verified"),
        table(("kind", "how many"), [(k, str(n)) for k, n in sorted(report.world.kinds.items())]),
        *_lines(report),
        element("h2", "Remarks"),
        element("ul", *(element("li", remark) for remark in report.remarks())),
        *_stories(report),
    )


def _hint(report: Report) -> Iterator[Markup]:
    if report.refusal is not None:
        yield element(
            "p",
            "The verification stopped here: below is what was found correct before this point; "
            "nothing after it was checked. Keep the export as it is.",
        )


def facts(report: Report) -> Iterator[tuple[Content, Content]]:
    """Yield what was verified: label and value."""
    tally, at = report.world.tally, report.world.last_at
    yield "export", element("code", report.folder)
    yield "key of the log", element("code", report.verifier.vkey)
    if report.checkpoint is not None:
        yield "signed root", element("code", b64encode(report.checkpoint.root))
        yield "leaves", f"{tally['leaves']} of {report.checkpoint.size} replayed"
    yield "time of the last leaf (unsigned)", format_time(at) if at else "none"
    yield "statements", f"{tally['statements']}, every signature verified"
    yield "quorums", f"{tally['quorums']}, each counted at its own leaf"
    yield "requests", f"{tally['requests']} and {tally['drills']} drills"
    yield "releases", f"{tally['releases']}, and {tally['offline releases']} without the service"


def outside(report: Report) -> Iterator[Markup]:
    """Yield the evidence that did not come from the service."""
    verdict = "was compared with the log" if report.refusal else "agrees with the log"
    gone = report.world.given_up.gone
    rows = [
        (
            f"checkpoint of {mark.checkpoint.size} leaves",
            element("code", mark.source),
            "abandoned in an epoch that you accepted" if mark in gone else verdict,
        )
        for mark in report.marks
    ]
    rows += [
        (f"first roster of {account}", element("code", digest), verdict)
        for account, digest in sorted(report.world.anchors.items())
    ]
    if rows:
        yield table(("what", "from", "finding"), rows)
    else:
        yield element("p", "None was given.")
    yield from _witnesses(report)


def _witnesses(report: Report) -> Iterator[Markup]:
    witnesses = report.witnesses
    if not witnesses.known:
        yield element("p", "No witness was given.", class_="small")
        return
    rows = [
        (w["witness"], f"the first {w['size']} leaves", w["at"], element("code", w["source"]))
        for w in witnesses.as_json()
    ]
    yield table(("witness", "cosigned", "at", "under"), rows)
    if report.refusal is None:
        yield element("p", f"Witnesses: {witnesses.sentence(report.size)}.")


def _lines(report: Report) -> Iterator[Markup]:
    """Yield what there is beside the first lines of accounts, and which lines have ended."""
    world = report.world
    rows = [
        (account, words)
        for account, one in world.accounts.items()
        for words in (end_words(one), *map(line_words, beside(world, account)))
        if words
    ]
    if rows:
        yield element("h2", "Further lines, and lines that ended")
        yield table(("account", "what the log shows"), rows)


def _stories(report: Report) -> Iterator[Markup]:
    story = report.story
    if story is None:
        return
    released = [r for r in story.requests.values() if r.counted]
    yield element("h2", "Releases, each with the quorum that was counted again")
    yield table(
        ("request", "account", "released (unsigned time)", "quorum", "leaf"),
        map(_release_row, released),
    )
    yield element("h2", "Requests")
    for request in story.requests.values():
        yield from request_section(request)
    yield from _service(story)


def _release_row(request: RequestStory) -> tuple[Content, ...]:
    entry = request.release
    return (
        element("a", request.id[:8], href=f"#r-{request.id}"),
        f"{request.account_name} ({request.account})",
        f"{format_time(entry.at)} to {request.requester}" if entry else "",
        quorum_words(request),
        str(entry.seq) if entry else "",
    )


def quorum_words(request: RequestStory) -> str:
    """Return who counted in each group: ``password 2 of 2 (Ann and Bo); …``."""
    return "; ".join(
        f"{c.group} {len(c.names)} of {c.needed} needed ({listing(c.names)})"
        for c in request.counted
    )


def request_section(request: RequestStory) -> Iterator[Markup]:
    """Yield a request's part of a page: heading, picture, table."""
    kind = "Drill" if request.drill else "Offline request" if request.offline else "Request"
    yield element(
        "h3", f"{kind} {request.id}: {request.state.replace('_', ' ')}", id=f"r-{request.id}"
    )
    yield element(
        "p",
        f"{request.requester} for {request.account_name} ({request.account}), "
        f"task {request.task}, entered (unsigned time) {format_time(request.opened_at)}.",
    )
    yield picture(request)
    yield acts_table(request)
    if request.counted:
        yield element("p", f"The quorum, counted again: {quorum_words(request)}.")


def _service(story: Story) -> Iterator[Markup]:
    if story.service:
        yield element("h2", "The service itself")
        rows = [(format_time(e.at), str(e.sentence), str(e.seq)) for e in story.service]
        yield table(("when (unsigned)", "what", "leaf"), rows)
