"""Whatever a witness may answer: its word, its size, or one of our own words for why not."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from crypto.cosignature import Cosigner
from crypto.secret import SecretBytes
from crypto.submission import SIZE_TYPE, Submission
from service.witnesses import asking
from service.witnesses.asking import (
    Cosigned,
    HttpWitness,
    KnowsOther,
    RefusalFault,
    SilentFault,
    WitnessFault,
)
from service.witnesses.known import KnownWitness

WITNESS = Cosigner("witness.example", SecretBytes(bytes(32))).verifier
KNOWN = KnownWitness(verifier=WITNESS, url="https://witness.example/w")
ASKED = Submission(old=3, proof=(bytes(32),), note="log\n5\nroot\n\n\u2014 log c2ln\n")
SIZE = {"Content-Type": SIZE_TYPE}


def answered(answer: Callable[[httpx.Request], httpx.Response]) -> HttpWitness:
    return HttpWitness(KNOWN, httpx.MockTransport(answer))


def submit(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> object:
    with answered(
        lambda _: httpx.Response(status, content=iter([body]), headers=headers)
    ) as witness:
        return witness.submit(ASKED)


def test_a_submission_is_posted_as_it_is() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=iter([b"line\n"]))

    with answered(answer) as witness:
        assert witness.submit(ASKED) == Cosigned(lines="line\n")
    [request] = seen
    assert (request.method, str(request.url)) == (
        "POST",
        "https://witness.example/w/add-checkpoint",
    )
    assert request.read() == ASKED.text.encode()


def test_a_size_is_read_where_it_is_said_to_be_one() -> None:
    assert submit(409, b"12\n", SIZE) == KnowsOther(size=12)


@pytest.mark.parametrize(
    ("status", "body", "headers", "code"),
    [
        (400, b"", None, "bad-submission"),
        (403, b"", None, "key-not-trusted"),
        (404, b"", None, "log-not-known"),
        (409, b"12\n", None, "not-continued"),
        (409, b"12\n", {"Content-Type": "text/plain"}, "not-continued"),
        (409, b"12", SIZE, "unreadable"),
        (409, b"twelve\n", SIZE, "unreadable"),
        (422, b"", None, "not-continued"),
        (200, b"\xff", None, "unreadable"),
        (200, b"x" * 70_000, None, "unreadable"),
        (422, b"x" * 70_000, None, "unreadable"),
    ],
)
def test_what_somebody_must_look_into_is_a_refusal(
    status: int, body: bytes, headers: dict[str, str] | None, code: str
) -> None:
    with pytest.raises(RefusalFault) as refused:
        submit(status, body, headers)
    assert refused.value.code == code


@pytest.mark.parametrize("status", [204, 301, 302, 307, 401, 408, 413, 429, 500, 502, 503, 504])
def test_what_may_pass_by_itself_is_silence(status: int) -> None:
    with pytest.raises(SilentFault) as fault:
        submit(status, b"<secret page>", {"Location": "https://elsewhere.example"})
    assert fault.value.code == f"http-{status}"


@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadTimeout, httpx.RemoteProtocolError],
)
def test_a_connection_that_fails_is_silence(error: type[httpx.HTTPError]) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error("a text that repeats an address")

    with answered(answer) as witness, pytest.raises(SilentFault) as fault:
        witness.submit(ASKED)
    assert fault.value.code == error.__name__


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LONGEST", -1.0)

    def drip() -> Iterator[bytes]:
        while True:
            yield b"x"

    with (
        answered(lambda _: httpx.Response(200, content=drip())) as witness,
        pytest.raises(WitnessFault) as fault,
    ):
        witness.submit(ASKED)
    assert (type(fault.value), fault.value.code) == (SilentFault, "too-slow")
