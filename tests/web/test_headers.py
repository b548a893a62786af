"""The headers of every answer."""

import pytest
from flask import Flask

from service.config import Settings
from service.usecases.context import Context
from service.web.app import create_app
from service.web.headers import ALWAYS
from tests.web.calling import Calls
from tests.web.test_access import filled, routes


def test_every_answer_has_every_header(app: Flask, calls: Calls) -> None:
    for method, rule in [*routes(app), ("GET", "/nowhere"), ("PATCH", "/healthz")]:
        headers = calls(method, filled(rule)).headers
        assert {name: headers[name] for name in ALWAYS} == dict(ALWAYS), rule
        assert "Strict-Transport-Security" not in headers


def test_nothing_may_be_kept_or_run_or_framed() -> None:
    assert ALWAYS["Cache-Control"] == "no-store"
    assert ALWAYS["X-Content-Type-Options"] == "nosniff"
    assert ALWAYS["Referrer-Policy"] == "no-referrer"
    policy = ALWAYS["Content-Security-Policy"].split("; ")
    assert policy[0] == "default-src 'none'"
    assert "frame-ancestors 'none'" in policy


def test_a_fault_and_a_foreign_host_have_them_too(app: Flask, calls: Calls) -> None:
    for answer in (
        calls("GET", "/healthz", headers={"Host": "evil.example"}),
        calls("POST", "/api/v1/sessions", data=b"x" * 300_000, content_type="application/json"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"


def test_only_a_service_behind_tls_says_so(ctx: Context) -> None:
    url = "https://bg.example.org"
    calls = Calls(create_app(ctx, Settings(url=url)), ctx)
    answer = calls("GET", "/healthz", base_url=url)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize("sent", [{}, {"X-Request-Id": "mine"}])
def test_every_answer_has_an_id_of_ours(calls: Calls, sent: dict[str, str]) -> None:
    first, second = (calls("GET", "/healthz", headers=sent) for _ in range(2))
    assert len({first.headers["X-Request-Id"], second.headers["X-Request-Id"], "mine"}) == 3
