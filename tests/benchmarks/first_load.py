"""What a browser fetches to show a page that it has never seen: every body, uncompressed."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, expect

from tests.benchmarks.figures import Count


@dataclass
class Fetched:
    """The bodies of one page, by the path below the service, counted as the browser has them.

    What the browser takes from its own cache is not fetched: a module that was loaded ahead is
    asked for twice and comes once.
    """

    session: CDPSession
    paths: dict[str, str] = field(default_factory=dict)
    cached: set[str] = field(default_factory=set)
    sizes: dict[str, int] = field(default_factory=dict)

    def watch(self) -> None:
        """From now on."""
        self.session.on("Network.requestWillBeSent", self._asked)
        self.session.on("Network.requestServedFromCache", self._from_cache)
        self.session.send("Network.enable", {"maxTotalBufferSize": 50_000_000})

    def _asked(self, event: dict[str, Any]) -> None:
        self.paths[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def _from_cache(self, event: dict[str, Any]) -> None:
        self.cached.add(event["requestId"])

    def measure(self) -> None:
        """Take the size of every body that has come over the network."""
        for number in self.paths.keys() - self.cached:
            self.sizes[number] = self._size(number)

    def _size(self, number: str) -> int:
        answer = self.session.send("Network.getResponseBody", {"requestId": number})
        body: str = answer["body"]
        return len(base64.b64decode(body)) if answer["base64Encoded"] else len(body.encode())

    def total(self, ending: str = "") -> int:
        """Bytes in all, or of what ends so."""
        return sum(size for n, size in self.sizes.items() if self.paths[n].endswith(ending))


def load(context: BrowserContext, path: str) -> Fetched:
    """Open a request's page in a fresh context, until everything on it is verified and quiet."""
    page = context.new_page()
    fetched = Fetched(context.new_cdp_session(page))
    fetched.watch()
    page.goto(path)
    expect(page.locator("#checked")).to_contain_text("checked: named")
    page.wait_for_load_state("networkidle")
    fetched.measure()
    return fetched


def rows(context: BrowserContext, path: str) -> Iterator[Count]:
    """The page, its style, every module, and what the API answers."""
    fetched = load(context, path)
    yield Count(name="first load: bytes", kind="first load", found=fetched.total())
    yield Count(name="first load: bytes of modules", kind="counted", found=fetched.total(".js"))
    yield Count(name="first load: calls", kind="counted", found=len(fetched.sizes))
