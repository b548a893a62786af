"""Fetching a service's pages as a browser without a session would, and listing what they load."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

from service.client.foundation.errors import ClientRefusal
from service.client.link.connection import ANSWER_LIMIT, check_server, client, read_within
from service.client.link.lean import httpx

# Attributes whose value a browser fetches, runs or follows.
_FETCHED = ("src", "href", "srcset", "data", "poster", "action", "formaction", "ping", "manifest")
# Elements that none of our pages has: each could load, run or restyle something.
_NEVER = frozenset(
    {"base", "embed", "frame", "frameset", "iframe", "object", "portal", "style", "template"}
)
_LOADS = frozenset({"script", "link", "img", "image", "use", "source", "audio", "video", "track"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """One answer: its status, its headers and its whole body."""

    status: int
    headers: httpx.Headers
    content: bytes


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

    def get(self, path: str) -> Got:
        """Fetch one path.

        Raises:
            ClientRefusal: ``unreachable``; ``server-answer`` if it is too large.
        """
        request = self._client.build_request("GET", path, headers={"Accept": "*/*"})
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
            ) from None
        return Got(status=response.status_code, headers=response.headers, content=content)


class Page(HTMLParser):
    """What a page loads, where its links lead, and what it has that it must not have.

    ``loads`` and ``links`` are paths on the page's own origin; ``faults`` are sentences.
    """

    def __init__(self, url: str, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.loads: set[str] = set()
        self.links: set[str] = set()
        self.faults: list[str] = []
        self._url = url
        self._script = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element refers to."""
        attributes = {name: value or "" for name, value in attrs}
        if tag in _NEVER or (tag == "meta" and "http-equiv" in attributes):
            self.faults.append(f"it has an element <{tag}>")
        if tag == "script" and "src" not in attributes:
            self.faults.append("it has an inline script")
        self._script = tag == "script"
        for name, value in attributes.items():
            self.faults += [f"<{tag}> has {fault}" for fault in _wrong(name)]
            if name.rpartition(":")[2] in _FETCHED:
                self._refers(tag, value)

    def handle_endtag(self, tag: str) -> None:
        """Note that a script has ended."""
        self._script = self._script and tag != "script"

    def handle_data(self, data: str) -> None:
        """Refuse text within a script."""
        if self._script and data.strip():
            self.faults.append("it has an inline script")

    def _refers(self, tag: str, value: str) -> None:
        target, own = urlsplit(urljoin(self._url, value.strip())), urlsplit(self._url)
        if (target.scheme, target.netloc) != (own.scheme, own.netloc):
            self.faults.append(f"<{tag}> refers to {target.scheme}:{target.netloc or '…'}")
        elif tag in _LOADS and not value.startswith("#"):
            self.loads.add(target.path + (f"?{target.query}" if target.query else ""))
        else:
            self.links.add(target.path)


def _wrong(attribute: str) -> Iterator[str]:
    if attribute.startswith("on") or attribute in {"style", "srcdoc"}:
        yield f"an attribute {attribute}"
