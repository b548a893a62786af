"""The witness over HTTP: a real socket, and whatever may come through it."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crypto.checkpoint import open_checkpoint
from crypto.submission import BODY_LIMIT, SIZE_TYPE, Submission
from service.client.witness import server as witness_server
from service.client.witness.memory import WitnessMemory
from service.client.witness.server import WitnessServer
from tests.client.honest import ORIGIN
from tests.client.witness.witnessed import NAME, log_of, serving, submission

LOG = log_of(20)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WitnessServer]:
    with serving(tmp_path / "witness", [LOG.signer.verifier]) as (made, _):
        yield made


def url(server: WitnessServer, path: str = "/add-checkpoint") -> str:
    return f"http://127.0.0.1:{server.port}{path}"


def raw(server: WitnessServer, data: bytes) -> bytes:
    """Send bytes as they are, and read until the witness hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


def test_submissions_and_answers_go_over_one_connection(server: WitnessServer) -> None:
    with httpx.Client() as client:
        first = client.post(url(server), content=submission(LOG, 0, 5).text)
        assert first.status_code == 200
        assert first.text.startswith(f"\u2014 {NAME} ")
        again = client.post(url(server), content=submission(LOG, 0, 20).text)
        assert (again.status_code, again.text) == (409, "5\n")
        assert again.headers["content-type"] == SIZE_TYPE
        assert client.post(url(server), content=submission(LOG, 5, 20).text).status_code == 200
        assert client.post(url(server), content="old 0\n\n").status_code == 400


def test_anybody_may_ask_what_was_cosigned(server: WitnessServer) -> None:
    path = f"/{hashlib.sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    assert httpx.get(url(server, path)).status_code == 404
    line = httpx.post(url(server), content=submission(LOG, 0, 20).text).text
    shown = httpx.get(url(server, path))
    assert shown.text == LOG.checkpoint() + line
    assert open_checkpoint(shown.text, LOG.signer.verifier).size == 20


def test_there_is_nothing_else(server: WitnessServer) -> None:
    body = submission(LOG, 0, 5).text
    for path in ("/", "/add-checkpoint/", "/add-checkpoint?x", "/other"):
        assert httpx.post(url(server, path), content=body).status_code == 404
    assert httpx.get(url(server)).status_code == 404
    assert httpx.get(url(server, f"/{'0' * 64}/checkpoint")).status_code == 404
    assert httpx.put(url(server), content=body).status_code == 501


def test_a_body_that_is_too_long_is_not_read(server: WitnessServer) -> None:
    head = f"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY_LIMIT + 1}\r\n\r\n"
    assert raw(server, head.encode()).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Content-Length: -1\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 99999999999999999999\r\n",
    ],
)
def test_a_body_of_unclear_length_is_refused_and_the_connection_ends(
    server: WitnessServer, header: str
) -> None:
    answer = raw(server, f"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n{header}\r\nold 0".encode())
    assert answer.startswith(b"HTTP/1.1 411 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert b"Connection: close" in answer


def test_half_a_submission_is_no_submission(server: WitnessServer) -> None:
    body = submission(LOG, 0, 5).text.encode()
    head = f"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    assert raw(server, head.encode() + body[:-1]) == b""
    assert httpx.post(url(server), content=submission(LOG, 0, 1).text).status_code == 200


def test_what_is_no_http_does_no_harm(server: WitnessServer) -> None:
    for junk in (b"\x00" * 100, b"\r\n\r\n", b"GET\r\n\r\n", b"X" * 70_000):
        raw(server, junk)
    assert httpx.post(url(server), content=submission(LOG, 0, 5).text).status_code == 200


def test_more_connections_than_it_takes_are_closed_at_once(server: WitnessServer) -> None:
    held = [
        socket.create_connection(("127.0.0.1", server.port))
        for _ in range(witness_server.CONNECTIONS)
    ]
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as late:
            assert late.recv(1) == b""
    finally:
        for connection in held:
            connection.close()


def test_a_connection_does_not_live_for_ever(
    server: WitnessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_server, "LIFE", 0.2)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as slow:
        slow.sendall(b"POST /add-checkpoint HTTP/1.1\r\n")
        assert slow.recv(1) == b""


def started(folder: Path, tmp_path: Path) -> tuple["subprocess.Popen[str]", str]:
    """The program, serving on a free port; returns the process and where it listens."""
    code = "from service.client.main import main; main()"
    words = ["witness", "serve", str(folder), "--log", LOG.signer.verifier.vkey]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words, "--bind", "127.0.0.1:0", "--json"],
        env={**os.environ, "BREAKGLASS_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    answer = ""
    while not answer.endswith("}\n"):
        answer += process.stdout.readline()
    return process, json.loads(answer)["listens"]


def test_the_program_serves_until_it_is_asked_to_stop_and_remembers(tmp_path: Path) -> None:
    folder = tmp_path / "witness"
    WitnessMemory.create(folder, NAME)
    for old, size in ((0, 5), (5, 20)):
        process, listens = started(folder, tmp_path)
        with process:
            sent = submission(LOG, old, size).text
            assert httpx.post(f"http://{listens}/add-checkpoint", content=sent).status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0


def test_a_witness_that_is_killed_has_forgotten_nothing_that_it_said(tmp_path: Path) -> None:
    folder = tmp_path / "witness"
    memory = WitnessMemory.create(folder, NAME)
    log = log_of(3000)
    notes = {size: log.checkpoint(size) for size in range(1, 3000, 7)}
    said = 0
    for after in (0.05, 0.2, 0.35):
        process, listens = started(folder, tmp_path)
        with process, httpx.Client() as client:
            killer = threading.Timer(after, process.kill)
            killer.start()
            try:
                while said < 2900:
                    size = next(s for s in notes if s > said)
                    proof = log.proofs().consistency(said, size) if said else []
                    sent = Submission(old=said, proof=tuple(proof), note=notes[size])
                    answer = client.post(f"http://{listens}/add-checkpoint", content=sent.text)
                    # what it was killed over may have been remembered without being said
                    said = size if answer.status_code == 200 else int(answer.text)
            except httpx.HTTPError:
                pass
            killer.join()
        kept = memory.newest(log.signer.verifier)
        assert (kept.checkpoint.size if kept else 0) >= said
    assert said > 0
