"""A log that was put back: what its operator says, and a person's word that they have heard it.

A device that has seen what is gone refuses (``log-epoch-began``) until somebody says
``breakglass login --accept-epoch``. What it had seen is kept: it is proof of what was given up. A
leaf that admits less than the device has seen explains nothing, and the log stays refused as
rewound or forked.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from crypto.checkpoint import Checkpoint
from crypto.encoding import b64decode
from crypto.epoch import Epoch, read_epoch
from crypto.errors import CryptoError
from crypto.leaf import parse_leaf
from crypto.merkle import leaf_hash, verify_inclusion
from crypto.note import NoteVerifier
from service.client import memory
from service.client.errors import ClientRefusal
from service.client.invocation import Invocation
from service.client.memory import SeenLog
from service.wire.log import CheckpointAnswer, EpochLeaf

_HINT = (
    "ask the operator what happened, by a way that you trust, and tell the auditor; then, and not "
    "before, 'breakglass login --accept-epoch' goes on"
)


def epochs_of(answer: CheckpointAnswer, verifier: NoteVerifier, new: Checkpoint) -> list[Epoch]:
    """The epochs that the service shows and that stand in the log ``new``."""
    found = (_read(shown, verifier, new) for shown in answer.epochs)
    return [epoch for epoch in found if epoch is not None]


def explanation(epochs: Iterable[Epoch], known: AbstractSet[str], old: Checkpoint) -> Epoch | None:
    """The epoch that gives up ``old``, if one does that this device has not seen before.

    One that it has seen was in the log that ``old`` is of, and lost nothing of that.
    """
    unknown = (epoch for epoch in epochs if epoch.note not in known)
    return next((epoch for epoch in unknown if epoch.admits(old)), None)


def _read(shown: EpochLeaf, verifier: NoteVerifier, new: Checkpoint) -> Epoch | None:
    """What a leaf says that the service shows; a false one is as good as none."""
    try:
        data = b64decode(shown.leaf)
        epoch = read_epoch(parse_leaf(data), verifier)
        path = [b64decode(item) for item in shown.path]
        verify_inclusion(leaf_hash(data), epoch.size, new.size, path, new.root)
    except CryptoError:
        return None
    return epoch


def accept(run: Invocation, server: str, seen: SeenLog, old: Checkpoint, epoch: Epoch) -> None:
    """Show what happened and have a person accept it; keep what this device had seen.

    Raises:
        ClientRefusal: ``log-epoch-began``: nobody was asked to; ``not-confirmed``.
    """
    told = (
        f"{epoch.sentence}; this device has seen {old.size} entries. "
        f"{epoch.by} says why: {epoch.why}"
    )
    if not run.accept_epoch:
        raise ClientRefusal("log-epoch-began", told, _HINT)
    run.terminal.warn(told)
    run.terminal.note(
        "Entries that you saw may be gone: approvals, denials, releases. Passwords that may have "
        "been released are to be changed. The checkpoint that this device had seen is kept."
    )
    run.terminal.confirm("Have you asked, and go on with this log?")
    memory.keep_given_up(run.home, server, seen.checkpoint)
