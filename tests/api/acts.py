"""One act of the API over HTTP, by the person whose act it is; the calls are kept."""

import json
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask
from pydantic import BaseModel

from crypto.proof import parse_receipt
from service.web.act import act_of, acts
from service.wire import base
from tests.api.conftest import token_of
from tests.usecases.world import World
from tests.web.calling import URL, Calls

_S = TypeVar("_S", bound=base.Shape)


API = "/api/v1"


@dataclass
class Story:
    """Whoever calls, what they sent, and which acts were done."""

    world: World
    app: Flask
    calls: Calls
    done: set[str] = field(default_factory=set)
    sent: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, name: str) -> str:
        if name not in self.tokens:
            self.tokens[name] = token_of(self.world, name)
        return self.tokens[name]

    def __call__(
        self,
        act: str,
        path: str,
        shape: type[_S],
        *,
        by: str = "",
        body: BaseModel | None = None,
        token: str = "",
    ) -> _S:
        """Do an act; the answer must be exactly the shape."""
        route = acts(self.app)[act]
        views = self.app.url_map.bind("localhost")
        endpoint, _ = views.match(API + path.partition("?")[0], method=route.method)
        assert act_of(self.app.view_functions[endpoint]) == route.act
        token = token or (self.token(by) if by else "")
        content = json.loads(body.model_dump_json()) if body else None
        headers = {} if token else {"Origin": URL}  # whoever signs in may do so from a page
        answer = self.calls(route.method, API + path, token=token, body=content, headers=headers)
        assert answer.status_code in {200, 201, 204}, (act, answer.text)
        assert answer.headers["Cache-Control"] == "no-store"
        self.done.add(act)
        if content:
            self.sent.append((route.method, API + path, token, content))
        shown = shape.model_validate_json(answer.data or b"{}")
        if isinstance(shown, base.Done):
            assert parse_receipt(shown.receipt).index == shown.leaf
        return shown


class Nothing(base.Shape):
    """204."""
