"""A witness over HTTP: ``POST /add-checkpoint``, and ``GET /<hash of origin>/checkpoint``.

Plain HTTP, for a proxy on the same machine or a network of one's own: everything sent is signed
and public. Anyone who can connect can at most keep it busy for a while: the size of bodies, the
number of connections and their lifetime are bounded.
"""

import re
import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from crypto.submission import BODY_LIMIT, PATH
from service.client.witness.rules import Answer, Witness

CONNECTIONS = 32
LIFE = 60.0  # seconds that a connection may last, busy or not
PATIENCE = 10.0  # seconds without a byte

_NEWEST = re.compile(r"/([0-9a-f]{64})/checkpoint")
_LENGTH = re.compile(r"0|[1-9][0-9]{0,7}")


class WitnessServer(socketserver.ThreadingTCPServer):
    """Serves one witness; ``log`` gets a line for each submission. Port 0: any free one."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = CONNECTIONS

    def __init__(self, host: str, port: int, witness: Witness, log: Callable[[str], None]) -> None:
        """Listen.

        Raises:
            OSError: the port is in use, or this machine has no such address.
        """
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.witness = witness
        self.log = log
        self._free = threading.BoundedSemaphore(CONNECTIONS)
        super().__init__((host, port), _Handler)

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as below
        """Serve a connection in a thread, or close it at once when there are too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as below
        """Serve a connection for at most ``LIFE`` seconds."""
        end = threading.Timer(LIFE, _hang_up, [request])
        end.daemon = True
        end.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            end.cancel()
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002 - socketserver's
        """Log that a call failed, without a traceback: it would repeat what was sent."""
        self.log("a call failed with an internal error")


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "breakglass-witness"
    sys_version = ""
    timeout = PATIENCE

    def do_POST(self) -> None:
        """Answer a submission."""
        if self.path != PATH:
            self._answer(_plain(HTTPStatus.NOT_FOUND))
        elif self.headers.get_all("Transfer-Encoding"):
            self._answer(_plain(HTTPStatus.LENGTH_REQUIRED))
        else:
            self._submit()

    def do_GET(self) -> None:
        """Show the newest checkpoint of a log that this witness has cosigned."""
        match = _NEWEST.fullmatch(self.path)
        note = self.server.witness.newest(match[1]) if match else ""
        if note:
            self._answer(Answer(status=HTTPStatus.OK, body=note))
        else:
            self._answer(_plain(HTTPStatus.NOT_FOUND))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - http.server's names
        """Write no line for each call: a stranger's bytes do not belong in a log."""

    def _submit(self) -> None:
        lengths = self.headers.get_all("Content-Length") or [""]
        if len(lengths) != 1 or not _LENGTH.fullmatch(lengths[0]):
            self._answer(_plain(HTTPStatus.LENGTH_REQUIRED))
            return
        length = int(lengths[0])
        if length > BODY_LIMIT:
            self._answer(_plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
            return
        body = self.rfile.read(length)
        if len(body) != length:
            self.close_connection = True
            return
        try:
            answer = self.server.witness.add_checkpoint(body)
        except OSError as error:
            said = f"nothing was cosigned: {error.strerror or type(error).__name__}"
            answer = Answer(status=HTTPStatus.INTERNAL_SERVER_ERROR, body="", log_line=said)
        self.server.log(answer.log_line)
        self._answer(answer, read=True)

    def _answer(self, answer: Answer, *, read: bool = False) -> None:
        """Answer; close the connection if the body was not ``read``: its rest is no next call."""
        data = answer.body.encode()
        if not read and self.command != "GET":
            self.close_connection = True
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)


def _plain(status: HTTPStatus) -> Answer:
    return Answer(status=status, body=f"{status.phrase}\n")
