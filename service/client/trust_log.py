"""What a client believes of the log: receipts, and that the log only ever grows.

Stable codes of lies: ``log-receipt-forged`` (a receipt does not prove the leaf shown),
``log-receipt-wrong-leaf`` (it proves another event), ``log-rewound`` (the newest checkpoint does
not continue the one that this device has seen), ``log-forged`` (not signed by the pinned key).
"""

from dataclasses import dataclass

from crypto.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from crypto.encoding import b64decode
from crypto.errors import CryptoError
from crypto.leaf import Leaf, parse_leaf
from crypto.merkle import verify_consistency
from crypto.note import NoteVerifier
from crypto.proof import parse_receipt
from crypto.statement import Statement
from service.client.errors import ClientRefusal
from service.wire.log import CheckpointAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a leaf must say for a receipt to be about this act."""

    index: int
    action: str
    actor: str
    subject: str
    request: str
    statement: Statement


def verify_log_receipt(
    receipt: str, leaf: bytes, *, verifier: NoteVerifier, expected: Expected
) -> Checkpoint:
    """Verify that the log holds exactly this act at the leaf index that the service named.

    Raises:
        ClientRefusal: ``log-receipt-forged``, ``log-receipt-wrong-leaf``.
    """
    try:
        proof = parse_receipt(receipt)
        checkpoint = proof.verify(leaf, verifier)
        said = parse_leaf(leaf)
    except CryptoError as refused:
        raise ClientRefusal("log-receipt-forged", f"the log's receipt: {refused}") from None
    if proof.index != expected.index or not _says(said, expected):
        raise ClientRefusal(
            "log-receipt-wrong-leaf", "the log's receipt is for another event than this one"
        )
    return checkpoint


def _says(leaf: Leaf, expected: Expected) -> bool:
    said = (leaf.seq, leaf.action, leaf.actor, leaf.subject, leaf.request, leaf.statement)
    wanted = (
        expected.index,
        expected.action,
        expected.actor,
        expected.subject,
        expected.request,
        expected.statement.raw,
    )
    return said == wanted


def verify_growth(answer: CheckpointAnswer, *, verifier: NoteVerifier, seen: str) -> Checkpoint:
    """Verify the newest checkpoint, and that the one this device kept is its beginning.

    ``seen`` is the note kept from last time, or empty.

    Raises:
        ClientRefusal: ``log-forged``, ``log-rewound``.
    """
    try:
        newest = open_checkpoint(answer.checkpoint, verifier)
    except CryptoError as refused:
        raise ClientRefusal("log-forged", f"the log's checkpoint: {refused}") from None
    if not seen:
        return newest
    old = parse_checkpoint(seen.rpartition("\n\n")[0] + "\n")
    if newest.size < old.size:
        raise ClientRefusal(
            "log-rewound",
            f"the log has {newest.size} leaves now, and this device has seen {old.size}",
        )
    if old.size == 0:
        return newest
    try:
        hashes = [b64decode(text) for text in answer.consistency]
        verify_consistency(old.size, newest.size, old.root, newest.root, hashes)
    except CryptoError:
        raise ClientRefusal(
            "log-rewound", "the log does not continue the one that this device has seen"
        ) from None
    return newest
