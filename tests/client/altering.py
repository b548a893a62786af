"""A service whose answers are altered on the way, as they go over the wire."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Self

import httpx


@dataclass
class Kept(httpx.SyncByteStream):
    """A body as it was sent, packed or not."""

    body: bytes

    def __iter__(self) -> Iterator[bytes]:
        yield self.body


@dataclass(frozen=True)
class Sent:
    """One answer as it goes over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def response(self) -> httpx.Response:
        return httpx.Response(self.status, headers=list(self.headers), stream=Kept(self.body))

    def header(self, name: str, value: str) -> Self:
        """With this header in place of the one of this name."""
        kept = (pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name, value)))

    def plain(self) -> bytes:
        zipped = ("Content-Encoding", "gzip") in self.headers
        return gzip.decompress(self.body) if zipped else self.body

    def says(self, body: bytes) -> Self:
        """With another body, packed as this one is; nothing else gives it away."""
        zipped = ("Content-Encoding", "gzip") in self.headers
        sent = gzip.compress(body) if zipped else body
        return replace(self, body=sent).header("Content-Length", str(len(sent)))


Change = Callable[[Sent], Sent]


class Altering(httpx.BaseTransport):
    """The real service, but that some paths are answered with something else."""

    def __init__(self, honest: httpx.BaseTransport, path: str, change: Change) -> None:
        self.honest = honest
        self.path = path
        self.change = change
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.honest.handle_request(request)
        pairs = tuple((n.decode(), v.decode()) for n, v in answer.headers.raw)
        sent = Sent(answer.status_code, pairs, b"".join(answer.iter_raw()))
        asked = request.url.raw_path.decode()
        return (self.change(sent) if asked.endswith(self.path) else sent).response()


def same(answer: Sent) -> Sent:
    return answer


def header(name: str, value: str) -> Change:
    return lambda answer: answer.header(name, value)


def once_more(name: str, value: str) -> Change:
    return lambda answer: replace(answer, headers=(*answer.headers, (name, value)))


def without(name: str) -> Change:
    return lambda answer: replace(
        answer, headers=tuple(pair for pair in answer.headers if pair[0] != name)
    )


def content(add: bytes, before: bytes = b"") -> Change:
    """Put something into a body, in front of ``before`` or at its end."""

    def change(answer: Sent) -> Sent:
        old = answer.plain()
        assert before in old
        return answer.says(old.replace(before, add + before, 1) if before else old + add)

    return change
