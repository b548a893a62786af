"""An installation as its operator sees it: settings, commands, processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from service.ops.main import main

PROGRAM = str(Path(sys.executable).with_name("breakglass-ops"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass
class Installation:
    """A state folder and a port; ``settings`` are names without their prefix."""

    state_dir: Path
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def environment(self) -> dict[str, str]:
        named = {
            "STATE_DIR": str(self.state_dir),
            "BIND": f"127.0.0.1:{self.port}",
            "URL": self.url,
            **self.settings,
        }
        return {f"BREAKGLASS_{name}": value for name, value in named.items()}

    def run(self, *arguments: str) -> Answer:
        """Run a command in this process, with the settings of the environment."""
        out, err = StringIO(), StringIO()
        code: object = None
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main(arguments)
            except SystemExit as end:
                code = end.code
        return Answer(code=int(str(code)), out=out.getvalue(), err=err.getvalue())

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        process = subprocess.Popen(
            [PROGRAM, *arguments],
            env=os.environ | self.environment() | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def serve(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start the server and wait until it answers."""
        process = self.start("serve", *arguments, **settings)
        assert eventually(lambda: self.answers() or process.poll() is not None)
        assert process.poll() is None, ended(process)
        return process

    def stop_all(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def ended(process: subprocess.Popen[str], seconds: float = 30) -> Answer:
    """Wait until a process has ended."""
    out, err = process.communicate(timeout=seconds)
    return Answer(code=process.returncode, out=out, err=err)


def eventually(happens: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether it happens in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.05)
    return False
