"""``breakglass witness``: look over a log's shoulder, on a machine that its operator cannot touch.

A witness sees no event. It knows a log's key, remembers the newest checkpoint, and cosigns the next
one only if a proof shows that it continues what was cosigned before. Anybody can run one.
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
    """Cosign a log that only grows, from elsewhere."""


@command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Its name in signatures, such as witness.example/w1.")
def init(run: Invocation, folder: Path, name: str) -> None:
    """Make a witness's key in FOLDER, and print its verifier key."""
    memory = WitnessMemory.create(folder, name)
    vkey = memory.key.verifier.vkey
    run.terminal.answer(
        {"folder": str(folder), "verifier_key": vkey},
        lambda: run.terminal.say(
            f"{folder} is a witness. Give this verifier key to the service's operator, and keep it "
            f"with every auditor:\n  {vkey}"
        ),
    )


@command("serve")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--log", "logs", multiple=True, required=True, metavar="VKEY", help="A log's verifier key."
)
@click.option(
    "--bind", default="127.0.0.1:8422", show_default=True, help="Address and port to listen on."
)
def serve(run: Invocation, folder: Path, logs: Sequence[str], bind: str) -> None:
    """Serve the witness in FOLDER until it is stopped."""
    host, port = _address(bind)
    memory = WitnessMemory.load(folder)
    with memory.held():
        made = Witness(memory, [_log(text) for text in logs], run.now)
        with WitnessServer(host, port, made, run.terminal.note) as server:
            _stop_on_signals(server)
            listens = f"[{host}]:{server.port}" if ":" in host else f"{host}:{server.port}"
            run.terminal.answer(
                {"verifier_key": memory.key.verifier.vkey, "listens": listens},
                lambda: run.terminal.say(f"{memory.key.verifier.name} listens on {listens}"),
            )
            server.serve_forever(poll_interval=0.2)


def _stop_on_signals(server: WitnessServer) -> None:
    """End between two submissions; ``shutdown`` waits, so it is another thread's to call."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())


def _log(text: str) -> NoteVerifier:
    try:
        return NoteVerifier.from_vkey(text)
    except CryptoError:
        raise ClientRefusal("malformed", "that is no verifier key of a log") from None


def _address(bind: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{bind}")
        if parts.hostname and parts.port is not None and parts.netloc == bind and "@" not in bind:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise click.UsageError("--bind wants an address and a port, such as 127.0.0.1:8422")


for _command in (init, serve):
    witness.add_command(_command)
