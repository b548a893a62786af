"""What the checker is given: an export, receipts and earlier checkpoints, some of them cosigned."""

import json
from pathlib import Path

from crypto.checkpoint import parse_checkpoint
from crypto.cosignature import Cosigner
from crypto.encoding import b64encode
from crypto.note import parse_note
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes
from tests.client.audit.exports import story, write
from tests.client.honest import START
from tests.client.logs import Log

WITNESS = "witness.example/w1"
LONG = 600  # leaves: three bundles, and a second level of tiles


def long_log() -> Log:
    """The story that the real use cases tell, and further events until there are many."""
    log = Log(leaves=list(story()))
    for number in range(len(log.leaves), LONG):
        log.append("session:opened", details={"n": number})
    return log


def cosigned(note: str) -> str:
    """The checkpoint with a witness's line under the log's own."""
    cosigner = Cosigner(WITNESS, SecretBytes(random_bytes(32)))
    text, _ = parse_note(note)
    return note + cosigner.cosign(parse_checkpoint(text), int(START.timestamp()))


def lay_out(folder: Path, log: Log) -> tuple[Path, Path, Path]:
    """Write the export, the receipts and the earlier checkpoints; return the three folders."""
    export = write(folder / "export", log)
    receipts, checkpoints = folder / "receipts", folder / "checkpoints"
    receipts.mkdir()
    checkpoints.mkdir()
    size, proofs = len(log.leaves), log.proofs()
    for index in (0, 1, size // 2, size - 1):
        (receipts / f"{index}.txt").write_text(log.receipt(index))
    for old in (1, 2, size // 3, size // 2, size - 1, size):
        note = log.checkpoint(old)
        written = {
            "checkpoint": cosigned(note) if old % 2 else note,
            "consistency": [b64encode(h) for h in proofs.consistency(old, size)],
        }
        (checkpoints / f"{old}.json").write_text(json.dumps(written))
    return export, receipts, checkpoints
