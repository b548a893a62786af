"""The frame by itself: the shell as it is released but for its views, and an API of a test's."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from service.wire import assets, headers, shell
from tests.contracts.browser_doors import BROWSER

VIEWS = Path(__file__).with_name("views.js")
Answer = Callable[[], tuple[int, object]]


def answers(value: object, status: int = 200) -> Answer:
    return lambda: (status, value)


def slowly(seconds: float, value: object) -> Answer:
    def answer() -> tuple[int, object]:
        time.sleep(seconds)
        return 200, value

    return answer


def refuses(code: str, status: int, detail: str = "no") -> Answer:
    """A problem document."""
    document = {"type": f"urn:breakglass:{code}", "title": "", "status": status, "detail": detail}
    return lambda: (status, document)


@dataclass
class Framing:
    """A server. ``api`` holds what is answered, by method and path; ``asked`` what was called."""

    files: dict[str, bytes]
    api: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def page(self) -> bytes:
        skeleton = (BROWSER / assets.SKELETON).read_bytes()
        return shell.shell(self.files, skeleton)

    def answer(self, method: str, path: str) -> tuple[int, bytes, dict[str, str]]:
        if path.startswith("/api/v1/"):
            self.asked.append(f"{method} {path.removeprefix('/api/v1')}")
            status, value = self.api.get(self.asked[-1], refuses("not-found", 404))()
            kind = "application/json" if status < 400 else "application/problem+json"
            return status, json.dumps(value).encode(), {**headers.CLOSED, "Content-Type": kind}
        folder = f"/static/{assets.digest(self.files)}/"
        if path.startswith(folder) and (name := path.removeprefix(folder)) in self.files:
            kind = assets.media_type(name)
            return 200, self.files[name], {**headers.FILE, "Content-Type": kind}
        return 200, self.page, {**headers.SHELL, "Content-Type": "text/html; charset=utf-8"}


@contextmanager
def framing(**changed: bytes) -> Iterator[Framing]:
    """Serve until the block ends."""
    files = {**assets.load(), shell.MAIN: VIEWS.read_bytes(), **changed}
    served = Framing(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, sent = served.answer(self.command, urlsplit(self.path).path)
            self.send_response(status)
            for name, value in {**sent, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_DELETE = do_GET  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
