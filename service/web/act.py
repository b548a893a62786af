"""What a view does, under the name that every face of the service uses for it.

The annotations of a view say what it takes and what it answers: ``body`` and ``query`` are parsed
into their shapes, the result is written as JSON. The OpenAPI document is made from the same ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, get_type_hints

from flask import Flask, Response, request

from crypto.encoding import hex_digest
from service.web.body import parse_body, refuse_body
from service.web.current import ctx
from service.web.download import Download
from service.web.query import parse_query, refuse_query
from service.wire.base import Done, Shape

_READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """``name`` is ``noun.verb``, the client's words. No ``answer``: 204, or a file.

    ``files`` are the media types of the files that it hands out instead of a shape.
    """

    name: str
    status: HTTPStatus
    body: type[Shape] | None
    query: type[Shape] | None
    answer: type[Shape] | None
    files: tuple[str, ...] = ()

    def parts(self) -> dict[str, Shape]:
        """What the call carries, strictly parsed; what it must not carry is refused."""
        parts: dict[str, Shape] = {}
        if self.query is None:
            refuse_query()
        else:
            parts["query"] = parse_query(self.query)
        if self.body is None:
            refuse_body()
        else:
            parts["body"] = parse_body(self.body)
        return parts

    def render(self, answer: Shape | Download | None) -> Response:
        """The answer as JSON, or a file; that of an act always with the receipt of its leaf."""
        if isinstance(answer, Download):
            return answer.response()
        if answer is None:
            return Response(status=self.status.value)
        if isinstance(answer, Done) and not answer.receipt:
            answer = answer.model_copy(update={"receipt": ctx().receipt(answer.leaf)})
        return _tagged(
            Response(
                answer.model_dump_json(), status=self.status.value, content_type="application/json"
            )
        )


def _tagged(answer: Response) -> Response:
    """What was read, or 304: a page that waits asks often, and hears nothing new in few bytes."""
    if request.method not in _READING:
        return answer
    tag = hex_digest(answer.get_data())
    if request.if_none_match.contains_weak(tag):  # RFC 9110, 13.1.2
        answer = Response(status=HTTPStatus.NOT_MODIFIED.value)
        del answer.headers["Content-Type"]
    answer.set_etag(tag)
    return answer


def act(
    name: str, *, status: HTTPStatus = HTTPStatus.OK, files: tuple[str, ...] = ()
) -> Callable[[Callable[..., Shape | Download | None]], Callable[..., Response]]:
    """Name the act that a view does. ``status`` is that of its answer, where there is one."""

    def declare(view: Callable[..., Shape | Download | None]) -> Callable[..., Response]:
        hints = get_type_hints(view)
        answer = hints["return"] if hints["return"] not in {type(None), Download} else None
        this = Act(
            name=name,
            status=status if answer or files else HTTPStatus.NO_CONTENT,
            body=hints.get("body"),
            query=hints.get("query"),
            answer=answer,
            files=files,
        )

        @wraps(view)
        def speak(**path: Any) -> Response:  # noqa: ANN401 - whatever the route's converters give
            return this.render(view(**path, **this.parts()))

        speak.__dict__["act"] = this
        return speak

    return declare


def act_of(view: Callable[..., Any]) -> Act | None:
    """What the view declared; operational views (health, the document) declare nothing."""
    declared = view.__dict__.get("act")
    return declared if isinstance(declared, Act) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where an act is in the API."""

    method: str
    path: str
    act: Act


def acts(app: Flask) -> dict[str, Route]:
    """Every act of the API with its route, by name.

    Raises:
        RuntimeError: two routes claim one name.
    """
    found: dict[str, Route] = {}
    for rule in app.url_map.iter_rules():
        declared = act_of(app.view_functions[rule.endpoint])
        if declared is None:
            continue
        if declared.name in found:
            raise RuntimeError(f"two routes for {declared.name}")
        [method] = (rule.methods or set()) - {"HEAD"}
        found[declared.name] = Route(method=method, path=rule.rule, act=declared)
    return dict(sorted(found.items()))
