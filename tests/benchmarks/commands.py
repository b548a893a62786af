"""How long a person waits for the program, beside what it cannot be quicker than."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from service.client.device.home import Config, Home
from tests.benchmarks.figures import Row, Timed, again, in_turn
from tests.benchmarks.organisation import Organisation

ROUNDS = 15
PROGRAM = str(Path(sys.executable).with_name("breakglass"))
LISTING = str(Path(__file__).parent / "bare" / "listing.py")


def _running(*command: str, home: Path) -> Timed:
    environment = os.environ | {"BREAKGLASS_HOME": str(home)}

    def run() -> None:
        subprocess.run(command, env=environment, check=True, capture_output=True)

    return run


def help_row(folder: Path) -> Row:
    """The list of commands, beside loading the library that shows it."""
    ours = _running(PROGRAM, "--help", home=folder)
    bare = _running(sys.executable, "-c", "import click", home=folder)
    return in_turn("breakglass --help", "help", again(ours, bare, ROUNDS))


def list_row(folder: Path, made: Organisation, port: int) -> Row:
    """The list of requests, beside asking the same service for the same and no more."""
    home, token = Home(folder / "home"), made.tokens["gus"]
    home.write_config(Config(server=f"http://localhost:{port}"))
    home.write_token(token)
    ours = _running(PROGRAM, "list", "--limit", "10", home=home.path)
    asked = (str(port), "/api/v1/requests?limit=10", token)
    bare = _running(sys.executable, LISTING, *asked, home=home.path)
    return in_turn("breakglass list", "list", again(ours, bare, ROUNDS))


def rows(folder: Path, made: Organisation, port: int) -> Iterator[Row]:
    """Both."""
    yield help_row(folder)
    yield list_row(folder, made, port)
