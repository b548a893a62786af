"""One call of ``breakglass``: where it runs, how it was asked, and what it opens on the way."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.client.cli.prompts import Terminal
from service.client.device.home import Config, Home
from service.client.foundation.errors import ClientRefusal

if TYPE_CHECKING:  # these are slow to import, and --help needs none of them
    import httpx

    from service.client.link.api import Api
    from service.client.link.connection import Connection
    from service.client.trust.entries import View
    from service.wire.accounts import Line


@dataclass(slots=True)
class LogSight:
    """What one call has seen of the log: proved entries, and whether an alarm was shown.

    ``held`` says whether what is about to be signed was held against it (``cli.before.prove``),
    ``told_unseen`` whether it was said which of its entries no outsider has seen. ``new_key`` is
    the log's key where only a draft names it: this device does not go by it. ``found`` are
    sentences about what was found before signing, ``shown`` the fields of what was shown
    (``cli.consent``), by kind.
    """

    views: "list[View]" = field(default_factory=list)
    alarmed: bool = False
    held: bool = False
    told_unseen: bool = False
    new_key: str = ""
    found: list[str] = field(default_factory=list)
    shown: "dict[str, list[Mapping[str, Any]]]" = field(default_factory=dict)

    def show(self, kind: str, payload: "Mapping[str, Any]") -> None:
        """Note that the consent for a statement was drawn, with these fields."""
        self.shown.setdefault(kind, []).append(dict(payload))

    def demand_shown(self, kind: str, payload: "Mapping[str, Any] | None" = None) -> None:
        """The other door to every signature: nothing is signed that no one was shown.

        Each field that was shown has to be in ``payload`` as it was shown, where one is given.

        Raises:
            RuntimeError: no such statement was shown in this call, or another one.
        """
        known = self.shown.get(kind, [])
        if not known:
            raise RuntimeError(f"the {kind} was not shown before it is signed")
        if payload is None or any(fields.items() <= dict(payload).items() for fields in known):
            return
        raise RuntimeError(f"the {kind} that was shown is not the one that is signed")

    def demand(self) -> None:
        """The door to every signature online: a command that forgot to prove is no command.

        Raises:
            RuntimeError: nothing was held against the log in this call.
        """
        if not self.held:
            raise RuntimeError("nothing was held against the log before this is signed")


class Invocation:
    """What every command is called with. Nothing is opened or imported before it is used."""

    def __init__(
        self,
        *,
        home: Path | None = None,
        terminal: Terminal | None = None,
        transport: "httpx.BaseTransport | None" = None,
    ) -> None:
        self.home = Home(home) if home else Home.locate(os.environ)
        self.terminal = terminal or Terminal()
        self.phrase_file: str | None = None
        self.phrase_fd: int | None = None
        self.log_key: str | None = None
        self.accept_epoch = False
        self.despite_clock = False
        self.clocks_read = False  # someone at the terminal has read both, and goes on
        self.heard = False
        self.in_this_line = False
        self.lines: dict[str, list[Line]] = {}  # what was said of other lines, by account
        self.sight = LogSight()
        self.transport = transport

    def set(self, option: str, value: Any) -> None:  # noqa: ANN401 - whatever click parsed
        """Store one of the options that all commands share."""
        setattr(self.terminal if option in {"as_json", "yes"} else self, option, value)

    @property
    def config(self) -> Config:
        """Who I am and where the service is; refused as ``not-set-up`` on a new device."""
        return self.home.config()

    def pause(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def now(self) -> datetime:
        """Return the time by this device's clock."""
        from service.clock import now

        return now()

    @contextmanager
    def api(self, server: str = "", *, signed_in: bool = True) -> Iterator["Api"]:
        """Open the connection to the service, with my session unless ``signed_in`` is false.

        Raises:
            ClientRefusal: ``not-set-up``; ``not-signed-in`` if no session is kept here.
        """
        from service.client.link.api import Api

        token = self._token() if signed_in else ""
        with Api(server or self.config.server, token, transport=self.transport) as api:
            yield api

    @contextmanager
    def connection(self) -> Iterator["Connection"]:
        """Open the connection with my session, without loading the shapes; refused like ``api``."""
        from service.client.link.connection import Connection

        token = self._token()
        with Connection(self.config.server, token, transport=self.transport) as connection:
            yield connection

    def _token(self) -> str:
        token = self.home.token()
        if not token:
            raise ClientRefusal(
                "not-signed-in",
                "no one is signed in on this device",
                "sign in with 'breakglass login'",
            )
        return token
