"""The headers of every answer."""

import pytest
from flask import Flask

from service.config import Settings
from service.usecases.context import Context
from service.web.app import create_app
from service.web.headers import ALWAYS, IMMUTABLE
from service.web.page import is_page
from service.web.static_files import ENDPOINT, load
from service.wire.assets import POLICY
from tests.web.calling import Calls
from tests.web.test_access import filled, routes

ONE_FILE = f"/static/{load().digest}/css/base.css"


def all_routes(app: Flask) -> list[tuple[str, str]]:
    """Every route that there is: the API's, the pages', and that of the files."""
    pages = [
        ("GET", rule.rule)
        for rule in app.url_map.iter_rules()
        if is_page(app.view_functions[rule.endpoint])
    ]
    files = [("GET", r.rule) for r in app.url_map.iter_rules() if r.endpoint == ENDPOINT]
    assert len(pages) > 15
    assert len(files) == 1
    return [*routes(app), *pages, *files]


@pytest.mark.parametrize("who", ["nobody", "somebody"])
def test_every_answer_has_every_header(app: Flask, calls: Calls, who: str) -> None:
    token = calls.enrol() if who == "somebody" else ""
    for method, rule in [*all_routes(app), ("GET", "/nowhere"), ("PATCH", "/healthz")]:
        path = filled(rule).replace("<path:path>", "js/none.js")
        headers = calls(method, path, token=token).headers
        assert {name: headers[name] for name in ALWAYS} == dict(ALWAYS), rule
        assert "Strict-Transport-Security" not in headers
        assert "Access-Control-Allow-Origin" not in headers
        assert "Server" not in headers


def test_a_file_under_its_digest_may_be_kept_and_nothing_else(calls: Calls) -> None:
    answer = calls("GET", ONE_FILE)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == IMMUTABLE
    assert {n: answer.headers[n] for n in ALWAYS if n != "Cache-Control"} == {
        n: v for n, v in ALWAYS.items() if n != "Cache-Control"
    }
    missing = calls("GET", ONE_FILE.replace("base.css", "other.css"))
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")


def test_nothing_may_be_kept_or_framed_or_sent_along() -> None:
    assert ALWAYS["Cache-Control"] == "no-store"
    assert ALWAYS["X-Content-Type-Options"] == "nosniff"
    assert ALWAYS["Referrer-Policy"] == "no-referrer"
    assert ALWAYS["Cross-Origin-Opener-Policy"] == "same-origin"
    assert ALWAYS["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_policy_is_the_whole_one() -> None:
    assert ALWAYS["Content-Security-Policy"] == POLICY
    assert POLICY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; worker-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def test_a_page_may_use_passkeys_and_copy_and_nothing_else_of_the_device() -> None:
    granted = dict(part.split("=") for part in ALWAYS["Permissions-Policy"].split(", "))
    ours = {name for name, whom in granted.items() if whom == "(self)"}
    assert ours == {"clipboard-write", "publickey-credentials-create", "publickey-credentials-get"}
    assert {whom for name, whom in granted.items() if name not in ours} == {"()"}
    assert {"camera", "microphone", "geolocation", "usb", "clipboard-read"} <= granted.keys()


def test_a_fault_and_a_foreign_host_have_them_too(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = calls.enrol()
    monkeypatch.setattr("service.usecases.home.due", lambda *_: 1 / 0)
    for answer, status in (
        (calls("GET", "/healthz", headers={"Host": "evil.example"}), 421),
        (
            calls(
                "POST",
                "/api/v1/sessions",
                data=b"x" * 300_000,
                content_type="application/json",
            ),
            413,
        ),
        (calls("GET", "/", token=token), 500),
    ):
        assert answer.status_code == status
        assert {name: answer.headers[name] for name in ALWAYS} == dict(ALWAYS)


def test_only_a_service_behind_tls_says_so(ctx: Context) -> None:
    url = "https://bg.example.org"
    calls = Calls(create_app(ctx, Settings(url=url)), ctx)
    for path in ("/healthz", "/sign-in", ONE_FILE):
        answer = calls("GET", path, base_url=url)
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize("sent", [{}, {"X-Request-Id": "mine"}])
def test_every_answer_has_an_id_of_ours(calls: Calls, sent: dict[str, str]) -> None:
    first, second = (calls("GET", "/healthz", headers=sent) for _ in range(2))
    assert len({first.headers["X-Request-Id"], second.headers["X-Request-Id"], "mine"}) == 3
