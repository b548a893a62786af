"""``breakglass witness``: cosign a log, on a machine that the log's operator cannot reach.

A witness sees no event. It has a log's key, remembers the newest checkpoint, and cosigns the next
one only if a proof shows that it continues that one. Anyone can run a witness.
"""

import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import click

from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.foundation.errors import ClientRefusal
from service.client.witness.memory import WitnessMemory
from service.client.witness.rules import Witness
from service.client.witness.server import WitnessServer


@click.group("witness")
def witness() -> None:
    """Run a witness: it cosigns a log as long as the log only grows."""


@command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="The witness's name, such as witness.example/w1.")
def init(run: Invocation, folder: Path, name: str) -> None:
    """Create a witness's key in FOLDER, and print its verifier key."""
    memory = WitnessMemory.create(folder, name)
    vkey = memory.key.verifier.vkey
    run.terminal.answer(
        {"folder": str(folder), "verifier_key": vkey},
        lambda: run.terminal.say(
            f"Created a witness in {folder}. Give this verifier key to the service's operator and "
            f"to every auditor:\n  {vkey}"
        ),
    )


@command("serve")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--log", "logs", multiple=True, required=True, metavar="VKEY", help="The verifier key of a log."
)
@click.option(
    "--bind", default="127.0.0.1:8422", show_default=True, help="Address and port to listen on."
)
def serve(run: Invocation, folder: Path, logs: Sequence[str], bind: str) -> None:
    """Run the witness in FOLDER until it is stopped."""
    host, port = _address(bind)
    memory = WitnessMemory.load(folder)
    with memory.held():
        made = Witness(memory, [_log(text) for text in logs], run.now)
        with WitnessServer(host, port, made, run.terminal.note) as server:
            _stop_on_signals(server)
            listens = f"[{host}]:{server.port}" if ":" in host else f"{host}:{server.port}"
            run.terminal.answer(
                {"verifier_key": memory.key.verifier.vkey, "listens": listens},
                lambda: run.terminal.say(f"{memory.key.verifier.name} is listening on {listens}"),
            )
            server.serve_forever(poll_interval=0.2)


def _stop_on_signals(server: WitnessServer) -> None:
    """Stop between two submissions. ``shutdown`` waits for the loop, so another thread calls it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())


def _log(text: str) -> NoteVerifier:
    try:
        return NoteVerifier.from_vkey(text)
    except CryptoError:
        raise ClientRefusal("malformed", "not the verifier key of a log") from None


def _address(bind: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{bind}")
        if parts.hostname and parts.port is not None and parts.netloc == bind and "@" not in bind:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise click.UsageError("--bind takes an address and a port, such as 127.0.0.1:8422")


for _command in (init, serve):
    witness.add_command(_command)
