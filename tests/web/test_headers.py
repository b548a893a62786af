"""The headers of every answer."""

from collections.abc import Mapping

import pytest
from flask import Flask

from service.config import Settings
from service.usecases.context import Context
from service.web.app import create_app
from service.web.page import is_page
from service.web.static_files import ENDPOINT, load
from service.wire import headers
from service.wire.shell import SHELL
from tests.web.calling import Calls
from tests.web.test_access import filled, routes

# What differs from answer to answer, and is tested where it is made.
ABOUT_THE_BODY = frozenset(
    {
        *("Allow", "Content-Disposition", "Content-Encoding", "Content-Length", "Content-Type"),
        *("ETag", "Location", "Vary", "WWW-Authenticate", "X-Request-Id"),
    }
)
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


def wanted(app: Flask, rule: str) -> Mapping[str, str]:
    """The headers of the kind of answer that a call gets there, whether it is refused or not."""
    if rule in {*SHELL, "/nowhere"}:
        return headers.SHELL
    drawn = {
        each.rule for each in app.url_map.iter_rules() if is_page(app.view_functions[each.endpoint])
    }
    return headers.DRAWN if rule in drawn else headers.CLOSED


@pytest.mark.parametrize("who", ["nobody", "somebody"])
def test_every_answer_has_the_headers_of_its_kind_and_no_others(
    app: Flask, calls: Calls, who: str
) -> None:
    token = calls.enrol() if who == "somebody" else ""
    for method, rule in [*all_routes(app), ("GET", "/nowhere"), ("PATCH", "/healthz")]:
        path = filled(rule).replace("<path:path>", "js/none.js")
        answer = calls(method, path, token=token)
        kind = headers.CLOSED if answer.status_code == 303 else wanted(app, rule)
        ours = {name: value for name, value in answer.headers if name not in ABOUT_THE_BODY}
        assert ours == dict(kind), rule
        assert len(ours) == len([n for n, _ in answer.headers if n not in ABOUT_THE_BODY]), rule


def test_a_file_under_its_digest_may_be_kept_and_nothing_else(calls: Calls) -> None:
    answer = calls("GET", ONE_FILE)
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in headers.FILE} == dict(headers.FILE)
    assert answer.headers["Cache-Control"] == headers.IMMUTABLE
    missing = calls("GET", ONE_FILE.replace("base.css", "other.css"))
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("kind", [headers.CLOSED, headers.FILE, headers.SHELL, headers.DRAWN])
def test_no_answer_may_be_framed_or_read_elsewhere_or_taken_for_something_else(
    kind: Mapping[str, str],
) -> None:
    assert kind["X-Content-Type-Options"] == "nosniff"
    assert kind["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = kind["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy)


def test_no_answer_of_the_api_is_kept_or_shown_as_a_page() -> None:
    assert headers.CLOSED == {
        "Cache-Control": "no-store",
        "Content-Security-Policy": (
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
            "sandbox"
        ),
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.parametrize(
    ("kind", "form_action"), [(headers.SHELL, "'none'"), (headers.DRAWN, "'self'")]
)
def test_the_policy_of_pages_is_the_whole_one(kind: Mapping[str, str], form_action: str) -> None:
    assert kind["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; worker-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
        f"form-action {form_action}; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    assert kind["Referrer-Policy"] == "no-referrer"
    assert kind["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_browser_runs_nothing_of_the_shell_whose_digest_it_does_not_name() -> None:
    assert headers.SHELL["Integrity-Policy"] == "blocked-destinations=(script)"
    assert headers.SHELL["Cache-Control"] == "no-cache"


def test_a_page_may_use_passkeys_and_copy_and_nothing_else_of_the_device() -> None:
    granted = dict(part.split("=") for part in headers.PERMISSIONS.split(", "))
    ours = {name for name, whom in granted.items() if whom == "(self)"}
    assert ours == {"clipboard-write", "publickey-credentials-create", "publickey-credentials-get"}
    assert {whom for name, whom in granted.items() if name not in ours} == {"()"}
    assert {"camera", "microphone", "geolocation", "usb", "clipboard-read"} <= granted.keys()


def test_a_fault_and_a_foreign_host_have_them_too(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = calls.enrol()
    monkeypatch.setattr("service.usecases.home.due", lambda *_: 1 / 0)
    for answer, status, kind in (
        (calls("GET", "/healthz", headers={"Host": "evil.example"}), 421, headers.CLOSED),
        (
            calls("GET", "/sign-in", headers={"Host": "evil.example"}),
            421,
            headers.CLOSED,
        ),
        (
            calls(
                "POST",
                "/api/v1/sessions",
                data=b"x" * 300_000,
                content_type="application/json",
            ),
            413,
            headers.CLOSED,
        ),
        (calls("GET", "/", token=token), 500, headers.DRAWN),
    ):
        assert answer.status_code == status
        assert {name: answer.headers[name] for name in kind} == dict(kind)


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
