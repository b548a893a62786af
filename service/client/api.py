"""Talking to the service: HTTPS, strict shapes in both directions, refusals by code.

No redirect is followed: a signed act goes to the address that its owner gave, or nowhere. Bodies
and answers are never logged. Answers are the wire shapes exactly; anything else is refused as
``server-answer``, so that a newer or lying service cannot slip in a field that is then ignored.
"""

import ipaddress
import os
import re
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from service.client import render
from service.client.errors import ApiRefusal, ClientRefusal
from service.wire.base import Problem, Shape

ANSWER_LIMIT = 16 * 1024 * 1024  # bytes; the largest answer is a bundle or a batch of leaves
_TIMEOUT = httpx.Timeout(30, connect=5)
_PREFIX = "/api/v1"
_CODE = re.compile(r"urn:breakglass:([a-z0-9-]{1,60})")
_SUCCESS = (200, 201, 204)

_S = TypeVar("_S", bound=Shape)

_HINTS = {
    "not-signed-in": "sign in with 'breakglass login'",
    "stale-session": "this act asks for your phrase again; repeat it",
    "stale-roster": "look at it with 'breakglass roster show', then repeat",
    "rate-limited": "wait a minute and repeat",
    "strands-envelope": "add the new people first, seal anew, then remove the others",
}


def check_server(url: str) -> str:
    """Return a service's address without a trailing slash.

    Raises:
        ClientRefusal: ``insecure-server``: not https, and not this very machine; or more than
            scheme, host and port.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
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
class _Answer:
    """What came back, whole."""

    status: int
    media_type: str
    content: bytes


class Api:
    """One connection to the service; a context manager.

    Every call raises ``ApiRefusal`` with the service's code, or ``ClientRefusal`` with
    ``unreachable`` or ``server-answer``.
    """

    def __init__(
        self, server: str, token: str = "", *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.server = check_server(server)
        self.token = token
        secure = self.server.startswith("https:")
        self._client = httpx.Client(
            base_url=self.server + _PREFIX,
            timeout=_TIMEOUT,
            follow_redirects=False,
            # Not from the environment: a .netrc would add another person's credentials.
            trust_env=False,
            verify=_trust(secure=secure),
            proxy=os.environ.get("HTTPS_PROXY") if secure and transport is None else None,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str, shape: type[_S], **query: str | int) -> _S:
        """Read; repeated once when the connection fails. Empty query values are left out."""
        wanted = {name: str(value) for name, value in query.items() if value != ""}
        return self._parse(self._send("GET", path, query=wanted, again=True), shape)

    def post(self, path: str, body: Shape, shape: type[_S]) -> _S:
        """Act; repeated once on ``conflict``, which means that nothing has happened."""
        return self._parse(self._send("POST", path, body=body), shape)

    def put(self, path: str, body: Shape, shape: type[_S]) -> _S:
        """Replace; repeated like ``post``."""
        return self._parse(self._send("PUT", path, body=body), shape)

    def tell(self, path: str, body: Shape) -> None:
        """Act where there is no answer but that it is done."""
        self._send("POST", path, body=body)

    def delete(self, path: str) -> None:
        """Remove."""
        self._send("DELETE", path)

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: Shape | None = None,
        query: dict[str, str] | None = None,
        again: bool = False,
    ) -> _Answer:
        """Send once, and once more if that is harmless."""
        try:
            return self._checked(self._raw(method, path, body, query))
        except ApiRefusal as refused:
            if refused.code != "conflict":
                raise
        except ClientRefusal as failed:
            if not (again and failed.code == "unreachable"):
                raise
        return self._checked(self._raw(method, path, body, query))

    def _raw(
        self, method: str, path: str, body: Shape | None, query: dict[str, str] | None
    ) -> _Answer:
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        sent = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            sent = body.model_dump_json().encode()
        request = self._client.build_request(
            method, path, content=sent, headers=headers, params=query or None
        )
        try:
            response = self._client.send(request, stream=True)
            try:
                content = _read_within(response, ANSWER_LIMIT)
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise ClientRefusal(
                "unreachable",
                f"the service at {self.server} does not answer ({type(error).__name__})",
                "when it stays away and root access is needed: breakglass offline --help",
            ) from None
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        return _Answer(status=response.status_code, media_type=media_type, content=content)

    def _checked(self, answer: _Answer) -> _Answer:
        if answer.status in _SUCCESS:
            return answer
        strange = _strange(f"with status {answer.status} and no problem document")
        try:
            problem = Problem.model_validate_json(answer.content)
        except ValidationError:
            raise strange from None
        code = _CODE.fullmatch(problem.type)
        if code is None:
            raise strange
        detail = render.clean(problem.detail or problem.title)[:1000]
        raise ApiRefusal(code[1], detail, _HINTS.get(code[1], ""), status=answer.status)

    def _parse(self, answer: _Answer, shape: type[_S]) -> _S:
        if answer.media_type != "application/json":
            raise _strange("with something that is not JSON")
        try:
            return shape.model_validate_json(answer.content)
        except ValidationError:  # its text repeats the answer
            raise _strange(f"in another form than {shape.__name__}") from None


def _strange(how: str) -> ClientRefusal:
    return ClientRefusal(
        "server-answer",
        f"the service answered {how}",
        "check the address and that client and service are of one version",
    )


def _read_within(response: httpx.Response, limit: int) -> bytes:
    """Return the whole body unless it exceeds ``limit`` bytes, which would fill our memory."""
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > limit:
            raise _strange(f"with more than {limit} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _trust(*, secure: bool) -> ssl.SSLContext:
    """Trust what this machine trusts; SSL_CERT_FILE adds an organisation's own authority.

    Without TLS nobody is trusted, and nothing is loaded from disk.
    """
    if secure:
        return ssl.create_default_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
