"""The connection to the service: HTTPS, no redirects, refusals by code.

No redirect is followed: a signed act goes to the address that the user gave, or nowhere. Bodies
and answers are never logged. This module knows no shapes, so that a listing starts quickly;
``api`` adds them.
"""

import ipaddress
import json
import os
import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from service.client.foundation import render
from service.client.foundation.errors import ApiRefusal, ClientRefusal
from service.client.link.lean import httpx

ANSWER_LIMIT = 16 * 1024 * 1024  # bytes; the largest answer is a bundle or a batch of leaves
_TIMEOUT = httpx.Timeout(30, connect=5)
_PREFIX = "/api/v1"
_CODE = re.compile(r"urn:breakglass:([a-z0-9-]{1,60})")
_PATH = re.compile(r"(/[A-Za-z0-9_-]+(\.[0-9]+)?)+")
_SUCCESS = (200, 201, 204)
_DETAIL_LIMIT = 1000

_HINTS = {
    "not-signed-in": "sign in with 'breakglass login'",
    "stale-session": "repeat the command and enter your phrase again",
    "stale-roster": "check the newest roster with 'breakglass roster show', then repeat",
    "rate-limited": "wait a minute and repeat",
    "strands-envelope": "add the new people first, seal anew, then remove the others",
}


def check_server(url: str) -> str:
    """Return a service's address without a trailing slash.

    Raises:
        ClientRefusal: ``insecure-server``: neither https nor a loopback address; or it has more
            than scheme, host and port.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    bare = parts.path in {"", "/"} and not (parts.query or parts.fragment or "@" in parts.netloc)
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))
    if not (host and bare and safe):
        raise ClientRefusal(
            "insecure-server",
            "the service's address must be https://host, or http:// on this machine only",
        )
    return f"{parts.scheme}://{parts.netloc}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer: HTTP status, media type without parameters, body of at most 16 MiB."""

    status: int
    media_type: str
    content: bytes

    def json_bytes(self) -> bytes:
        """Return the content, which must be declared as JSON.

        Raises:
            ClientRefusal: ``server-answer``.
        """
        if self.media_type != "application/json":
            raise strange("with something that is not JSON")
        return self.content


class Connection:
    """One connection to the service; a context manager.

    ``date`` is the ``Date`` of its newest answer, in UTC, or None: the service's word about time.
    Every call raises ``ApiRefusal`` with the service's code, or ``ClientRefusal`` with
    ``unreachable`` or ``server-answer``.
    """

    def __init__(
        self, server: str, token: str = "", *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.server = check_server(server)
        self.token = token
        self.date: datetime | None = None
        self._client = client(self.server, self.server + _PREFIX, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def raw_get(self, path: str, **query: str | int) -> bytes:
        """Read JSON, unchecked; tried once more when the connection fails.

        Empty query values are left out.
        """
        wanted = {name: str(value) for name, value in query.items() if value != ""}
        try:
            return self._once("GET", path, query=wanted).json_bytes()
        except ClientRefusal as failed:
            if failed.code != "unreachable":
                raise
        return self._once("GET", path, query=wanted).json_bytes()

    def send(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """Act; tried once more on ``conflict``, which means that nothing has happened."""
        # Not when the connection fails: the act may have happened, and only its answer got lost.
        try:
            return self._once(method, path, body=body)
        except ApiRefusal as refused:
            if refused.code != "conflict":
                raise
        return self._once(method, path, body=body)

    def delete(self, path: str) -> None:
        """Remove."""
        self.send("DELETE", path)

    def _once(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        query: dict[str, str] | None = None,
    ) -> Answer:
        if not _PATH.fullmatch(path):  # or a name might lead to another address of the service
            raise ClientRefusal("malformed", "this is not an account, a request or another id")
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = self._client.build_request(
            method, path, content=body, headers=headers, params=query or None
        )
        try:
            response = self._client.send(request, stream=True)
            try:
                content = read_within(response, ANSWER_LIMIT)
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise ClientRefusal(
                "unreachable",
                f"the service at {self.server} does not answer ({type(error).__name__})",
                "if it stays down and you need root access: breakglass offline --help",
            ) from None
        self.date = _date(response.headers.get("Date", ""))
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        return _accepted(
            Answer(status=response.status_code, media_type=media_type, content=content)
        )


def _date(text: str) -> datetime | None:
    """Return the time of a ``Date`` header (RFC 9110, 5.6.7), or None if it is none."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _accepted(answer: Answer) -> Answer:
    """Return the answer of a call that succeeded; raise the refusal of any other."""
    if answer.status in _SUCCESS:
        return answer
    try:
        problem = json.loads(answer.content)
        code = _CODE.fullmatch(problem["type"])
        detail = str(problem["detail"])
    except (ValueError, TypeError, LookupError, RecursionError):
        code, detail = None, ""
    if code is None:
        raise strange(f"with status {answer.status} and no problem document")
    message = render.clean(detail)[:_DETAIL_LIMIT]
    raise ApiRefusal(code[1], message, _HINTS.get(code[1], ""), status=answer.status)


def strange(how: str) -> ClientRefusal:
    """Return the refusal of an answer that this client does not understand."""
    return ClientRefusal(
        "server-answer",
        f"the service answered {how}",
        "check the address, and that client and service have the same version",
    )


def read_within(response: httpx.Response, limit: int) -> bytes:
    """Return the whole body, at most ``limit`` bytes.

    Raises:
        ClientRefusal: ``server-answer``: longer.
    """
    chunks, size = [], 0
    # Counted while it arrives, unpacked: a Content-Length may lie, and a zip bomb is short.
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > limit:
            raise strange(f"with more than {limit} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def client(server: str, base: str, *, transport: httpx.BaseTransport | None) -> httpx.Client:
    """Return an HTTP client for URLs below ``base`` at ``server``; it follows no redirect."""
    secure = server.startswith("https:")
    return httpx.Client(
        base_url=base,
        timeout=_TIMEOUT,
        follow_redirects=False,
        # Of the environment only HTTPS_PROXY counts: a .netrc would add credentials, and a proxy
        # for http would see what is meant for this machine.
        trust_env=False,
        verify=_trust(secure=secure),
        proxy=os.environ.get("HTTPS_PROXY") if secure and transport is None else None,
        transport=transport,
    )


def _trust(*, secure: bool) -> ssl.SSLContext:
    """Trust the certificate authorities of this machine; SSL_CERT_FILE names others.

    Without TLS none is trusted, and nothing is loaded from disk.
    """
    if secure:
        return ssl.create_default_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
