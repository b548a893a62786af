"""Acts and reads over HTTP beside the bare application, on both databases."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.benchmarks import commands
from tests.benchmarks.figures import WARM, Row, Timed, again, in_turn
from tests.benchmarks.organisation import Case, Organisation, environment, set_up
from tests.benchmarks.wire import Wire
from tests.ops.installation import free_port

ACCOUNTS = 33
READS = 200
PAGE = 10
COOKIE = "breakglass"  # its name on plain loopback
BARE = "tests.benchmarks.bare.server"
SERVE = "from service.ops.main import main; main()"


@contextmanager
def running(arguments: list[str], port: int, log: Path) -> Iterator[Wire]:
    """A server of its own in a process of its own, and a connection to it."""
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, *arguments], env=os.environ, stdout=lines, stderr=lines
        )
    try:
        with _connected(process, port, log) as wire:
            yield wire
    finally:
        process.terminate()
        process.wait()


def _connected(process: "subprocess.Popen[bytes]", port: int, log: Path) -> Wire:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            return Wire(port)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text())


class Pair:
    """The service and the bare application, each on a database of the same kind."""

    def __init__(self, made: Organisation, port: int, service: Wire, bare: Wire) -> None:
        self.made = made
        self.port = port
        self._service = service
        self._bare = bare

    def approvals(self) -> Iterator[tuple[Timed, Timed]]:
        """The approvals of every case, each beside keeping the same statement."""
        for case in self.made.cases:
            for name, posted in case.approvals:
                yield self._act(case, "decisions", name, posted)

    def releases(self) -> Iterator[tuple[Timed, Timed]]:
        """The release of every case; each exposes its envelope."""
        for case in self.made.cases:
            yield self._act(case, "release", "gus", case.release)

    def _act(self, case: Case, what: str, name: str, posted: bytes) -> tuple[Timed, Timed]:
        path, token = f"/api/v1/requests/{case.request}/{what}", self.made.tokens[name]
        ours = self._service.call("POST", path, posted, token=token)
        bare = self._bare.call("POST", f"/acts/{case.request}", posted)
        return lambda: self._service.send(ours), lambda: self._bare.send(bare)

    def reads(self) -> Iterator[tuple[str, Iterator[tuple[Timed, Timed]]]]:
        """Three things again and again, each beside a query for as many rows."""
        case, signer = self.made.cases[-1], next(iter(self.made.signers))
        yield "GET request", self._read(f"requests/{case.request}", f"acts/{case.request}")
        many = self._read(f"requests?limit={PAGE}", f"people/{signer}/{PAGE}")
        yield f"GET {PAGE} requests", many
        yield "GET account", self._read(f"accounts/{case.account}", f"acts/{case.request}")

    def page(self, path: str, bare_path: str, rounds: int) -> Iterator[tuple[Timed, Timed]]:
        """A page of the requester's, again and again, beside a page of the bare application."""
        ours = self._service.call("GET", path, cookie=f"{COOKIE}={self.made.cookies['gus']}")
        bare = self._bare.call("GET", bare_path)
        return again(lambda: self._service.send(ours), lambda: self._bare.send(bare), rounds)

    def _read(self, path: str, bare_path: str) -> Iterator[tuple[Timed, Timed]]:
        ours = self._service.call("GET", f"/api/v1/{path}", token=self.made.tokens["gus"])
        bare = self._bare.call("GET", f"/{bare_path}")
        return again(lambda: self._service.send(ours), lambda: self._bare.send(bare), READS)


@contextmanager
def pair(folder: Path, urls: tuple[str, str], workers: int, accounts: int) -> Iterator[Pair]:
    """Both servers, set up and answering."""
    with ExitStack() as life:
        port = free_port()
        with environment(folder / "service", port, urls[0]) as read:
            made = set_up(read, accounts)
            options = ["serve", "--no-worker", "--workers", str(workers)]
            log = folder / "service.log"
            service = life.enter_context(running(["-c", SERVE, *options], port, log))
        other = free_port()
        arguments = bare_arguments(other, urls[1], made.signers, workers)
        bare = life.enter_context(running(arguments, other, folder / "bare.log"))
        yield Pair(made, port, service, bare)


def bare_arguments(port: int, url: str, signers: Mapping[str, str], workers: int = 1) -> list[str]:
    """How the bare application is started."""
    return ["-m", BARE, f"127.0.0.1:{port}", str(workers), url, json.dumps(dict(signers))]


def rows(folder: Path, urls: tuple[str, str], name: str, workers: int) -> Iterator[Row]:
    """Acts first, while nothing has expired; then reads of what they have left."""
    with pair(folder, urls, workers, ACCOUNTS + WARM) as servers:
        yield in_turn(f"approve, {name}", f"act, {name}", servers.approvals())
        yield in_turn(f"release, {name}", f"act, {name}", servers.releases())
        for title, pairs in servers.reads():
            kind = "read of ten" if str(PAGE) in title else "read"
            yield in_turn(f"{title}, {name}", kind, pairs)
        if workers == 1:
            yield from commands.rows(folder, servers.made, servers.port)
