"""Verifying that a log only grows: each checkpoint must continue the one before.

Stable codes of lies: ``log-not-signed`` (a checkpoint is not signed by the pinned key),
``log-rewound`` (shorter than before), ``log-forked`` (no continuation of what was seen),
``log-receipt-forged`` (an act's receipt is not of this log, or names another entry). A leaf that
begins an epoch explains a restored log only if it gives up exactly what this device has seen.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from crypto.checkpoint import Checkpoint, open_checkpoint
from crypto.encoding import b64decode
from crypto.epoch import Epoch, read_epoch
from crypto.errors import CryptoError
from crypto.leaf import parse_leaf
from crypto.merkle import leaf_hash, verify_consistency, verify_inclusion
from crypto.note import NoteVerifier
from crypto.proof import parse_receipt
from service.client.foundation.errors import ClientRefusal
from service.wire.base import Done
from service.wire.log import EpochLeaf, NamedHead

GONE = frozenset({"log-rewound", "log-forked"})
ALARM = "keep this device as it is, and warn the auditor and the other custodians"
KEY_WAY_OUT = (
    f"{ALARM}; if its operator lost the log's key, only a roster that names the new one is signed "
    "('breakglass roster sign'), and until it is in force act without the service: "
    "'breakglass offline --help'"
)


def open_signed(note: str, verifier: NoteVerifier) -> Checkpoint:
    """Return the checkpoint in ``note``, which this log signed.

    Raises:
        ClientRefusal: ``log-not-signed``.
    """
    try:
        return open_checkpoint(note, verifier)
    except CryptoError as refused:
        raise ClientRefusal(
            "log-not-signed", f"the log's checkpoint does not verify: {refused}", ALARM
        ) from None


def check_growth(consistency: Sequence[str], new: Checkpoint, old: Checkpoint | None) -> None:
    """Check that ``new`` continues ``old``; ``consistency`` are the proof's hashes in base64.

    Raises:
        ClientRefusal: ``log-rewound``: shorter than ``old``; ``log-forked``: no continuation of it.
    """
    if old is None or old.size == 0:
        return
    if new.size < old.size:
        message = f"the log had {old.size} entries and now has only {new.size}"
        raise ClientRefusal("log-rewound", message, ALARM)
    try:
        proof = [b64decode(item) for item in consistency]
        verify_consistency(old.size, new.size, old.root, new.root, proof)
    except CryptoError:
        raise ClientRefusal(
            "log-forked", "the log does not continue the one that this device has seen", ALARM
        ) from None


def proved_roots(heads: Sequence[NamedHead], checkpoint: Checkpoint) -> Mapping[int, bytes]:
    """Return the roots, by size, that a chain of heads proves of the log up to ``checkpoint``.

    It is followed from the checkpoint back, up to the first proof that is false.
    """
    size, root = checkpoint.size, checkpoint.root
    roots = {size: root}
    for head in reversed(heads):
        try:
            proof = [b64decode(item) for item in head.consistency]
            before = b64decode(head.root)
            verify_consistency(head.size, size, before, root, proof)
        except CryptoError:
            break
        size, root = head.size, before
        roots[size] = root
    return roots


def check_log_receipt(done: Done, verifier: NoteVerifier) -> None:
    """Check that an act's log receipt is signed by this log and names the act's own leaf.

    Raises:
        ClientRefusal: ``log-receipt-forged``.
    """
    try:
        receipt = parse_receipt(done.receipt)
        checkpoint = open_checkpoint(receipt.checkpoint, verifier)
    except CryptoError as refused:
        raise ClientRefusal(
            "log-receipt-forged", f"the act's receipt does not verify: {refused}", ALARM
        ) from None
    if receipt.index != done.leaf or checkpoint.size <= done.leaf:
        raise ClientRefusal(
            "log-receipt-forged", "the act's receipt is for another entry of the log", ALARM
        )


def verified_epochs(
    shown: Iterable[EpochLeaf], verifier: NoteVerifier, new: Checkpoint
) -> list[Epoch]:
    """Return those epochs, of all that the service shows, that are proven to be in ``new``."""
    found = (_read(leaf, verifier, new) for leaf in shown)
    return [epoch for epoch in found if epoch is not None]


def explanation(epochs: Iterable[Epoch], known: AbstractSet[str], old: Checkpoint) -> Epoch | None:
    """Return the epoch that gives up ``old``, if one does that this device has not seen before.

    One that it has seen is part of the log that ``old`` is of, and cannot have lost ``old``.
    """
    unknown = (epoch for epoch in epochs if epoch.note not in known)
    return next((epoch for epoch in unknown if epoch.admits(old)), None)


def _read(shown: EpochLeaf, verifier: NoteVerifier, new: Checkpoint) -> Epoch | None:
    """Return the epoch in a leaf that the service shows, or None: a false one explains nothing."""
    try:
        data = b64decode(shown.leaf)
        epoch = read_epoch(parse_leaf(data), verifier)
        path = [b64decode(item) for item in shown.path]
        verify_inclusion(leaf_hash(data), epoch.size, new.size, path, new.root)
    except CryptoError:
        return None
    return epoch
