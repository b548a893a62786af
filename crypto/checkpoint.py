"""Checkpoints (C2SP tlog-checkpoint, v1.0.0): the size and root of a log, signed as a note.

The text is exactly three lines: the origin, the size, and the root in base64. The specification
allows extension lines but does not recommend them; they are refused here. The name of the key that
signs is the origin.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

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
        MalformedError: the origin is not one line; the size is not from 0 to 2^53 - 1; the root is
            not 32 bytes, or at size 0 not the empty tree's.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuse values whose text would not parse back to this checkpoint."""
        if not self.origin or "\n" in self.origin:
            raise MalformedError("a log's origin is one line")
        if not 0 <= self.size <= MAX_INTEGER or len(self.root) != HASH_LENGTH:
            raise MalformedError("a checkpoint has a size and a root of 32 bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise MalformedError("this is not the root of an empty log")

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
    """Parse the text of a checkpoint. No signature is verified.

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
        ValueError: the key's name is not the log's origin.
    """
    if signer.verifier.name != checkpoint.origin:
        raise ValueError("the key's name must be the log's origin")
    return signer.sign(checkpoint.text)


@lru_cache(maxsize=8)  # one command opens the one that its device keeps a dozen times
def open_checkpoint(note: str, verifier: NoteVerifier) -> Checkpoint:
    """Return the checkpoint of a note that this log's key has signed.

    Raises:
        MalformedError: not a note, or its text is not a checkpoint.
        VerificationError: not signed by this key, or signed for another origin.
    """
    checkpoint = parse_checkpoint(open_note(note, verifier))
    # Or one key, used under two names, could pass off one log's checkpoint as the other's.
    if checkpoint.origin != verifier.name:
        raise VerificationError("the checkpoint is of another log")
    return checkpoint
