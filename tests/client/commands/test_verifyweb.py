"""Comparing what a service ships to browsers with this release."""

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from crypto.spoken import page_words
from service.client.commands.verifyweb import BESIDES, PROVES, PROVES_NOT
from service.config import Settings
from service.usecases.context import Context
from service.web.app import create_app
from service.wire import assets, headers, shell
from tests.client.altering import (
    Altering,
    Change,
    Sent,
    content,
    header,
    once_more,
    same,
    without,
)
from tests.client.devices import URL, Device


def device(service: Context, folder: Path, path: str = "", change: Change = same) -> Device:
    app = create_app(service, Settings(url=URL))
    altering = Altering(httpx.WSGITransport(app=app), path, change)
    return Device("Vera", folder / "vera", altering)


def test_an_honest_service_ships_this_release(service: Context, tmp_path: Path) -> None:
    vera = device(service, tmp_path)
    answer = vera.do("verify-web", URL)
    assert answer["digest"] == assets.digest(assets.load())
    assert answer["files"] == len(assets.load()) > 20
    assert (answer["shell_routes"], answer["page_routes"]) == (len(shell.SHELL), shell.PAGES)
    said = vera.says("verify-web", URL)
    assert PROVES in said
    assert PROVES_NOT in said
    assert f"the page at {len(shell.SHELL)} of 23 routes" in said


def test_it_says_which_page_this_release_has(service: Context, tmp_path: Path) -> None:
    digest = hashlib.sha256(shell.page()).hexdigest()
    words = " ".join(page_words(shell.page()))
    line = f"This release's page is {digest} (eight words: {words})."
    assert line in device(service, tmp_path).says("verify-web", URL)

    def silent(_: httpx.Request) -> httpx.Response:
        raise AssertionError("nobody is asked")

    vera = Device("Vera", tmp_path / "alone", httpx.MockTransport(silent))
    assert vera.says("verify-web", "--expected").strip() == line
    assert vera.do("verify-web", "--expected") == {"page": digest, "words": words}
    assert len(words.split()) == 8


@pytest.mark.parametrize("arguments", [(), (URL, "--expected")])
def test_it_takes_an_address_or_asks_nobody(
    service: Context, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert device(service, tmp_path).run("verify-web", *arguments).exit_code == 2


def test_another_page_has_other_words() -> None:
    assert page_words(shell.page()) != page_words(shell.page() + b"\n")


def test_nothing_is_sent_but_names(service: Context, tmp_path: Path) -> None:
    vera = device(service, tmp_path)
    vera.do("verify-web", URL)
    assert isinstance(vera.transport, Altering)
    pages = {"/", "/no-page-has-this-address", *shell.addresses()}
    for request in vera.transport.asked:
        assert request.method == "GET"
        assert not request.read()
        assert {"authorization", "cookie"}.isdisjoint(request.headers)
        assert request.url.path in pages or request.url.path.startswith("/static/")


def followed(answer: Sent) -> Sent:
    """Packed as it was, and something after it, which one reader takes and another does not."""
    packed = ("Content-Encoding", "gzip") in answer.headers
    return replace(answer, body=answer.body + gzip.compress(b"steal()")) if packed else answer


A_MODULE = "/js/crypto/unseal.js"
NOWHERE = "/no-page-has-this-address"
QUERY = "?utm_source=mail&next=/x"
ELSEWHERE = b"https://elsewhere.example/x.js"
# What got by when pages were read and not compared, and what nobody thought of: each a row.
INTO_THE_PAGE = (
    b"<script>steal()</script>",
    b'<script src="' + ELSEWHERE + b'"></script>',
    b'<script src="/uploads/x.js"></script>',
    b'<form action="' + ELSEWHERE + b'"></form>',
    b'<a href="' + ELSEWHERE + b'">here</a>',
    b'<p style="position:fixed">',
    b'<p onclick="steal()">',
    b'<iframe srcdoc="x"></iframe>',
    b'<meta http-equiv="refresh" content="0">',
    b"<p hidden>Approve this: it is a drill.</p>",
    b"<svg><style><script>steal()</script></style></svg>",
    b"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x>'>",
    b"<!--><script>steal()</script>-->",
    b"<template shadowrootmode=open><script src=/x.js></script></template>",
    b'<link rel="stylesheet" href="/uploads/x.css">',
    b" ",
    b"\x00",
)
HEADERS = (
    *("Set-Cookie", "Link", "Refresh", "SourceMap", "X-SourceMap", "Service-Worker-Allowed"),
    *("Clear-Site-Data", "Reporting-Endpoints", "Report-To", "NEL", "Content-Security-Policy"),
    *("Content-Security-Policy-Report-Only", "Integrity-Policy", "Integrity-Policy-Report-Only"),
    *("Location", "Access-Control-Allow-Origin", "Permissions-Policy", "Document-Policy"),
    *("Speculation-Rules", "No-Vary-Search", "Cross-Origin-Embedder-Policy", "Origin-Trial"),
    *("Content-Type", "Content-Language", "Content-Location", "X-Anything", "Cache-Control"),
    *("Early-Hints", "Supports-Loading-Mode", "Origin-Agent-Cluster", "Accept-CH", "ETag"),
)


def refused(vera: Device) -> str:
    result = vera.run("verify-web", URL)
    assert result.exit_code == 1, result.output
    assert "[web-differs]" in result.stderr
    assert PROVES not in result.stdout
    return result.stderr


@pytest.mark.parametrize("added", INTO_THE_PAGE, ids=range(len(INTO_THE_PAGE)))
@pytest.mark.parametrize("before", [b"</head>", b""])
def test_whatever_is_added_to_the_page_is_refused(
    service: Context, tmp_path: Path, added: bytes, before: bytes
) -> None:
    said = refused(device(service, tmp_path, "/enroll", content(added, before)))
    assert "/enroll is not the page of this release" in said


@pytest.mark.parametrize("path", [*shell.addresses(), NOWHERE, QUERY])
def test_the_page_is_compared_at_every_address(service: Context, tmp_path: Path, path: str) -> None:
    assert path in refused(device(service, tmp_path, path, content(b"<p>")))


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("path", ["/sign-in", A_MODULE])
def test_both_ways_of_packing_are_compared(
    service: Context, tmp_path: Path, path: str, coding: str
) -> None:
    def change(answer: Sent) -> Sent:
        packed = ("Content-Encoding", "gzip") in answer.headers
        return content(b" ")(answer) if packed is (coding == "gzip") else answer

    assert f"({coding})" in refused(device(service, tmp_path, path, change))


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("path", ["/sign-in", A_MODULE])
@pytest.mark.parametrize("how", [header, once_more])
def test_every_header_that_is_added_is_refused(
    service: Context, tmp_path: Path, name: str, path: str, how: Callable[[str, str], Change]
) -> None:
    said = refused(device(service, tmp_path, path, how(name, "a")))
    assert name.lower() in said


@pytest.mark.parametrize("name", [*headers.SHELL, "ETag", "Content-Type"])
def test_every_header_that_is_missing_is_refused(
    service: Context, tmp_path: Path, name: str
) -> None:
    said = refused(device(service, tmp_path, "/sign-in", without(name)))
    assert f"its header {name.lower()} is missing" in said


@pytest.mark.parametrize("name", sorted(BESIDES - {"content-encoding", "content-length"}))
def test_what_a_proxy_brings_along_is_not(service: Context, tmp_path: Path, name: str) -> None:
    device(service, tmp_path, "", header(name, "a")).do("verify-web", URL)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (A_MODULE, content(b"\n// nothing much\n")),
        (A_MODULE, lambda a: replace(a, status=404)),
        (A_MODULE, header("Content-Encoding", "br")),
        (A_MODULE, header("Content-Encoding", "gzip, gzip")),
        (A_MODULE, lambda a: replace(a, body=a.body + a.body).header("Content-Length", "0")),
        (A_MODULE, followed),
        ("/sign-in", header("Content-Encoding", "x-gzip")),
        ("/sign-in", lambda a: replace(a, body=a.body[:-4])),
        ("/sign-in", lambda a: replace(a, status=302).header("Location", "/x")),
        ("/enroll", lambda a: replace(a, body=b"<p>empty</p>")),
        (NOWHERE, lambda a: replace(a, status=200)),
        ("/", header("Location", "https://elsewhere.example/sign-in")),
        ("/", lambda a: replace(a, status=200, body=b"<p>Welcome")),
        ("/", header("Set-Cookie", "a=b")),
    ],
)
def test_an_alteration_that_everyone_gets_is_refused(
    service: Context, tmp_path: Path, path: str, change: Change
) -> None:
    assert path.lstrip("/") in refused(device(service, tmp_path, path, change))


def test_another_release_is_told_in_one_sentence(
    service: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vera = device(service, tmp_path)
    ours = {**assets.load(), "js/pages/newer.js": b"export {};\n"}
    honest = shell.page()
    monkeypatch.setattr(assets, "load", lambda: ours)
    monkeypatch.setattr(shell, "page", lambda: honest + b" ")
    said = vera.run("verify-web", URL)
    assert said.exit_code == 1
    assert "none of this release's files" in said.stderr


@pytest.mark.parametrize("url", ["http://breakglass.example", "ftp://localhost", "https://h/path"])
def test_an_address_that_anybody_on_the_way_can_change_is_refused(tmp_path: Path, url: str) -> None:
    vera = Device("Vera", tmp_path / "vera", httpx.MockTransport(lambda _: httpx.Response(200)))
    assert vera.refused("verify-web", url) == "insecure-server"


def test_who_does_not_answer_is_named(tmp_path: Path) -> None:
    def silent(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    vera = Device("Vera", tmp_path / "vera", httpx.MockTransport(silent))
    assert vera.refused("verify-web", URL) == "unreachable"


def test_the_answer_is_json_with_both_sentences(service: Context, tmp_path: Path) -> None:
    result = device(service, tmp_path).run("verify-web", URL, "--json")
    said = json.loads(result.stdout)
    assert (said["proves"], said["does_not_prove"]) == (PROVES, PROVES_NOT)
