"""Signed notes (C2SP signed-note, v1.0.0): a text and the signatures under it.

A note is a text that ends in a newline, a blank line, and signature lines
``— <key name> <base64(key id || signature)>``. Keys that sign a note's text itself are of type
0x01; for a witness's see ``cosignature``. Do not use a note's text before ``open_note`` has
returned it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from crypto import suite
from crypto.encoding import b64decode, b64encode
from crypto.errors import MalformedError, VerificationError
from crypto.notekey import KEY_ID_LENGTH, PrivateKey, VerifierKey, check_name, check_text

NOTE_LIMIT = 1_000_000  # code points
SIGNATURE_LIMIT = 100  # the specification wants at least 16 accepted

_SIGNATURE_LINE = re.compile("\u2014 ([^ ]+) ([^ ]+)")
_DASH = "\u2014"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteVerifier(VerifierKey):
    """The key of a log."""

    KIND: ClassVar[bytes] = b"\x01"
    WHOSE: ClassVar[str] = "an Ed25519 note key"


class NoteSigner(PrivateKey[NoteVerifier]):
    """The private half of a log's key."""

    VERIFIER = NoteVerifier

    def sign(self, text: str) -> str:
        """Return ``text`` as a note with this key's signature.

        Raises:
            MalformedError: ``text`` does not end in a newline, or has a control character.
        """
        check_text(text)
        if not text.endswith("\n"):
            raise MalformedError("the text of a note must end in a newline")
        return f"{text}\n{signature_line(self.verifier, self._key.sign(text.encode()))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature line, not verified; ``data`` is what follows the key id."""

    name: str
    key_id: bytes
    data: bytes

    def is_by(self, key: VerifierKey) -> bool:
        """Return whether it claims to be by this key; that proves nothing."""
        return (self.name, self.key_id) == (key.name, key.key_id)


def signature_line(key: VerifierKey, data: bytes) -> str:
    """Return the line under a note that carries ``data`` as this key's signature."""
    return f"{_DASH} {key.name} {b64encode(key.key_id + data)}\n"


def open_note(note: str, *known: NoteVerifier) -> str:
    """Return the text, newline included, of a note that at least one known key has signed.

    Signatures by unknown keys are ignored, also when only their name or only their id is known.
    One bad signature by a known key refuses the note, even beside good ones.

    Raises:
        MalformedError: not a note; longer than 1,000,000 characters; more than 100 signatures.
        VerificationError: a signature by a known key is bad, or no known key has signed.
    """
    text, signatures = parse_note(note)
    verified = False
    for signature in signatures:
        for key in known:
            if signature.is_by(key):
                suite.verify_signature(key.public_key, signature.data, text.encode())
                verified = True
    if not verified:
        raise VerificationError("no known key has signed the note")
    return text


def parse_note(note: str) -> tuple[str, Sequence[Signature]]:
    """Split a note into text and signatures, at the last blank line. Nothing is verified.

    Raises:
        MalformedError: not a note; longer than 1,000,000 characters; more than 100 signatures.
    """
    if len(note) > NOTE_LIMIT:
        raise MalformedError("a note can have at most 1,000,000 characters")
    check_text(note)
    body, separator, signatures = note.rpartition("\n\n")
    if not separator:
        raise MalformedError("not a note: a text, a blank line, and lines of signatures")
    return body + "\n", parse_signatures(signatures)


def parse_signatures(text: str) -> Sequence[Signature]:
    """Parse the signature lines of a note, at least one.

    Raises:
        MalformedError: another line among them, no newline at the end, or more than 100.
    """
    if not text.endswith("\n"):
        raise MalformedError("not a note: a text, a blank line, and lines of signatures")
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > SIGNATURE_LIMIT:
        raise MalformedError("a note can have at most 100 signatures")
    return [_parse_signature(line) for line in lines]


def _parse_signature(line: str) -> Signature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if not match:
        raise MalformedError("not a signature line of a note")
    check_name(match[1])
    data = b64decode(match[2])
    if len(data) <= KEY_ID_LENGTH:
        raise MalformedError("a signature of a note must have more than a key id")
    return Signature(name=match[1], key_id=data[:KEY_ID_LENGTH], data=data[KEY_ID_LENGTH:])
