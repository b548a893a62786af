"""Fetching what a service ships to browsers, as a browser without a session would."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from service.client.foundation.errors import ClientRefusal
from service.client.link.connection import ANSWER_LIMIT, check_server, client
from service.client.link.lean import httpx

GZIP, PLAIN = "gzip", "identity"
_ONE_MEMBER = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """One answer: its status, its headers by lower-case names, and its body as it was sent."""

    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes

    def header(self, name: str) -> str:
        """What one header says; several of it are joined, so that none of them is overlooked."""
        return ", ".join(self.headers.get(name.lower(), ()))

    def content(self) -> bytes | None:
        """The body as a browser reads it; None if it is packed in another way than gzip.

        One member and nothing after it: readers differ about what comes then.
        """
        coding = self.header("Content-Encoding")
        if coding == "":
            return self.body
        unpacking = zlib.decompressobj(_ONE_MEMBER)
        try:
            content = unpacking.decompress(self.body, ANSWER_LIMIT)
        except zlib.error:
            return None
        whole = unpacking.eof and not unpacking.unused_data
        return content if coding == GZIP and whole else None


class Visitor:
    """Fetches without a session and follows no redirect; a context manager."""

    def __init__(self, server: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self.server = check_server(server)
        self._client = client(self.server, self.server, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str, coding: str = PLAIN) -> Got:
        """Fetch one path, and say that ``coding`` is read.

        Raises:
            ClientRefusal: ``unreachable``; ``server-answer`` if it is too large.
        """
        headers = {"Accept": "*/*", "Accept-Encoding": coding}
        request = self._client.build_request("GET", path, headers=headers)
        try:
            response = self._client.send(request, stream=True)
            try:
                body = _read(response)
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise ClientRefusal(
                "unreachable",
                f"the service at {self.server} does not answer ({type(error).__name__})",
            ) from None
        found: dict[str, tuple[str, ...]] = {}
        for name, value in response.headers.multi_items():
            found[name.lower()] = (*found.get(name.lower(), ()), value)
        return Got(status=response.status_code, headers=found, body=body)


def _read(response: httpx.Response) -> bytes:
    """The body as it is sent, still packed."""
    chunks, size = [], 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > ANSWER_LIMIT:
            raise ClientRefusal("server-answer", f"an answer has more than {ANSWER_LIMIT} bytes")
        chunks.append(chunk)
    return b"".join(chunks)
