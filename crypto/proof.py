"""Receipts (C2SP tlog-proof, v1): a leaf's index, its audit path, and a checkpoint, as one text.

Anyone with the leaf and the log's verifier key can check a receipt without the service.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto import merkle
from crypto.checkpoint import Checkpoint, open_checkpoint, parse_decimal
from crypto.encoding import b64decode, b64encode
from crypto.errors import MalformedError
from crypto.merkle import HASH_LENGTH
from crypto.note import NoteVerifier

_FIRST_LINE = "c2sp.org/tlog-proof@v1"
_INDEX = "index "
_HASH_LIMIT = 63  # no tree here is higher
_LEAST_LINES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Says that a leaf is number ``index`` of the log of ``checkpoint``, a signed note.

    Raises:
        MalformedError: a negative index, a hash that is not 32 bytes, or more than 63 of them.
    """

    index: int
    hashes: Sequence[bytes]
    checkpoint: str

    def __post_init__(self) -> None:
        """Refuse what could not be read back."""
        if self.index < 0 or len(self.hashes) > _HASH_LIMIT:
            raise MalformedError("a receipt must have an index and at most 63 hashes")
        if any(len(item) != HASH_LENGTH for item in self.hashes):
            raise MalformedError("a hash of the tree must be 32 bytes")

    @property
    def text(self) -> str:
        """The receipt as a tlog-proof, without extra data."""
        lines = [_FIRST_LINE, f"{_INDEX}{self.index}", *map(b64encode, self.hashes)]
        return "\n".join(lines) + "\n\n" + self.checkpoint

    def verify(self, leaf: bytes, verifier: NoteVerifier) -> Checkpoint:
        """Return the checkpoint: this log signed it, and ``leaf`` is number ``index`` of its tree.

        Raises:
            MalformedError: the checkpoint is malformed.
            VerificationError: the leaf, the proof or the signature is wrong.
        """
        checkpoint = open_checkpoint(self.checkpoint, verifier)
        merkle.verify_inclusion(
            merkle.leaf_hash(leaf), self.index, checkpoint.size, self.hashes, checkpoint.root
        )
        return checkpoint


def parse_receipt(text: str) -> Receipt:
    """Read a tlog-proof. Nothing is verified yet.

    Raises:
        MalformedError: not what ``text`` writes; extra data, which no one signs, is refused too.
    """
    head, separator, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or len(lines) < _LEAST_LINES or lines[0] != _FIRST_LINE:
        raise MalformedError("not a log's receipt")
    if not lines[1].startswith(_INDEX):
        raise MalformedError("the second line of a receipt must have the leaf's index")
    return Receipt(
        index=parse_decimal(lines[1].removeprefix(_INDEX)),
        hashes=tuple(map(b64decode, lines[2:])),
        checkpoint=checkpoint,
    )
