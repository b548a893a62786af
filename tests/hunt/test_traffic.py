"""The recording: every byte of both directions, and what is inside the bodies."""

import base64
import gzip
import json
import socket
import threading

import pytest

from tests.hunt.recorder import recording
from tests.hunt.traffic import TrafficError, bodies, decoded

STATEMENT = {"payload": base64.b64encode(json.dumps({"reason": "the canary"}).encode()).decode()}


def test_bodies_are_taken_one_after_the_other() -> None:
    one, two = b'{"a": 1}', b'{"b": 2}'
    stream = b"".join(
        b"POST / HTTP/1.1\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
        for body in (one, b"", two)
    )
    assert list(bodies(stream)) == [one, b"", two]


def test_a_packed_body_is_unpacked() -> None:
    packed = gzip.compress(b"the canary")
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    assert list(bodies(head % len(packed) + packed)) == [b"the canary"]


@pytest.mark.parametrize(
    "field", [b"Transfer-Encoding: chunked", b"Content-Encoding: br", b"Content-Encoding: gzip"]
)
def test_a_body_that_could_hide_something_is_refused(field: bytes) -> None:
    with pytest.raises(TrafficError):
        list(bodies(b"HTTP/1.1 200 OK\r\n%b\r\nContent-Length: 1\r\n\r\nx" % field))


def test_what_is_in_base64_inside_of_json_is_seen_to_the_bottom() -> None:
    inner = base64.b64encode(json.dumps(STATEMENT).encode()).decode()
    found = b"\0".join(decoded(json.dumps({"list": [{"deep": inner}]}).encode()))
    assert b"the canary" in found


def test_what_is_no_json_has_nothing_inside() -> None:
    assert list(decoded(b"\xff\x00 plain")) == []


def test_the_proxy_keeps_both_directions_and_the_waiting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer_once, args=(server,))
        thread.start()
        with recording(server.getsockname()[1]) as recorder:
            with socket.create_connection(("127.0.0.1", recorder.port)) as client:
                client.sendall(b"question")
                assert client.recv(100) == b"answer"
            thread.join()
            assert recorder.streams() == [b"question", b"answer"]
            assert 0.1 <= recorder.slowest() < 5


def _answer_once(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        assert connection.recv(100) == b"question"
        threading.Event().wait(0.1)
        connection.sendall(b"answer")
