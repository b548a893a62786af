"""Counters, on a listener of their own.

Behind a reverse proxy every peer of the main listener is loopback, so no check of peers would keep
``/metrics`` inside. A second port on 127.0.0.1, which no proxy knows, does.
"""

from collections.abc import Iterable
from http import HTTPStatus
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ADDRESS = "127.0.0.1"

registry = CollectorRegistry()
calls = Counter(
    "breakglass_http_calls",
    "HTTP calls answered, by route pattern and status",
    ["method", "route", "status"],
    registry=registry,
)
refusals = Counter(
    "breakglass_refusals", "Calls that were refused, by code", ["code"], registry=registry
)
outbox_waiting = Gauge(
    "breakglass_outbox_waiting", "Notices that wait to be sent, by channel", ["channel"],
    registry=registry,
)  # fmt: skip
outbox_oldest = Gauge(
    "breakglass_outbox_oldest_seconds", "Age of the oldest notice that waits", registry=registry
)

custodians_able = Gauge(
    "breakglass_custodians_able", "Custodians who can act today", ["account", "group"],
    registry=registry,
)  # fmt: skip
custodians_needed = Gauge(
    "breakglass_custodians_needed", "How many of a group it takes", ["account", "group"],
    registry=registry,
)  # fmt: skip


class MetricsListener(ThreadingMixIn, WSGIServer):
    """Serves the counters until it is closed."""

    daemon_threads = True

    def close(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Scrapes are not worth a line."""


def start_metrics(port: int) -> MetricsListener:
    """Serve ``/metrics`` on ``127.0.0.1:port`` in a thread of this process; 0 takes a free port.

    Call it in the process that answers calls, after any fork: counters are per process.

    Raises:
        OSError: the port is taken.
    """
    listener = make_server(
        ADDRESS, port, _application, server_class=MetricsListener, handler_class=_Silent
    )
    Thread(target=listener.serve_forever, name="metrics", daemon=True).start()
    return listener


def _application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    status, media_type, text = _answer(environ)
    headers = [("Content-Type", media_type), ("Cache-Control", "no-store")]
    start_response(f"{status.value} {status.phrase}", headers)
    return [text]


def _answer(environ: "WSGIEnvironment") -> tuple[HTTPStatus, str, bytes]:
    port = environ["SERVER_PORT"]
    # A web page on this machine may rebind its own name to 127.0.0.1; its Host gives it away.
    if environ.get("HTTP_HOST") not in {f"{ADDRESS}:{port}", f"localhost:{port}"}:
        return HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b""
    if environ["PATH_INFO"] != "/metrics":
        return HTTPStatus.NOT_FOUND, "text/plain", b""
    if environ["REQUEST_METHOD"] != "GET":
        return HTTPStatus.METHOD_NOT_ALLOWED, "text/plain", b""
    return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(registry)
