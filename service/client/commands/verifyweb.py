"""``verify-web``: whether a service ships to browsers what this release would.

A browser's application begins with one page, the same for everyone, that names each of its scripts
with a digest. So that page and the files are compared byte for byte, and the headers that come with
them one by one; nothing that a service sends is interpreted. Pages that the server still draws are
made for each reader: whoever has no session is only sent to the sign-in page.
"""

from collections.abc import Iterator, Mapping

import click

from crypto.encoding import hex_digest
from crypto.spoken import page_words
from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.link.webpages import GZIP, PLAIN, Got, Visitor
from service.wire import assets, headers, shell

OK, NOT_FOUND, SEE_OTHER = 200, 404, 303
HTML = "text/html; charset=utf-8"
NOWHERE = "/no-page-has-this-address"
# What a connection, a proxy or a body brings along; none of it lets a browser run anything else.
BESIDES = frozenset(
    {
        *("alt-svc", "connection", "content-encoding", "content-length", "date", "keep-alive"),
        *("server", "strict-transport-security", "transfer-encoding", "vary", "x-request-id"),
    }
)

PROVES = (
    "Anyone who reaches this service the way this machine does gets the page, scripts and styles "
    "of the release installed here, byte for byte, and headers under which a current Chromium or "
    "Firefox runs nothing else."
)
PROVES_NOT = (
    "This does not find what only a single victim gets: repeat it from other networks, and know "
    "that a service can tell this command from a browser. It does not check what the service "
    "answers to those pages, or whether this release is a good one. If you want to depend on no "
    "page, use the command line."
)
DRAWN = (
    "The other pages are drawn by the server for each reader and cannot be compared: what they "
    "show, it chose."
)


@command("verify-web")
@click.argument("url", required=False)
@click.option("--expected", is_flag=True, help="Only say which page this release has; ask no one.")
def verify_web(run: Invocation, url: str | None, *, expected: bool) -> None:
    """Compare what a service ships to browsers with this release.

    It needs no sign-in, and sends nothing but the names of pages and files.
    """
    if (url is None) is not expected:
        raise click.UsageError("give either the service's URL or --expected")
    if url is not None:
        _compare(run, url)
    page = shell.page()
    digest, words = hex_digest(page), " ".join(page_words(page))
    answer: dict[str, object] = {"page": digest, "words": words}
    if url is not None:
        answer |= {
            "server": url.rstrip("/"),
            "digest": assets.digest(assets.load()),
            "files": len(assets.load()),
            "shell_routes": len(shell.SHELL),
            "page_routes": shell.PAGES,
            "proves": PROVES,
            "does_not_prove": PROVES_NOT,
        }

    def human() -> None:
        run.terminal.say(f"This release's page is {digest} (eight words: {words}).")
        if url is not None:
            run.terminal.say(
                f"{len(assets.load())} files, and the page at {len(shell.SHELL)} of {shell.PAGES} "
                "routes, are the same as in this release."
            )
            if len(shell.SHELL) < shell.PAGES:
                run.terminal.say(DRAWN)
            run.terminal.say(PROVES)
            run.terminal.say(PROVES_NOT)

    run.terminal.answer(answer, human)


def _compare(run: Invocation, url: str) -> None:
    """Refuse a service that ships anything else, having said what."""
    with Visitor(url, transport=run.transport) as visitor:
        differences = [*_pages(visitor), *_entry(visitor), *_files(visitor, assets.load())]
    if not differences:
        return
    for line in differences:
        run.terminal.warn(line)
    raise ClientRefusal(
        "web-differs",
        f"{url} does not ship what this release would: {_counted(len(differences))}",
        "if the service runs another release, install that one and repeat; "
        "otherwise tell everyone to use only the command line, and find out why",
    )


def _counted(number: int) -> str:
    return "one difference" if number == 1 else f"{number} differences"


def _pages(visitor: Visitor) -> Iterator[str]:
    """What is wrong with the page at the addresses of the shell, a sentence each."""
    first = shell.addresses()[0]
    wanted = dict.fromkeys((*shell.addresses(), f"{first}?utm_source=mail&next=/x"), OK)
    for path, status in {**wanted, NOWHERE: NOT_FOUND}.items():
        for coding in (PLAIN, GZIP):
            got = visitor.get(path, coding)
            if got.status != status:
                yield f"{path} has status {got.status}, not {status}"
            elif got.content() != shell.page():
                yield f"{path} is not the page of this release ({coding})"
            ours = {**headers.SHELL, "Content-Type": HTML, "ETag": shell.tag()}
            yield from (f"{path}: {fault}" for fault in _headers(got, ours))


def _entry(visitor: Visitor) -> Iterator[str]:
    """Where someone without a session who comes to the first page is sent, while it is drawn."""
    if "/" in shell.SHELL:
        return
    got = visitor.get("/")
    if (got.status, got.body) != (SEE_OTHER, b""):
        yield "/ does not send strangers to the sign-in page"
    ours = {**headers.CLOSED, "Location": "/sign-in?next=%2F", "Content-Type": HTML}
    yield from (f"/: {fault}" for fault in _headers(got, ours))


def _files(visitor: Visitor, shipped: Mapping[str, bytes]) -> Iterator[str]:
    """Which of this release's files come differently or not at all, a sentence each."""
    folder = f"/static/{assets.digest(shipped)}/"
    if visitor.get(folder + next(iter(shipped))).status != OK:
        yield "the service has none of this release's files, but another release's, or altered ones"
        return
    for path, content in shipped.items():
        ours = {**headers.FILE, "Content-Type": assets.media_type(path)}
        for coding in (PLAIN, GZIP):
            got = visitor.get(folder + path, coding)
            if got.status != OK:
                yield f"{path} is not there: status {got.status}"
            elif got.content() != content:
                yield f"{path} is not the file of this release ({coding})"
            yield from (f"{path}: {fault}" for fault in _headers(got, ours))


def _headers(got: Got, ours: Mapping[str, str]) -> Iterator[str]:
    """How an answer's headers differ from those that it must have, each once and no others."""
    wanted = {name.lower(): value for name, value in ours.items()}
    for name, value in wanted.items():
        if got.headers.get(name) != (value,):
            yield f"its header {name} is {render.one_line(got.header(name))[:200] or 'missing'}"
    for name in sorted(got.headers.keys() - wanted.keys() - BESIDES):
        yield f"it comes with a header {render.one_line(name)[:100]}"
