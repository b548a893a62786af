"""Comparing what a service ships to browsers with this release."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from service.client.commands.verifyweb import PROVES, PROVES_NOT
from service.client.link.webpages import Page
from service.config import Settings
from service.usecases.context import Context
from service.web.app import create_app
from service.wire import assets
from tests.client.devices import URL, Device

Change = Callable[[httpx.Response], httpx.Response]


class Altering(httpx.BaseTransport):
    """The real service, but that one path is answered with something else."""

    def __init__(self, honest: httpx.BaseTransport, path: str, change: Change) -> None:
        self.honest = honest
        self.path = path
        self.change = change
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.honest.handle_request(request)
        whole = httpx.Response(answer.status_code, headers=answer.headers, content=answer.read())
        return self.change(whole) if request.url.path.endswith(self.path) else whole


def same(answer: httpx.Response) -> httpx.Response:
    return answer


def device(service: Context, folder: Path, path: str = "", change: Change = same) -> Device:
    app = create_app(service, Settings(url=URL))
    altering = Altering(httpx.WSGITransport(app=app), path, change)
    return Device("Vera", folder / "vera", altering)


def content(add: bytes, before: bytes = b"") -> Change:
    """Put something into a body, in front of ``before`` or at its end."""

    def change(answer: httpx.Response) -> httpx.Response:
        old = answer.content
        assert before in old
        new = old.replace(before, add + before, 1) if before else old + add
        headers = {k: v for k, v in answer.headers.items() if k.lower() != "content-length"}
        return httpx.Response(answer.status_code, headers=headers, content=new)

    return change


def header(name: str, value: str) -> Change:
    def change(answer: httpx.Response) -> httpx.Response:
        answer.headers[name] = value
        return answer

    return change


def test_an_honest_service_ships_this_release(service: Context, tmp_path: Path) -> None:
    vera = device(service, tmp_path)
    answer = vera.do("verify-web", URL)
    assert answer["digest"] == assets.digest(assets.load())
    assert answer["files"] == len(assets.load()) > 20
    said = vera.says("verify-web", URL)
    assert PROVES in said
    assert PROVES_NOT in said


def test_nothing_is_sent_but_names_of_files(service: Context, tmp_path: Path) -> None:
    vera = device(service, tmp_path)
    vera.do("verify-web", URL)
    assert isinstance(vera.transport, Altering)
    for request in vera.transport.asked:
        assert request.method == "GET"
        assert not request.read()
        assert {"authorization", "cookie"}.isdisjoint(request.headers)
        assert request.url.path.startswith(("/static/", "/sign-in", "/enroll"))


A_MODULE = "/js/crypto/unseal.js"
ELSEWHERE = b"https://elsewhere.example/x.js"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (A_MODULE, content(b"\n// nothing much\n")),
        (A_MODULE, header("Content-Security-Policy", "default-src *")),
        (A_MODULE, header("Content-Type", "text/html; charset=utf-8")),
        (A_MODULE, lambda _: httpx.Response(404)),
        ("/sign-in", header("Content-Security-Policy", assets.POLICY + "; script-src *")),
        ("/sign-in", header("Content-Security-Policy", "")),
        ("/sign-in", header("Link", "<https://elsewhere.example/x.css>; rel=stylesheet")),
        ("/sign-in", header("Refresh", "0; url=https://elsewhere.example/")),
        ("/sign-in", content(b"<script>steal()</script>", b"</body>")),
        ("/sign-in", content(b'<script src="' + ELSEWHERE + b'"></script>', b"</body>")),
        ("/sign-in", content(b'<script src="/uploads/x.js"></script>', b"</body>")),
        ("/sign-in", content(b'<form action="' + ELSEWHERE + b'"></form>', b"</body>")),
        ("/sign-in", content(b'<a href="' + ELSEWHERE + b'">here</a>', b"</body>")),
        ("/sign-in", content(b'<base href="' + ELSEWHERE + b'">', b"</head>")),
        ("/enroll", content(b'<p style="position:fixed">', b"</body>")),
        ("/enroll", content(b'<p onclick="steal()">', b"</body>")),
        ("/enroll", content(b'<iframe srcdoc="x"></iframe>', b"</body>")),
        ("/enroll", content(b'<meta http-equiv="refresh" content="0">', b"</head>")),
        ("/enroll", lambda _: httpx.Response(302, headers={"Location": "/x"})),
        ("/enroll", lambda a: httpx.Response(200, headers=a.headers, text="<p>empty</p>")),
    ],
)
def test_an_alteration_that_everybody_gets_is_refused(
    service: Context, tmp_path: Path, path: str, change: Change
) -> None:
    vera = device(service, tmp_path, path, change)
    result = vera.run("verify-web", URL)
    assert result.exit_code == 1, result.output
    assert "[web-differs]" in result.stderr
    assert path.lstrip("/") in result.stderr
    assert PROVES not in result.stdout


def test_another_release_is_told_in_one_sentence(
    service: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vera = device(service, tmp_path)
    ours = {**assets.load(), "js/pages/newer.js": b"export {};\n"}
    monkeypatch.setattr(assets, "load", lambda: ours)
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


def test_a_reference_is_seen_however_it_is_written() -> None:
    page = Page(
        "https://ours.example/sign-in",
        '<LINK REL=stylesheet HREF="/static/a.css"><svg><use xlink:href="//else.example/x#y"/>'
        '</svg><img srcset="https://else.example/x 2x"><a href="#main">x</a><a href="/me">me</a>'
        '<a href="&#106;avascript:steal()">x</a>',
    )
    assert page.loads == {"/static/a.css"}
    assert page.links == {"/sign-in", "/me"}
    assert [fault.split(">")[0] for fault in page.faults] == ["<use", "<img", "<a"]


def test_the_answer_is_json_with_both_sentences(service: Context, tmp_path: Path) -> None:
    result = device(service, tmp_path).run("verify-web", URL, "--json")
    said = json.loads(result.stdout)
    assert (said["proves"], said["does_not_prove"]) == (PROVES, PROVES_NOT)
