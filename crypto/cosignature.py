"""Cosignatures (C2SP tlog-cosignature, ``cosignature/v1``): a witness saw a log grow, and when.

A cosignature is a signature line under a checkpoint: eight bytes of the witness's time (seconds
since 1970, big-endian) and an Ed25519 signature over a header, that time, and the checkpoint's
text. The witness states that at that time this was the largest tree of the log that it had seen,
and that each one was a continuation of the one before. The key's type is 0x04, so that no log's
signature passes for a witness's; the name is not signed, so a key belongs to one witness alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from crypto import suite
from crypto.checkpoint import Checkpoint
from crypto.errors import MalformedError
from crypto.note import Signature, parse_note, parse_signatures, signature_line
from crypto.notekey import PrivateKey, VerifierKey, check_text

LAST_TIME = 253_402_300_799  # the end of the year 9999: later times cannot be written

_TIME_LENGTH = 8
_LENGTH = _TIME_LENGTH + 64


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessVerifier(VerifierKey):
    """The key of a witness."""

    KIND: ClassVar[bytes] = b"\x04"
    WHOSE: ClassVar[str] = "a witness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """What one witness said of a checkpoint; ``at`` is in seconds since 1970, by its clock."""

    witness: WitnessVerifier
    at: int
    line: str


class Cosigner(PrivateKey[WitnessVerifier]):
    """The private half of a witness's key."""

    VERIFIER = WitnessVerifier

    def cosign(self, checkpoint: Checkpoint, at: int) -> str:
        """Return the line that goes under the checkpoint.

        The caller has verified that the log signed it, and that it continues what was cosigned.

        Raises:
            MalformedError: a time before 1970 or after 9999; an origin that no note can carry.
        """
        check_text(checkpoint.text)
        signature = self._key.sign(_message(checkpoint.text, at))
        return signature_line(self.verifier, at.to_bytes(_TIME_LENGTH, "big") + signature)


def cosignatures_of(note: str, *known: WitnessVerifier) -> Sequence[Cosignature]:
    """Return the known witnesses' cosignatures on a note's checkpoint, in the order of the lines.

    Lines by unknown keys are ignored. If a witness has several, all are returned. The log's own
    signature is not checked here: see ``open_checkpoint``.

    Raises:
        MalformedError: not a note; a known witness's line is not 8 + 64 bytes, or its time is
            after 9999.
        VerificationError: a line by a known witness is bad.
    """
    text, signatures = parse_note(note)
    return list(_verified(text, signatures, known))


def verify_cosignatures(
    lines: str, checkpoint: Checkpoint, witness: WitnessVerifier
) -> Sequence[Cosignature]:
    """Return this witness's cosignatures among the signature lines that a witness answers with.

    Raises: as ``cosignatures_of``.
    """
    return list(_verified(checkpoint.text, parse_signatures(lines), [witness]))


def _verified(
    text: str, signatures: Iterable[Signature], known: Sequence[WitnessVerifier]
) -> Iterable[Cosignature]:
    for signature in signatures:
        for witness in known:
            if signature.is_by(witness):
                yield _verify(text, signature, witness)


def _verify(text: str, signature: Signature, witness: WitnessVerifier) -> Cosignature:
    if len(signature.data) != _LENGTH:
        raise MalformedError("a cosignature is 8 bytes of time and 64 of signature")
    at = int.from_bytes(signature.data[:_TIME_LENGTH], "big")
    message = _message(text, at)
    suite.verify_signature(witness.public_key, signature.data[_TIME_LENGTH:], message)
    return Cosignature(witness=witness, at=at, line=signature_line(witness, signature.data))


def _message(text: str, at: int) -> bytes:
    if not 0 <= at <= LAST_TIME:
        raise MalformedError("a cosignature's time must be from 1970 to 9999")
    return f"cosignature/v1\ntime {at}\n{text}".encode()
