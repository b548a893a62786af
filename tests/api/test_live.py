"""The service as it is run: settings from the environment, gunicorn, real sockets."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from service.bootstrap import AT_REST_FILE
from service.clock import now
from service.storage.at_rest import AtRest
from service.storage.base import Base
from service.storage.database import Database
from service.storage.signer import Signer
from service.web.body import LIMIT
from tests.salts import keep_salt_key

GUNICORN = Path(sys.executable).with_name("gunicorn")
ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-e0b2"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def set_up(state_dir: Path) -> None:
    database = Database(f"sqlite:///{state_dir / 'breakglass.db'}", state_dir)
    Base.metadata.create_all(database.engine)
    keep_salt_key(database)
    Signer.create(database, state_dir, "localhost/log", now)
    AtRest.create(state_dir / AT_REST_FILE)
    database.dispose()


@dataclass
class Live:
    """A running service."""

    port: int
    log: Path

    def send(self, *parts: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send raw bytes and read one answer; what the server does not want to read is dropped."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            try:
                for part in parts:
                    connection.sendall(part)
            except (BrokenPipeError, ConnectionResetError):
                pass
            return read_answer(connection)

    def head(self, first: str, *lines: str) -> bytes:
        host = f"Host: localhost:{self.port}"
        return "\r\n".join([first, host, "Connection: close", *lines, "", ""]).encode()


def read_answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    data = b""
    while block := connection.recv(65536):
        data += block
    head, _, body = data.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(status.split()[1]), headers, body


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    state_dir, port = tmp_path_factory.mktemp("live"), free_port()
    set_up(state_dir)
    log = state_dir / "stderr"
    with log.open("wb") as stderr, start(state_dir, port, stderr) as process:
        live = Live(port, log)
        wait_for(live, process)
        yield live
        process.terminate()
        process.wait(10)


def start(state_dir: Path, port: int, stderr: IO[bytes]) -> "subprocess.Popen[bytes]":
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("BREAKGLASS_")
    } | {
        "BREAKGLASS_STATE_DIR": str(state_dir),
        "BREAKGLASS_URL": f"http://localhost:{port}",
        "BREAKGLASS_BIND": f"127.0.0.1:{port}",
    }
    return subprocess.Popen(
        [
            *(str(GUNICORN), "--bind", f"127.0.0.1:{port}", "--threads", "4"),
            # nobody is trusted to say who the caller is or where the application stands
            *("--forwarded-allow-ips", "", "--forwarder-headers", ""),
            "service.wsgi:create()",
        ],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )


def wait_for(live: Live, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(live.log.read_text())
        try:
            if live.send(live.head("GET /healthz HTTP/1.1"))[0] == 200:
                return
        except (ConnectionRefusedError, IndexError):
            time.sleep(0.05)
    raise RuntimeError("the service did not start")


POST = "POST /api/v1/sessions/parameters HTTP/1.1"
JSON = "Content-Type: application/json"


def code(body: bytes) -> str:
    kind: str = json.loads(body)["type"]
    return kind.removeprefix("urn:breakglass:")


def test_it_answers(live: Live) -> None:
    status, headers, body = live.send(
        live.head(POST, JSON, "Content-Length: 27"), b'{"email":"ann@example.org"}'
    )
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert set(json.loads(body)) == {"salt", "iterations"}


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def test_a_chunked_body_is_read(live: Live) -> None:
    parts = [chunk(b'{"email":"ann@'), chunk(b'example.org"}'), b"0\r\n\r\n"]
    status, _, _ = live.send(live.head(POST, JSON, "Transfer-Encoding: chunked"), *parts)
    assert status == 200


def test_a_declared_body_over_the_limit_is_refused_unread(live: Live) -> None:
    status, _, body = live.send(live.head(POST, JSON, f"Content-Length: {LIMIT + 1}"))
    assert (status, code(body)) == (413, "too-large")


def test_a_chunked_body_over_the_limit_is_refused(live: Live) -> None:
    # the first 256 KiB alone would be a good body
    blocks = [chunk(b'{"email":"ann@example.org"}'), *([chunk(b" " * 65_536)] * 5)]
    head = live.head(POST, JSON, "Transfer-Encoding: chunked")
    status, _, body = live.send(head, *blocks, b"0\r\n\r\n")
    assert (status, code(body)) == (413, "too-large")


@pytest.mark.parametrize(
    "host", ["Host: evil.example", "Host: localhost", "X-Forwarded-Host: localhost"]
)
def test_a_foreign_name_is_refused(live: Live, host: str) -> None:
    head = f"GET /healthz HTTP/1.1\r\nConnection: close\r\n{host}\r\n\r\n".encode()
    status, _, body = live.send(head)
    assert status in {400, 421}
    assert b'"ok"' not in body


def test_two_hosts_are_refused(live: Live) -> None:
    status, _, body = live.send(live.head("GET /healthz HTTP/1.1", "Host: evil.example"))
    assert status in {400, 421}
    assert b'"ok"' not in body


def test_headers_with_underscores_do_not_pass_for_ours(live: Live) -> None:
    lines = ["SCRIPT_NAME: /api", "Path_Info: /healthz", "X-Forwarded-Proto: https"]
    status, headers, _ = live.send(live.head("GET /nowhere HTTP/1.1", *lines))
    assert status in {400, 404}
    assert "Strict-Transport-Security" not in headers


def test_counters_are_not_on_the_main_port(live: Live) -> None:
    assert live.send(live.head("GET /metrics HTTP/1.1"))[0] == 404


def test_its_log_has_no_word_of_what_was_sent(live: Live) -> None:
    lines = [f"Authorization: Bearer {CANARY}", f"Cookie: a={CANARY}", f"Referer: {CANARY}"]
    live.send(live.head(f"GET /api/v1/people/me?{CANARY}=1 HTTP/1.1", *lines))
    live.send(live.head(f"GET /{CANARY} HTTP/1.1", *lines))
    written = [line for line in live.log.read_text().splitlines() if line.startswith("{")]
    assert json.loads(written[-1])["status"] == 404
    assert json.loads(written[-2])["code"] == "not-signed-in"
    assert CANARY not in live.log.read_text()


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("log.key", "log.key is missing"),
        ("log.guard", "log.guard is missing"),
        (AT_REST_FILE, "at-rest.key is missing"),
    ],
)
def test_it_does_not_start_without_its_keys(tmp_path: Path, missing: str, said: str) -> None:
    set_up(tmp_path)
    (tmp_path / missing).unlink()
    log = tmp_path / "stderr"
    with log.open("wb") as stderr, start(tmp_path, free_port(), stderr) as process:
        assert process.wait(20) != 0
    assert said in log.read_text()
