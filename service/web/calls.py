"""One line and one count per HTTP call, refused ones included.

A line has the route's pattern and never the path: ids are for the log of events. Query, headers
and bodies are in no line.
"""

from time import perf_counter

import structlog
from flask import Flask, Response, g, request

from crypto.randomness import random_uuid
from service.web import metrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


def register(app: Flask) -> None:
    """Open each call first, and close it last."""
    app.before_request(_open)
    app.after_request(_close)


def _open() -> None:
    g.started = perf_counter()
    # Ours, never the caller's: a made-up id could point at someone else's line.
    g.call = random_uuid()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(call=g.call)


def _close(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "-"
    method = request.method if request.method in _METHODS else "other"
    metrics.calls.labels(method=method, route=route, status=response.status_code).inc()
    code = g.get("code", "")
    if code:
        metrics.refusals.labels(code=code).inc()
    structlog.get_logger().info(
        "call",
        method=method,
        route=route,
        status=response.status_code,
        code=code,
        ms=round((perf_counter() - g.started) * 1000, 1),
        person=g.get("person", ""),
    )
    response.headers["X-Request-Id"] = g.call
    return response
