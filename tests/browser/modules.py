"""A page that runs the browser modules' own tests, and a server that hears what came of them.

The page needs no driver: a browser is pointed at it, and it posts its results back. So any browser
can run it that starts without a person.
"""

import json
import mimetypes
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
SERVED = ("service/browser/", "tests/js/", "tests/vectors/")
PAGE = "/tests/js/browser/run.html"


def files_to_run() -> list[str]:
    """Every test of the modules but those that only Node can run."""
    folder = ROOT / "tests" / "js"
    return sorted(
        f"/{path.relative_to(ROOT).as_posix()}"
        for path in folder.rglob("*.test.js")
        if "node_modules" not in path.parts and not path.name.endswith(".node.test.js")
    )


@dataclass
class Runner:
    """The server. ``reports`` gets one entry for each browser that has run all tests."""

    files: list[str]
    port: int = 0
    reports: "queue.Queue[Any]" = field(default_factory=queue.Queue)

    @property
    def url(self) -> str:
        """The page that runs the tests."""
        return f"http://localhost:{self.port}{PAGE}"


@contextmanager
def runner(files: list[str]) -> Iterator[Runner]:
    """Serve until the block ends."""
    running = Runner(files)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(running))
    running.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(runner: Runner) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/files":
                return self.answer(json.dumps({"files": runner.files}).encode(), "application/json")
            path = (ROOT / parts.path.lstrip("/")).resolve()
            inside = path.is_relative_to(ROOT) and parts.path.lstrip("/").startswith(SERVED)
            if inside and parts.query == "list" and path.is_dir():
                names = json.dumps(sorted(p.name for p in path.iterdir()))
                return self.answer(names.encode(), "application/json")
            if not inside or not path.is_file():
                return self.send_error(404)
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return self.answer(path.read_bytes(), kind)

        do_HEAD = do_GET  # noqa: N815 - http.server's name

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(b"", "text/plain")
            runner.reports.put(json.loads(body))

        def answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
