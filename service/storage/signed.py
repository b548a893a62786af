"""What a signer has signed: as it remembers it, hands it out, and begins with it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from crypto import merkle
from crypto.checkpoint import Checkpoint, sign_checkpoint
from crypto.note import NoteSigner
from crypto.proof import Receipt
from service.storage import log, proofs
from service.storage.errors import GuardMovedError, RewoundError
from service.storage.guard import Guard

_TRIES = 10  # against other machines, before an act goes on without a receipt
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What this signer signed last; ``kept``: the database has it too."""

    checkpoint: Checkpoint
    note: str
    kept: bool = False

    def covers(self, head: log.Head) -> bool:
        """Whether the log is where it was."""
        return (head.size, head.frontier.root) == (self.checkpoint.size, self.checkpoint.root)


def again(attempt: Callable[[], _Made]) -> _Made:
    """Begin again when another machine was faster with the guard: it has signed what we read."""
    for _ in range(_TRIES - 1):
        with suppress(GuardMovedError):
            return attempt()
    return attempt()


def receipt(reader: proofs.Reader, index: int, signed: Signed) -> str:
    """A tlog-proof of a leaf under what was signed."""
    hashes = reader.inclusion(index, signed.checkpoint.size)
    return Receipt(index=index, hashes=tuple(hashes), checkpoint=signed.note).text


def guard_empty_log(guard: Guard, key: NoteSigner) -> None:
    """Sign for a log of no leaves, once.

    Raises:
        RewoundError: leaves were signed for already.
        KeyMismatchError: another key has signed.
    """
    if guard.exists():
        guarded, _ = guard.read(key.verifier)
        if guarded.size:
            raise RewoundError(0, guarded.size)
    else:
        empty = Checkpoint(origin=key.verifier.name, size=0, root=merkle.EMPTY_ROOT)
        guard.write(sign_checkpoint(empty, key))
