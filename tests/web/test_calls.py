"""One line and one count for every call, and nothing secret in them."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask
from prometheus_client import generate_latest

from service.web import lines, metrics
from service.web.access import Role, requires
from tests.usecases.people.acts import enrol, sign_in_body
from tests.web.calling import ME, PARAMETERS, Calls

CANARY = "canary-19c4"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    lines.configure(stream)
    yield stream
    structlog.reset_defaults()


def parsed(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_call_is_one_line(calls: Calls, written: io.StringIO) -> None:
    someone = enrol(calls.ctx)
    answer = calls("GET", ME, token=calls.token(someone))
    [line] = parsed(written)
    assert line.pop("ms") >= 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "call": answer.headers["X-Request-Id"],
        "code": "",
        "event": "call",
        "level": "info",
        "method": "GET",
        "person": someone.person,
        "route": ME,
        "status": 200,
    }


def test_a_refusal_is_a_line_with_its_code(calls: Calls, written: io.StringIO) -> None:
    calls("GET", "/api/v1/accounts/111122223333")
    [line] = parsed(written)
    assert (line["route"], line["code"]) == (
        "/api/v1/accounts/<account:account>",
        "not-signed-in",
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", f"/{CANARY}"), (f"{CANARY}", "/healthz"), ("GET", f"{ME}?{CANARY}")],
)
def test_what_a_caller_writes_is_in_no_line(
    calls: Calls, written: io.StringIO, method: str, path: str
) -> None:
    token = calls.enrol()
    calls(method, path, token=token, headers={"User-Agent": CANARY, "X-Request-Id": CANARY})
    calls("POST", PARAMETERS, body={CANARY: CANARY})
    assert len(parsed(written)) == 2
    assert CANARY not in written.getvalue()
    assert token not in written.getvalue()


def test_a_sign_in_leaves_no_key_and_no_token_in_any_line(
    calls: Calls, written: io.StringIO
) -> None:
    someone = enrol(calls.ctx)
    body = sign_in_body(someone)
    answer = calls("POST", "/api/v1/sessions", body=body.model_dump())
    assert answer.json is not None
    assert answer.status_code == 201
    for secret in (body.sign_in_key, answer.json["token"], someone.email):
        assert secret not in written.getvalue()


def test_a_fault_says_where_and_not_what(app: Flask, calls: Calls, written: io.StringIO) -> None:
    def view() -> str:
        raise RuntimeError(CANARY)

    app.add_url_rule("/probe", "probe", requires(Role.PUBLIC)(view))
    calls("GET", "/probe")
    fault, call = parsed(written)
    assert fault["type"] == "builtins.RuntimeError"
    assert fault["call"] == call["call"]
    assert fault["frames"][-1].startswith("tests/web/test_calls.py:")
    assert CANARY not in written.getvalue()


def test_calls_and_refusals_are_counted(calls: Calls) -> None:
    def counted(name: str, **labels: str) -> float:
        return metrics.registry.get_sample_value(name, labels) or 0

    labels = {"method": "GET", "route": ME, "status": "401"}
    before = (
        counted("breakglass_http_calls_total", **labels),
        counted("breakglass_refusals_total", code="not-signed-in"),
    )
    calls("GET", ME)
    assert (
        counted("breakglass_http_calls_total", **labels),
        counted("breakglass_refusals_total", code="not-signed-in"),
    ) == (before[0] + 1, before[1] + 1)


def test_made_up_methods_and_paths_share_one_counter(calls: Calls) -> None:
    calls("BREW", "/coffee")
    calls("GET", f"/{CANARY}")
    text = generate_latest(metrics.registry).decode()
    assert 'method="other",route="-"' in text
    assert "coffee" not in text
    assert CANARY not in text
