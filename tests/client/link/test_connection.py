import json
import logging
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from service.client.foundation.errors import ApiRefusal, ClientRefusal
from service.client.link import connection
from service.client.link.api import Api
from service.client.link.connection import Connection, check_server
from service.wire.accounts import AccountDetail
from service.wire.base import Done
from service.wire.people import EmailOnly

URL = "http://localhost:8420"
DONE = {"id": "x", "state": "done", "leaf": 1, "receipt": ""}
BODY = EmailOnly(email="ann@corp.example")


class Service(httpx.BaseTransport):
    """Answers in turn; keeps what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def problem(code: str, status: int = 409, detail: str = "no") -> httpx.Response:
    body = {"type": f"urn:breakglass:{code}", "title": code, "status": status, "detail": detail}
    return httpx.Response(
        status, content=json.dumps(body), headers={"Content-Type": "application/problem+json"}
    )


def ok() -> httpx.Response:
    return httpx.Response(201, json=DONE)


def refusal(service: Service, call: Callable[[Api], object]) -> ClientRefusal:
    with Api(URL, "t" * 43, transport=service) as api, pytest.raises(ClientRefusal) as refused:
        call(api)
    return refused.value


@pytest.mark.parametrize(
    "url",
    [
        "https://breakglass.example",
        "https://breakglass.example:8443/",
        "http://localhost:8420",
        "http://127.0.0.1",
        "http://127.9.9.9:1",
        "http://[::1]:8420",
    ],
)
def test_https_or_this_very_machine(url: str) -> None:
    assert check_server(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "breakglass.example",
        "http://breakglass.example",
        "http://localhost.example",
        "http://10.0.0.1",
        "http://127.0.0.1.example",
        "ftp://localhost",
        "https://",
        "https://host/path",
        "https://host?x",
        "https://host#x",
        "https://ann:pw@host",
        "https://@host",
        "https://host:port",
        "https://[::1",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(ClientRefusal) as refused:
        check_server(url)
    assert refused.value.code == "insecure-server"


def test_a_call_carries_the_token_and_nothing_else_of_mine() -> None:
    service = Service(ok())
    with Api(URL, "t" * 43, transport=service) as api:
        api.post("/things", BODY, Done)
    request = service.asked[0]
    assert str(request.url) == f"{URL}/api/v1/things"
    assert request.headers["Authorization"] == "Bearer " + "t" * 43
    assert "cookie" not in request.headers
    assert "origin" not in request.headers


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps(DONE).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's own name
        pass


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY", "HTTPS_PROXY"])
def test_nothing_to_this_very_machine_goes_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.handle_request, daemon=True)
    thread.start()
    with Api(f"http://127.0.0.1:{server.server_port}") as api:
        assert api.get("/x", Done).leaf == 1
    thread.join()
    server.server_close()


def test_empty_query_values_are_left_out() -> None:
    service = Service(httpx.Response(200, json=DONE))
    with Api(URL, transport=service) as api:
        api.get("/things", Done, state="", limit=5)
    assert service.asked[0].url.query == b"limit=5"


def test_a_problem_document_becomes_a_refusal_with_its_code() -> None:
    refused = refusal(Service(problem("strands-envelope")), lambda a: a.post("/x", BODY, Done))
    assert isinstance(refused, ApiRefusal)
    assert (refused.code, refused.message, refused.status) == ("strands-envelope", "no", 409)
    assert "seal anew" in refused.hint


def test_a_detail_cannot_drive_the_terminal() -> None:
    answer = problem("refused", detail="\x1b[2Jfine\u202e")
    refused = refusal(Service(answer), lambda a: a.get("/x", Done))
    assert refused.message == "\ufffd[2Jfine\ufffd"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(httpx.Response(302, headers={"Location": "https://evil.example"}), id="moved"),
        pytest.param(httpx.Response(500, text="<h1>oh</h1>"), id="no problem document"),
        pytest.param(httpx.Response(404, json={"type": "about:blank"}), id="another type"),
        pytest.param(httpx.Response(404, json=["x"]), id="a list"),
        pytest.param(problem("Not A Code"), id="no code"),
        pytest.param(httpx.Response(201, text=json.dumps(DONE)), id="not declared as JSON"),
        pytest.param(httpx.Response(201, json=DONE | {"more": 1}), id="unknown field"),
        pytest.param(httpx.Response(201, json={"id": "x"}), id="missing field"),
        pytest.param(httpx.Response(201, json=DONE | {"leaf": True}), id="a boolean for a number"),
        pytest.param(httpx.Response(201, json=DONE | {"leaf": "1"}), id="a text for a number"),
        pytest.param(
            httpx.Response(201, content=b"{", headers={"Content-Type": "application/json"}),
            id="cut off",
        ),
        pytest.param(httpx.Response(204), id="nothing"),
    ],
)
def test_an_answer_in_another_form_is_refused(answer: httpx.Response) -> None:
    refused = refusal(Service(answer), lambda a: a.post("/x", BODY, Done))
    assert refused.code == "server-answer"


def test_an_answer_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "ANSWER_LIMIT", 10)
    assert refusal(Service(ok()), lambda a: a.get("/x", Done)).code == "server-answer"


def test_a_refused_answer_is_not_repeated_to_anybody() -> None:
    answer = httpx.Response(201, json=DONE | {"leaf": "hunter2-secret"})
    refused = refusal(Service(answer), lambda a: a.get("/x", Done))
    assert "hunter2" not in f"{refused.message} {refused.hint} {refused!r}"


def test_a_read_is_tried_again_when_the_connection_fails() -> None:
    service = Service(httpx.ConnectError("no"), httpx.Response(200, json=DONE))
    with Api(URL, transport=service) as api:
        assert api.get("/x", Done).leaf == 1


def test_an_act_is_not_tried_again_when_the_connection_fails() -> None:
    service = Service(httpx.ReadTimeout("no"), ok())
    assert refusal(service, lambda a: a.post("/x", BODY, Done)).code == "unreachable"
    assert len(service.asked) == 1


def test_a_service_that_stays_away_is_unreachable() -> None:
    service = Service(httpx.ConnectError("no"), httpx.ConnectTimeout("no"))
    assert refusal(service, lambda a: a.get("/x", Done)).code == "unreachable"


def test_an_act_is_tried_once_more_on_a_conflict() -> None:
    service = Service(problem("conflict"), ok())
    with Api(URL, transport=service) as api:
        assert api.post("/x", BODY, Done).leaf == 1
    again = Service(problem("conflict"), problem("conflict"), ok())
    assert refusal(again, lambda a: a.post("/x", BODY, Done)).code == "conflict"
    assert [request.content for request in again.asked] == [BODY.model_dump_json().encode()] * 2


def test_no_other_refusal_is_tried_again() -> None:
    service = Service(problem("replayed"), ok())
    assert refusal(service, lambda a: a.post("/x", BODY, Done)).code == "replayed"
    assert len(service.asked) == 1


def test_bodies_and_answers_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = httpx.Response(201, json=DONE | {"id": "secret-answer"})
    with Api(URL, "secret-token", transport=Service(answer)) as api:
        api.post("/x", EmailOnly(email="secret@corp.example"), Done)
    assert "secret" not in caplog.text


def test_a_listing_needs_no_shapes() -> None:
    service = Service(httpx.Response(200, json={"requests": []}))
    with Connection(URL, transport=service) as connected:
        assert json.loads(connected.raw_get("/requests")) == {"requests": []}


def test_an_answer_of_another_form_is_refused_by_the_name_of_its_field() -> None:
    detail = {
        "account": "111122223333", "name": "", "state": "no-roster", "retired_since": "",
        "roster_version": 0, "envelope_version": 0, "roles": [], "root_email": "", "type": "",
        "roster": "", "in_force": "", "newest": "", "rotating": [], "missing_receipts": [],
        "sns_topic_arn": "arn:aws:sns:made-up", "findings": [],
    }  # fmt: skip
    refused = refusal(
        Service(httpx.Response(200, json=detail)), lambda api: api.get("/x", AccountDetail)
    )
    assert refused.code == "server-answer"
    assert "in another form than AccountDetail (field 'sns_topic_arn')" in str(refused)
    assert "made-up" not in str(refused)


def test_a_field_that_the_service_made_up_is_not_repeated() -> None:
    answer = httpx.Response(201, json=DONE | {"run this": 1})
    refused = refusal(Service(answer), lambda api: api.post("/x", BODY, Done))
    assert str(refused) == "the service answered in another form than Done"
