"""A real service with real people: one server process, one home folder for each person.

Everyone acts through ``breakglass`` as a process of its own. Keys and phrases are made there and
never here, since this process starts the server.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

START_TIMEOUT = 30.0
ACT_TIMEOUT = 120.0


class StageError(Exception):
    """A command did not do what the story needs; the text is what it said."""


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _plain_environment() -> dict[str, str]:
    """Our environment without settings that are meant for another installation."""
    return {k: v for k, v in os.environ.items() if not k.startswith("BREAKGLASS_")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command left: exit code, the JSON it printed if any, and its standard error."""

    code: int
    data: Any
    stderr: str

    @property
    def refusal(self) -> str:
        """The stable code of a refusal, which is in square brackets; empty if it was none."""
        if self.code == 0:
            return ""
        for line in self.stderr.splitlines():
            if line.startswith("breakglass: ") and line.endswith("]"):
                return line.rpartition("[")[2][:-1]
        return "?"


@dataclass(slots=True)
class Player:
    """A person at their own machine. The phrase lies in a file there, as on a sheet of paper."""

    name: str
    home: Path
    words: str = ""

    @property
    def phrase_file(self) -> Path:
        """Where the person keeps the recovery phrase."""
        return self.home / "phrase.txt"

    def attempt(self, *arguments: str, stdin: str = "", fds: Sequence[int] = ()) -> Answer:
        """Run ``breakglass`` once with ``--json``; nothing is raised for a refusal.

        ``fds`` are descriptors that the process inherits under the same numbers.
        """
        environment = _plain_environment() | {"BREAKGLASS_HOME": str(self.home / "breakglass")}
        if self.phrase_file.exists():
            environment["BREAKGLASS_PHRASE_FILE"] = str(self.phrase_file)
        done = subprocess.run(  # noqa: S603 - our own program, arguments as a list
            [_program("breakglass"), *arguments, "--json"],
            input=stdin,
            env=environment,
            pass_fds=tuple(fds),
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=ACT_TIMEOUT,
            check=False,
        )
        return Answer(code=done.returncode, data=_json(done.stdout), stderr=done.stderr)

    def act(self, *arguments: str, stdin: str = "", fds: Sequence[int] = ()) -> Any:  # noqa: ANN401
        """Run ``breakglass`` and give its answer.

        Raises:
            StageError: it was refused.
        """
        answer = self.attempt(*arguments, stdin=stdin, fds=fds)
        if answer.code != 0:
            command = " ".join(arguments[:2])
            raise StageError(f"{self.name}: breakglass {command}: {answer.stderr.strip()}")
        return answer.data


def _json(text: str) -> Any:  # noqa: ANN401 - any answer
    try:
        return json.loads(text)
    except ValueError:
        return None


@dataclass(slots=True)
class Stage:
    """A state folder, its server, and the people who use it."""

    root: Path
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)
    players: dict[str, Player] = field(default_factory=dict)
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where people reach the service; a setting may put something between."""
        return self.settings.get("BREAKGLASS_URL", f"http://localhost:{self.port}")

    @property
    def state_dir(self) -> Path:
        """The service's state folder."""
        return self.root / "state"

    def environment(self) -> dict[str, str]:
        """The settings of this installation, and nothing of another."""
        return {
            **_plain_environment(),
            "BREAKGLASS_STATE_DIR": str(self.state_dir),
            "BREAKGLASS_URL": self.url,
            "BREAKGLASS_BIND": f"127.0.0.1:{self.port}",
            **self.settings,
        }

    def ops(self, *arguments: str) -> Answer:
        """Run ``breakglass-ops`` once."""
        done = subprocess.run(  # noqa: S603 - our own program, arguments as a list
            [_program("breakglass-ops"), *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=ACT_TIMEOUT,
            check=False,
        )
        return Answer(
            code=done.returncode, data=_json(done.stdout) or done.stdout, stderr=done.stderr
        )

    def player(self, name: str) -> Player:
        """A person of this story; the first mention gives them a home folder."""
        if name not in self.players:
            home = self.root / "homes" / name
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.players[name] = Player(name=name, home=home)
        return self.players[name]

    def start(self, *arguments: str) -> None:
        """Start ``breakglass-ops serve`` and wait until it answers.

        Raises:
            StageError: it does not; the text is the end of what it wrote.
        """
        log = self.root / "server.log"
        with log.open("ab") as file:
            self.server = subprocess.Popen(  # noqa: S603 - our own program
                [_program("breakglass-ops"), "serve", *arguments],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and self.server.poll() is None:
            if self.answers():
                return
            time.sleep(0.05)
        said = log.read_text(errors="replace")[-2000:]
        self.stop()
        raise StageError(f"the server did not start:\n{said}")

    def answers(self) -> bool:
        """Whether the service itself answers at all."""
        try:
            return httpx.get(f"http://localhost:{self.port}/healthz", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def wait(self) -> int:
        """Wait for the server to end by itself; returns its exit code."""
        return self.server.wait() if self.server else 0

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        if self.server is not None and self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait(15)

    def stop(self) -> None:
        """End the server as an operator would, and wait for it."""
        if self.server is None or self.server.poll() is not None:
            return
        os.killpg(self.server.pid, signal.SIGTERM)
        try:
            self.server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait(15)
