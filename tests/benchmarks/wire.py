"""A client that costs next to nothing: prepared bytes out, one answer in, on one connection."""

import socket
from types import TracebackType
from typing import Self


class Wire:
    """One kept connection to 127.0.0.1; a context manager."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._socket.close()

    def call(
        self, method: str, path: str, body: bytes = b"", *, token: str = "", cookie: str = ""
    ) -> bytes:
        """Prepare a call; ``cookie``, as ``name=value``, is sent as by an address typed in."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self._port}"]
        lines += [f"Authorization: Bearer {token}"] if token else []
        lines += [f"Cookie: {cookie}", "Sec-Fetch-Site: none"] if cookie else []
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*lines, "", ""]).encode() + body

    def send(self, call: bytes) -> bytes:
        """Send a prepared call and return the body of its answer, which must not be a refusal."""
        self._socket.sendall(call)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        if head[9:10] != b"2":
            raise RuntimeError((head + b"\n" + body).decode())
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        while len(body) < int(length):
            body += self._more()
        return body

    def _more(self) -> bytes:
        block = self._socket.recv(65536)
        if not block:
            raise RuntimeError("the server closed the connection")
        return block
