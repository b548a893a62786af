"""A witness and a log to show to it, over HTTP on this machine."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from crypto.note import NoteSigner, NoteVerifier
from crypto.secret import SecretBytes
from crypto.submission import Submission
from service.client.witness.memory import WitnessMemory
from service.client.witness.rules import Answer, Witness
from service.client.witness.server import WitnessServer
from tests.client.honest import ORIGIN, START
from tests.client.logs import Log

NAME = "witness.example/w1"


def log_of(size: int, *, other: str = "") -> Log:
    """A log with this many leaves; ``other`` makes it another history under the same key."""
    log = Log(signer=NoteSigner(ORIGIN, SecretBytes(bytes(range(32)))))
    grow(log, size, other=other)
    return log


def grow(log: Log, size: int, *, other: str = "") -> None:
    for number in range(len(log.leaves), size):
        log.append("session:opened", details={"n": number, "other": other})


def submission(log: Log, old: int, size: int) -> Submission:
    proof = log.proofs().consistency(old, size) if 0 < old <= size else []
    return Submission(old=old, proof=tuple(proof), note=log.checkpoint(size))


@contextmanager
def serving(
    folder: Path, logs: Sequence[NoteVerifier], now: datetime = START
) -> Iterator[tuple[WitnessServer, WitnessMemory]]:
    """The witness in ``folder``, made if it is not there, on a free port."""
    made = (folder / "witness.key").exists()
    memory = WitnessMemory.load(folder) if made else WitnessMemory.create(folder, NAME)
    said: list[str] = []
    with (
        memory.held(),
        WitnessServer("127.0.0.1", 0, Witness(memory, logs, lambda: now), said.append) as server,
    ):
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server, memory
        finally:
            server.shutdown()
            thread.join()


def witness_of(memory: WitnessMemory, log: Log, now: datetime = START) -> Witness:
    return Witness(memory, [log.signer.verifier], lambda: now)


def ask(witness: Witness, log: Log, old: int, size: int) -> Answer:
    return witness.add_checkpoint(submission(log, old, size).text.encode())
