"""Verifying a receipt: the log has exactly this act at exactly this place.

Stable codes of lies: ``log-receipt-forged`` (it does not prove the leaf shown, or not under the
pinned key), ``log-receipt-wrong-leaf`` (it proves another event). That the log only grows is
checked in ``growth``.
"""

from dataclasses import dataclass

from crypto.checkpoint import Checkpoint
from crypto.errors import CryptoError
from crypto.leaf import Leaf, parse_leaf
from crypto.note import NoteVerifier
from crypto.proof import parse_receipt
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal


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
    """Verify that the log has exactly this act at the leaf index that the service named.

    Raises:
        ClientRefusal: ``log-receipt-forged``, ``log-receipt-wrong-leaf``.
    """
    try:
        proof = parse_receipt(receipt)
        checkpoint = proof.verify(leaf, verifier)
        said = parse_leaf(leaf)
    except CryptoError as refused:
        raise ClientRefusal(
            "log-receipt-forged", f"the log's receipt does not verify: {refused}"
        ) from None
    if proof.index != expected.index or not _says(said, expected):
        raise ClientRefusal("log-receipt-wrong-leaf", "the log's receipt is for another event")
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
