"""The server: gunicorn in this process; one worker with threads on SQLite, any on PostgreSQL.

Live objects are built in each worker after the fork: connections and keys are never shared. What
would keep the service from starting is found before the first fork, and said in one sentence.
"""

import errno
import resource
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from service.bootstrap import build
from service.config import PREFIX, Settings
from service.ops import lock
from service.ops.failures import OpsError
from service.ops.opening import opened
from service.ops.worker import start_thread, witnesses_of
from service.web import lines
from service.web.app import create_app
from service.web.metrics import start_metrics

THREADS = 8
TIMEOUT = 60  # seconds after which a worker that does not answer its parent is replaced
GRACE = 20  # seconds for calls that run when the server is asked to stop
PORT_PATIENCE = 3  # seconds
LAST_NOTICE = 3  # seconds more for a notice that is being sent; it would be sent again anyway


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to serve. ``tells``: the worker is a thread of this server. Port 0: no metrics."""

    workers: int
    tells: bool
    metrics_port: int


def serve(read: Settings, plan: Plan) -> None:
    """Serve until SIGTERM.

    Raises:
        OpsError, StorageError, AtRestKeyError: why the service does not start, and what to do.
    """
    _check_bind(read.bind)
    forbid_core_dumps()
    with opened(read) as ctx:  # nothing stays open across the fork
        sqlite = ctx.database.engine.dialect.name == "sqlite"
        witnesses_of(read, ctx.signer.verifier_key)
    if sqlite and plan.workers != 1:
        raise OpsError(
            "SQLite allows one process; set BREAKGLASS_DATABASE_URL to PostgreSQL for more"
        )
    with ExitStack() as life:
        if sqlite and not life.enter_context(lock.held(read.state_dir / lock.SERVER)):
            raise OpsError(
                "another server is already running in this state folder, and SQLite allows one"
            )
        _wait_for_port(read.bind)
        Server(read, plan).run()


def forbid_core_dumps() -> None:
    """Keep the memory of this process off the disk."""
    with suppress(OSError, ValueError):  # a sandbox may have settled this, and forbid the call
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _check_bind(bind: str) -> None:
    try:
        parts = urlsplit(f"//{bind}")
        if parts.hostname and parts.port and parts.netloc == bind and "@" not in bind:
            return
    except ValueError:
        pass
    raise OpsError(f"{PREFIX}BIND must be an address and a port, such as 127.0.0.1:8420")


def _wait_for_port(bind: str) -> None:
    """Wait a little while the workers of a server that was killed let go of the port.

    Raises:
        OpsError: another program has it, or this machine or user cannot have it.
    """
    parts = urlsplit(f"//{bind}")
    family = socket.AF_INET6 if ":" in str(parts.hostname) else socket.AF_INET
    deadline = time.monotonic() + PORT_PATIENCE
    while True:
        try:
            socket.create_server((str(parts.hostname), int(parts.port or 0)), family=family).close()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OpsError(f"cannot listen on {bind}: {error.strerror}") from None
            if time.monotonic() > deadline:
                raise OpsError(
                    f"another program already listens on {bind}: stop it, or set {PREFIX}BIND"
                ) from None
            time.sleep(0.1)
        else:
            return


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn, configured here and nowhere else: neither files nor its environment are read."""

    def __init__(self, read: Settings, plan: Plan) -> None:
        self._read = read
        self._plan = plan
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        super().__init__()

    def load_config(self) -> None:
        """Set everything that differs from gunicorn's defaults."""
        settings: dict[str, object] = {
            "bind": self._read.bind,
            "workers": self._plan.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": TIMEOUT,
            "graceful_timeout": GRACE,
            "keepalive": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            "forwarded_allow_ips": "",
            "proc_name": "breakglass",
        }
        hooks: dict[str, Callable[..., None]] = {
            "when_ready": self._ready,
            "worker_exit": self._worker_exit,
        }
        for name, value in {**settings, **hooks}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the service in a worker process."""
        lines.configure()
        ctx = build(self._read)
        if self._plan.tells:
            self._thread = start_thread(ctx, self._read, self._stop)
        if self._plan.metrics_port:
            with suppress(OSError):  # another worker of this server has the port
                start_metrics(self._plan.metrics_port)
        return create_app(ctx, self._read)

    def _ready(self, _arbiter: Any) -> None:  # noqa: ANN401  # gunicorn's, without types
        port = urlsplit(f"//{self._read.bind}").port
        here = f"http://localhost:{port}"
        named = "" if self._read.url == here else f"; users open {self._read.url}"
        click.echo(f"breakglass listens on {self._read.bind}: {here}{named}")

    def _worker_exit(self, _arbiter: Any, _worker: Any) -> None:  # noqa: ANN401  # the same
        self._stop.set()
        if self._thread is not None:
            self._thread.join(LAST_NOTICE)
