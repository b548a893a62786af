"""Checkpoints (C2SP tlog-checkpoint, v1.0.0): the size and root of a log, signed as a note.

The text is three lines, the origin, the size and the root in base64, and no more: extension lines
are allowed by the specification, not recommended, and refused here. The key that signs bears the
origin as its name.
"""

import re
from dataclasses import dataclass

from crypto.encoding import MAX_INTEGER, b64decode, b64encode
from crypto.errors import MalformedError, VerificationError
from crypto.merkle import EMPTY_ROOT, HASH_LENGTH
from crypto.note import NoteSigner, NoteVerifier, open_note

_DECIMAL = re.compile("0|[1-9][0-9]{0,15}")
_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How many leaves the log named ``origin`` has, and the root of their tree.

    Raises:
        MalformedError: an origin that is no single line, a size out of range, a root that is not
            32 bytes or not the empty tree's at size 0.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuse what would be written as another checkpoint, or as none."""
        if not self.origin or "\n" in self.origin:
            raise MalformedError("a log's origin is one line")
        if not 0 <= self.size <= MAX_INTEGER or len(self.root) != HASH_LENGTH:
            raise MalformedError("a checkpoint has a size and a root of 32 bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise MalformedError("an empty log has another root")

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root)}\n"


def parse_decimal(text: str) -> int:
    """Return an ASCII decimal without leading zero, at most 2^53 - 1.

    Raises:
        MalformedError: any other spelling, or too large.
    """
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_INTEGER:
        raise MalformedError("not a decimal number from 0 to 2^53 - 1")
    return int(text)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint. Nothing says yet that a log has signed it.

    Raises:
        MalformedError: not exactly three lines, or one of them is not what ``text`` writes.
    """
    lines = text.split("\n")
    if len(lines) != _LINES + 1 or lines[-1]:
        raise MalformedError("a checkpoint has an origin, a size and a root, one line each")
    return Checkpoint(origin=lines[0], size=parse_decimal(lines[1]), root=b64decode(lines[2]))


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner) -> str:
    """Return the checkpoint as a note.

    Raises:
        ValueError: the key does not bear the log's origin as its name.
    """
    if signer.verifier.name != checkpoint.origin:
        raise ValueError("a log signs with the key that is named after its origin")
    return signer.sign(checkpoint.text)


def open_checkpoint(note: str, verifier: NoteVerifier) -> Checkpoint:
    """Return the checkpoint of a note that this log's key has signed.

    Raises:
        MalformedError: not a note, or its text is no checkpoint.
        VerificationError: not signed by this key, or signed for another origin.
    """
    checkpoint = parse_checkpoint(open_note(note, verifier))
    if checkpoint.origin != verifier.name:
        raise VerificationError("the checkpoint is of another log")
    return checkpoint
