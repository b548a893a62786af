"""A person's device in a test: a home folder of its own and the program, against a real service.

The service is the real application on a real database, called in process over WSGI. The phrase
goes through a file, as a script would do it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, TextIO

import httpx
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from service import clock
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.main import cli
from tests.cast import email

URL = "http://localhost:8420"
_SIGNING = {
    ("seal",),
    ("confirm",),
    ("paper",),
    ("login",),
    ("roster", "sign"),
    ("slots", "replace"),
    ("request",),
    ("drill",),
    ("cancel",),
    ("approve",),
    ("deny",),
    ("release",),
    ("reveal",),
    ("close",),
    ("review",),
    ("bundle",),
    ("withdraw",),
    ("end-sessions",),
    ("offline", "request"),
    ("offline", "approve"),
    ("offline", "open"),
    ("offline", "import"),
}


class Lying(httpx.BaseTransport):
    """A service in between that changes one answer: ``lie`` gets the parsed JSON of ``path``."""

    def __init__(self, honest: httpx.BaseTransport, path: str, lie: Callable[[Any], Any]) -> None:
        self.honest = honest
        self.path = path
        self.lie = lie
        self.posted: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            self.posted.append(request.url.path.removeprefix("/api/v1"))
        answer = self.honest.handle_request(request)
        return lied(answer, request, {self.path: self.lie})


def lied(
    answer: httpx.Response, request: httpx.Request, lies: Mapping[str, Callable[[Any], Any]]
) -> httpx.Response:
    """An answer with what a service in between makes of it, by the path of what it is about.

    A lie about a request, about rosters or about oneself is told too where one answer has all.
    """
    path = request.url.path.removeprefix("/api/v1")
    if not answer.is_success:
        return answer
    if path in lies:
        return httpx.Response(answer.status_code, json=lies[path](json.loads(answer.read())))
    if not path.endswith("/case") or not lies:
        return answer
    case = json.loads(answer.read())
    account, log = case["detail"]["account"], case.pop("log")
    parts = {"detail": path.removesuffix("/case"), "rosters": f"/accounts/{account}/rosters"}
    for part, about in parts.items():
        if about in lies:
            told = lies[about](case[part] | {"log": log})
            case[part], log = told | {"log": None}, told.get("log")
    me = lies.get("/people/me", lambda me: me)(case["me"])
    return httpx.Response(answer.status_code, json=case | {"me": me, "log": log})


class Dated(httpx.BaseTransport):
    """A service whose answers say what time it is, as every HTTP server's do."""

    def __init__(self, honest: httpx.BaseTransport, ahead: timedelta = timedelta(0)) -> None:
        self.honest = honest
        self.ahead = ahead

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.honest.handle_request(request)
        answer.headers["Date"] = format_datetime(clock.now() + self.ahead, usegmt=True)
        return answer


class Shifted(Invocation):
    """A call on a device whose clock is wrong."""

    def __init__(self, ahead: timedelta, **given: Any) -> None:
        super().__init__(**given)
        self._ahead = ahead

    def now(self) -> datetime:
        return super().now() + self._ahead


class Screen(Terminal):
    """A terminal at which someone types what a test gives, and sees what is written."""

    def __init__(self) -> None:
        super().__init__(interactive=True)

    @staticmethod
    def is_terminal(stream: TextIO) -> bool:
        return True


@dataclass
class Device:
    """``run`` calls the program; ``do`` demands that it succeeds and returns its JSON.

    ``ahead`` is by how much its clock is ahead of the service's.
    """

    name: str
    home: Path
    transport: httpx.BaseTransport
    words: list[str] = field(default_factory=list)
    ahead: timedelta = timedelta(0)

    @property
    def email(self) -> str:
        return email(self.name)

    @property
    def phrase_file(self) -> Path:
        return self.home.parent / f"{self.name}.phrase"

    def run(
        self,
        *args: str,
        typed: str | None = None,
        piped: str | None = None,
        terminal: Terminal | None = None,
    ) -> Result:
        """Call the program; with ``typed`` there is a terminal, at which exactly this is typed.

        With ``piped`` there is none, and this comes on standard input.
        """
        run = Shifted(
            self.ahead,
            home=self.home,
            terminal=terminal or (Terminal(interactive=False) if typed is None else Screen()),
            transport=self.transport,
        )
        with capture_logs():  # the service's, which would stand between the client's answers
            return CliRunner().invoke(
                cli, list(args), obj=run, input=piped if typed is None else typed
            )

    def says(self, *args: str, typed: str | None = None) -> str:
        """Act and return what a person reads."""
        result = self.run(*args, *self.phrase_options(args), typed=typed)
        assert result.exit_code == 0, result.output
        return result.output

    def do(self, *args: str) -> Any:
        """Act without a terminal, with the phrase from its file; returns the answer."""
        result = self.run(*args, "--json", *self.phrase_options(args))
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def refused(self, *args: str, typed: str | None = None) -> str:
        """Return the code with which the program refuses."""
        result = self.run(*args, *self.phrase_options(args), typed=typed)
        assert result.exit_code == 1, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        line = next(line for line in result.stderr.splitlines() if line.startswith("breakglass: "))
        return line.rpartition("[")[2].removesuffix("]")

    def told(self, lie: Callable[[Any], Any], path: str, *args: str) -> str:
        """Return the code with which the program refuses when ``path`` is answered with a lie."""
        lying = Lying(self.transport, path, lie)
        code = Device(self.name, self.home, lying, self.words).refused(*args)
        assert not [act for act in lying.posted if not act.startswith("/sessions/")]
        return code

    def phrase_options(self, args: tuple[str, ...]) -> list[str]:
        """What a signing command needs without a person."""
        if (args[:1] not in _SIGNING and args[:2] not in _SIGNING) or "--phrase-file" in args:
            return []
        if not self.phrase_file.exists():  # of someone who never enrolled
            return ["--yes"]
        return ["--yes", "--phrase-file", str(self.phrase_file)]

    def enrol(self, link: str) -> None:
        """Enrol by a link, with the phrase written to this person's file."""
        options = ("--json", "--yes", "--phrase-out", str(self.phrase_file))
        result = self.run("enroll", "-", *options, piped=link)
        assert result.exit_code == 0, result.output
        self.words = json.loads(result.stdout)["words"]

    def invite(self, name: str, *flags: str) -> "Device":
        """Invite somebody (this is an operator's device) and have them enrol."""
        device = Device(name, self.home.parent / name.lower(), self.transport)
        device.enrol(self.do("invite", device.email, name, *flags)["url"])
        return device
