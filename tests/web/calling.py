"""Calling the application as somebody, by default under the right name and with a right body."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from service.domain.sessions import SessionKind
from service.usecases import sessions
from service.usecases.context import Context
from service.wire.base import Problem
from tests.usecases.people.acts import Someone, enrol, sign_in_body

URL = "http://localhost:8420"
PARAMETERS = "/api/v1/sessions/parameters"  # public, and takes a body
ME = "/api/v1/people/me"  # for persons
EVERYBODY = "/api/v1/people"  # for operators and auditors
SLOTS = "/api/v1/slots"  # POST wants a fresh session


def code_of(answer: TestResponse) -> str:
    """The refusal's code; the document must be a whole one."""
    assert answer.content_type == "application/problem+json"
    problem = Problem.model_validate_json(answer.data)
    assert problem.status == answer.status_code
    assert problem.model_extra == {}
    return problem.type.removeprefix("urn:breakglass:")


class Calls:
    """A client without cookies of its own."""

    def __init__(self, app: Flask, ctx: Context) -> None:
        self.ctx = ctx
        self._client = app.test_client(use_cookies=False)

    def token(self, who: Someone, kind: SessionKind = SessionKind.BEARER) -> str:
        body = sign_in_body(who, cookie=kind is SessionKind.COOKIE)
        return sessions.sign_in(self.ctx, body).token

    def enrol(self, name: str = "Ann", **roles: bool) -> str:
        """Somebody new, signed in: their token."""
        return self.token(enrol(self.ctx, name, **roles))

    def __call__(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        body: object = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            more["json"] = body
        more.setdefault("base_url", URL)
        return self._client.open(path, method=method, headers=sent, **more)
