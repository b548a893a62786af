"""Submissions to a witness (C2SP tlog-witness, ``add-checkpoint``): what a log asks it to cosign.

One text: the size that the witness last cosigned, the proof that its tree is a prefix of the new
one, a blank line, and the checkpoint as a signed note.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.checkpoint import parse_decimal
from crypto.encoding import MAX_INTEGER, b64decode, b64encode
from crypto.errors import MalformedError
from crypto.merkle import HASH_LENGTH

PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"  # of the answer with the size that a log should have named
BODY_LIMIT = 65_536  # bytes
PROOF_LIMIT = 63  # hashes

_OLD = "old "


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A parsed submission; ``note`` is the new checkpoint, not verified.

    Raises:
        MalformedError: a size out of range, a hash that is not 32 bytes, or more than 63 of them.
    """

    old: int
    proof: Sequence[bytes]
    note: str

    def __post_init__(self) -> None:
        """Refuse what could not be read back."""
        if not 0 <= self.old <= MAX_INTEGER or len(self.proof) > PROOF_LIMIT:
            raise MalformedError("a submission must have a size and at most 63 hashes")
        if any(len(item) != HASH_LENGTH for item in self.proof):
            raise MalformedError("a hash of the tree must be 32 bytes")

    @property
    def text(self) -> str:
        """The submission as it is sent."""
        return "\n".join([f"{_OLD}{self.old}", *map(b64encode, self.proof)]) + "\n\n" + self.note


def parse_submission(body: bytes) -> Submission:
    """Parse a submission, but not the checkpoint in it.

    Raises:
        MalformedError: not what ``text`` writes, not UTF-8, or longer than 65,536 bytes.
    """
    if len(body) > BODY_LIMIT:
        raise MalformedError("a submission can have at most 65,536 bytes")
    try:
        head, separator, note = body.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise MalformedError("a submission must be valid UTF-8") from None
    first, *proof = head.split("\n")
    if not separator or not first.startswith(_OLD):
        raise MalformedError("a submission must begin with the old size and end in a checkpoint")
    return Submission(
        old=parse_decimal(first.removeprefix(_OLD)), proof=tuple(map(b64decode, proof)), note=note
    )


def parse_size(body: bytes) -> int:
    """Parse a witness's answer that names the size it cosigned last.

    Raises:
        MalformedError: not one decimal number and a newline.
    """
    text = body.decode("ascii", "replace")
    if not text.endswith("\n"):
        raise MalformedError("a size must be a decimal number and a newline")
    return parse_decimal(text.removesuffix("\n"))
