"""``verify-web``: whether a service ships to browsers what this release would.

Compared are the bytes of every script and style, the policy that comes with them, and what the
public pages refer to. The text of pages is made for each reader and is not compared: it can run
nothing while the policy holds.
"""

from collections.abc import Iterator, Mapping

import click

from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.webpages import Got, Page, Visitor
from service.wire import assets, headers

PAGES = ("/sign-in", "/enroll")
OK = 200

PROVES = (
    "Anyone who reaches this service the way this machine does gets the scripts and styles of the "
    "release installed here, byte for byte, and a policy under which browsers run nothing else."
)
PROVES_NOT = (
    "This does not find an altered page that only a single victim gets. It does not check pages "
    "behind a sign-in, or whether this release is a good one. If you want to depend on no page, "
    "use the command line."
)


@command("verify-web")
@click.argument("url")
def verify_web(run: Invocation, url: str) -> None:
    """Compare what a service ships to browsers with this release.

    It needs no sign-in, and sends nothing but the names of files.
    """
    shipped = assets.load()
    with Visitor(url, transport=run.transport) as visitor:
        pages = {path: visitor.get(path) for path in PAGES}
        differences = [*_pages(visitor.server, pages, shipped), *_files(visitor, shipped)]
    if differences:
        for line in differences:
            run.terminal.warn(line)
        raise ClientRefusal(
            "web-differs",
            f"{url} does not ship what this release would: {_counted(len(differences))}",
            "if the service runs another release, install that one and repeat; "
            "otherwise tell everyone to use only the command line, and find out why",
        )
    answer = {
        "server": visitor.server,
        "digest": assets.digest(shipped),
        "files": len(shipped),
        "pages": list(PAGES),
        "proves": PROVES,
        "does_not_prove": PROVES_NOT,
    }

    def human() -> None:
        run.terminal.say(
            f"{len(shipped)} files and {len(PAGES)} pages are the same as in this release."
        )
        run.terminal.say(PROVES)
        run.terminal.say(PROVES_NOT)

    run.terminal.answer(answer, human)


def _counted(number: int) -> str:
    return "one difference" if number == 1 else f"{number} differences"


def _pages(server: str, pages: Mapping[str, Got], shipped: Mapping[str, bytes]) -> Iterator[str]:
    """What is wrong with the public pages, a sentence each."""
    folder = f"/static/{assets.digest(shipped)}/"
    known = {folder + path for path in shipped}
    for path, got in pages.items():
        if got.status != OK or not got.headers.get("Content-Type", "").startswith("text/html"):
            yield f"{path} is not a page: status {got.status}"
            continue
        page = Page(server + path, got.content.decode(errors="replace"))
        yield from (f"{path}: {fault}" for fault in (*_policy(got), *page.faults))
        for loaded in sorted(page.loads - known):
            yield f"{path} loads {render.one_line(loaded)[:200]}, which this release does not have"
        if not page.loads & known:
            yield f"{path} loads nothing of this release"


def _files(visitor: Visitor, shipped: Mapping[str, bytes]) -> Iterator[str]:
    """Which of this release's files come differently or not at all, a sentence each."""
    folder = f"/static/{assets.digest(shipped)}/"
    if visitor.get(folder + next(iter(shipped))).status != OK:
        yield "the service has none of this release's files, but another release's, or altered ones"
        return
    for path, content in shipped.items():
        got = visitor.get(folder + path)
        if got.status != OK:
            yield f"{path} is not there: status {got.status}"
        elif got.content != content:
            yield f"{path} is not the file of this release"
        elif got.headers.get("Content-Type", "") != assets.media_type(path):
            yield f"{path} comes as {render.one_line(got.headers.get('Content-Type', ''))[:100]}"
        yield from (f"{path}: {fault}" for fault in _policy(got))


def _policy(got: Got) -> Iterator[str]:
    """What is missing in the policy of one answer.

    Several policies would all hold at once, so one of them has to be ours, and whole.
    """
    if headers.DRAWN["Content-Security-Policy"] not in got.headers.get_list(
        "Content-Security-Policy"
    ):
        yield "it comes without the policy of this release"
    # Both would move what a page refers to, or fetch something that the page does not show.
    for name in ("Link", "Refresh"):
        if name in got.headers:
            yield f"it comes with a header {name}"
