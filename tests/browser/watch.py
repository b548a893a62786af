"""Everything that must not happen in a page while somebody uses it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# The console says of every answer that is no success that a resource could not be loaded. Refusals
# of the API are answers like others; whatever else is missing is a fault.
_ANSWER = "Failed to load resource"
_VIOLATION = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy violated: ${event.effectiveDirective} by ${event.blockedURI}`);
});
"""


@dataclass
class Watch:
    """What went wrong in one context: errors, violations of the policy, calls to anybody else."""

    origin: str
    problems: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Look at all pages of this context, from their first line on."""
        context.add_init_script(_VIOLATION)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        place = message.location.get("url", "")
        answer = message.text.startswith(_ANSWER) and place.startswith(f"{self.origin}/api/v1/")
        if message.type in {"error", "assert"} and not answer:
            self._note(f"{message.text} ({place.removeprefix(self.origin)})")

    def _error(self, error: WebError) -> None:
        self._note(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(f"{self.origin}/"):
            self._note(f"a request elsewhere: {request.url[:100]}")

    def _note(self, problem: str) -> None:
        if not any(pattern.search(problem) for pattern in self._expected):
            self.problems.append(problem)

    @contextmanager
    def expecting(self, pattern: str) -> Iterator[None]:
        """Inside, this is what the test is about."""
        self._expected.append(re.compile(pattern))
        try:
            yield
        finally:
            self._expected.pop()
