"""Asking a witness over HTTP (C2SP tlog-witness): a submission out, its word or the reason back.

Whatever comes back is bounded in size and time, and nothing of it is shown to anyone: a fault is
one of this module's own words.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol, Self, TypeAlias

import httpx

from crypto.cosignature import WitnessVerifier
from crypto.errors import MalformedError
from crypto.submission import PATH, SIZE_TYPE, Submission, parse_size
from service.witnesses.known import KnownWitness

TIMEOUT = 3.0  # seconds for a connection, and for each piece of an answer
LONGEST = 6.0  # seconds for an answer
MOST = 65_536  # bytes of an answer

_REFUSALS: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: "bad-submission",
    HTTPStatus.FORBIDDEN: "key-not-trusted",
    HTTPStatus.NOT_FOUND: "log-not-known",
    HTTPStatus.CONFLICT: "not-continued",
    HTTPStatus.UNPROCESSABLE_ENTITY: "not-continued",
}


class WitnessFault(Exception):
    """The witness gave no cosignature. ``code`` is a word for the log and for operators."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SilentFault(WitnessFault):
    """It could not be reached, or cannot answer now; it may pass by itself."""


class RefusalFault(WitnessFault):
    """It answered, and will not cosign this log as it is: someone must find out why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """Signature lines that are said to be the witness's; not verified yet."""

    lines: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowsOther:
    """The witness has cosigned ``size`` entries last, not what the submission said."""

    size: int


Answer: TypeAlias = Cosigned | KnowsOther


class Witness(Protocol):
    """Takes one submission at a time."""

    @property
    def verifier(self) -> WitnessVerifier:
        """Whose word is expected."""

    def submit(self, submission: Submission) -> Answer:
        """Ask for a cosignature.

        Raises:
            SilentFault, RefusalFault: there is none.
        """


class HttpWitness:
    """A witness at an address; the connection is kept for the next submission."""

    def __init__(self, known: KnownWitness, transport: httpx.BaseTransport | None = None) -> None:
        self.verifier = known.verifier
        self._url = known.url + PATH
        self._client = httpx.Client(
            timeout=TIMEOUT,
            follow_redirects=False,
            transport=transport,
            headers={"Accept-Encoding": "identity", "User-Agent": "breakglass"},
        )

    def __enter__(self) -> Self:
        """Nothing is connected before the first submission."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def submit(self, submission: Submission) -> Answer:
        """Ask for a cosignature; see ``Witness``."""
        try:
            with self._client.stream("POST", self._url, content=submission.text.encode()) as got:
                return _read(got.status_code, got.headers.get("Content-Type", ""), _body(got))
        except httpx.HTTPError as error:
            raise SilentFault(type(error).__name__) from None


def _body(answer: httpx.Response) -> bytes:
    deadline = time.monotonic() + LONGEST
    body = b""
    for part in answer.iter_raw():
        body += part
        if len(body) > MOST:
            raise RefusalFault("unreadable")
        if time.monotonic() > deadline:
            raise SilentFault("too-slow")
    return body


def _read(status: int, content_type: str, body: bytes) -> Answer:
    try:
        if status == HTTPStatus.OK:
            return Cosigned(lines=body.decode())
        if status == HTTPStatus.CONFLICT and content_type == SIZE_TYPE:
            return KnowsOther(size=parse_size(body))
    except (MalformedError, UnicodeDecodeError):
        raise RefusalFault("unreadable") from None
    if status in _REFUSALS:
        raise RefusalFault(_REFUSALS[status])
    raise SilentFault(f"http-{status}")
