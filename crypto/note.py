"""Signed notes (C2SP signed-note, v1.0.0): a text and the signatures under it.

A note is a text that ends in a newline, a blank line, and signature lines
``— <key name> <base64(key id || signature)>``. Only Ed25519 note keys (type 0x01) are known here.
A key is passed on as its verifier key, ``<name>+<key id in hex>+<base64(0x01 || public key)>``.
The text of a note means nothing before ``open_note`` has returned it.
"""

import re
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto import suite
from crypto.encoding import b64decode, b64encode, sha256
from crypto.errors import MalformedError, VerificationError
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes

KEY_ID_LENGTH = 4
ED25519_NOTE = b"\x01"
NOTE_LIMIT = 1_000_000  # code points
SIGNATURE_LIMIT = 100  # the specification wants at least 16 accepted

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_SIGNATURE_LINE = re.compile("\u2014 ([^ ]+) ([^ ]+)")
_DASH = "\u2014"
_PRIVATE = "PRIVATE+KEY+"
_SEED_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteVerifier:
    """A key that one trusts, under the name by which its signatures are found.

    Raises:
        MalformedError: a name that is empty or has white space or ``+``; a key that is not
            canonical or of small order.
    """

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        """Refuse a name that would break a signature line, and a key that verifies anything."""
        _check_name(self.name)
        suite.check_signing_key(self.public_key)

    @classmethod
    def from_vkey(cls, text: str) -> Self:
        """Read a verifier key.

        Raises:
            MalformedError: not exactly what ``vkey`` writes, the key id included.
        """
        name, _, rest = text.partition("+")
        data = b64decode(rest[2 * KEY_ID_LENGTH + 1 :])
        verifier = cls(name=name, public_key=data[1:])
        if verifier.vkey != text:
            raise MalformedError("not a verifier key of an Ed25519 note key")
        return verifier

    @property
    def key_id(self) -> bytes:
        """Four bytes that, with the name, say which key has signed. No fingerprint."""
        named = self.name.encode() + b"\n" + ED25519_NOTE + self.public_key
        return sha256(named)[:KEY_ID_LENGTH]

    @property
    def vkey(self) -> str:
        """The verifier key as text."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(ED25519_NOTE + self.public_key)}"


class NoteSigner:
    """The private half of a note key: 32 bytes of an Ed25519 seed and the key's name."""

    def __init__(self, name: str, seed: SecretBytes) -> None:
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed.reveal())
        self.verifier = NoteVerifier(
            name=name, public_key=self._key.public_key().public_bytes_raw()
        )

    @classmethod
    def generate(cls, name: str) -> Self:
        """Make a new key."""
        return cls(name, SecretBytes(random_bytes(_SEED_LENGTH)))

    @classmethod
    def from_private_key(cls, text: SecretBytes) -> Self:
        """Read a private key.

        Raises:
            MalformedError: not exactly what ``private_key`` writes.
        """
        refusal = MalformedError("not the private key of an Ed25519 note key")
        try:
            name, _, rest = text.reveal().decode().removeprefix(_PRIVATE).partition("+")
            seed = b64decode(rest[2 * KEY_ID_LENGTH + 1 :])[1:]
        except UnicodeDecodeError:
            raise refusal from None
        if len(seed) != _SEED_LENGTH:
            raise refusal
        signer = cls(name, SecretBytes(seed))
        if signer.private_key != text:
            raise refusal
        return signer

    @property
    def private_key(self) -> SecretBytes:
        """The key as text, in the form that other tools for notes read too."""
        key_id = self.verifier.key_id.hex()
        seed = b64encode(ED25519_NOTE + self._seed.reveal())
        return SecretBytes(f"{_PRIVATE}{self.verifier.name}+{key_id}+{seed}".encode())

    def sign(self, text: str) -> str:
        """Return ``text`` as a note with this key's signature.

        Raises:
            MalformedError: ``text`` does not end in a newline, or has a control character.
        """
        _check_text(text)
        if not text.endswith("\n"):
            raise MalformedError("the text of a note ends in a newline")
        signature = b64encode(self.verifier.key_id + self._key.sign(text.encode()))
        return f"{text}\n{_DASH} {self.verifier.name} {signature}\n"


def open_note(note: str, *known: NoteVerifier) -> str:
    """Return the text of a note that at least one known key has signed, its newline included.

    Signatures by unknown keys are ignored, also when only their name or only their id is known.

    Raises:
        MalformedError: not a note; longer than 1,000,000 characters; more than 100 signatures.
        VerificationError: a signature by a known key is bad, or no known key has signed.
    """
    text, lines = _split(note)
    keys = {(key.name, key.key_id): key for key in known}
    verified = False
    for name, signature in map(_parse_signature, lines):
        key = keys.get((name, signature[:KEY_ID_LENGTH]))
        if key is not None:
            suite.verify_signature(key.public_key, signature[KEY_ID_LENGTH:], text.encode())
            verified = True
    if not verified:
        raise VerificationError("no known key has signed the note")
    return text


def _split(note: str) -> tuple[str, list[str]]:
    """Divide at the last blank line: the text itself may have blank lines."""
    if len(note) > NOTE_LIMIT:
        raise MalformedError("a note has at most 1,000,000 characters")
    _check_text(note)
    body, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise MalformedError("not a note: a text, a blank line, and lines of signatures")
    lines = signatures.removesuffix("\n").split("\n")
    if len(lines) > SIGNATURE_LIMIT:
        raise MalformedError("a note has at most 100 signatures")
    return body + "\n", lines


def _parse_signature(line: str) -> tuple[str, bytes]:
    match = _SIGNATURE_LINE.fullmatch(line)
    if not match:
        raise MalformedError("not a signature line of a note")
    _check_name(match[1])
    signature = b64decode(match[2])
    if len(signature) <= KEY_ID_LENGTH:
        raise MalformedError("a signature of a note has a key id and then some")
    return match[1], signature


def _check_name(name: str) -> None:
    _check_text(name)
    if not name or "+" in name or any(character.isspace() for character in name):
        raise MalformedError("a key name is not empty and has neither white space nor a plus sign")


def _check_text(text: str) -> None:
    """Refuse what is not valid UTF-8 or has an ASCII control character other than newline."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MalformedError("a note is valid UTF-8") from None
    if _CONTROL.search(text):
        raise MalformedError("a note has no control character but newline")
