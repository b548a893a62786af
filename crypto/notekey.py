"""Keys of signed notes (C2SP signed-note, v1.0.0): a name, a kind, and an Ed25519 key.

The kind is one byte, the signature type: 0x01 signs a note's text, 0x04 is a witness's
cosignature. Users pass on a key as its verifier key,
``<name>+<key id in hex>+<base64(kind || public key)>``.
"""

import re
from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto import suite
from crypto.encoding import b64decode, b64encode, sha256
from crypto.errors import MalformedError
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes

KEY_ID_LENGTH = 4

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_PRIVATE = "PRIVATE+KEY+"
_SEED_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key and the name by which its signatures are found.

    Raises:
        MalformedError: a name that is empty or has white space or ``+``; a key that is not
            canonical, or of small order.
    """

    KIND: ClassVar[bytes]
    WHOSE: ClassVar[str]

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        """Refuse a name that breaks a signature line, and a key under which anything verifies."""
        check_name(self.name)
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
            raise MalformedError(f"not a verifier key of {cls.WHOSE}")
        return verifier

    @property
    def key_id(self) -> bytes:
        """Four bytes that, with the name, say which key has signed. Too few for a fingerprint."""
        named = self.name.encode() + b"\n" + self.KIND + self.public_key
        return sha256(named)[:KEY_ID_LENGTH]

    @property
    def vkey(self) -> str:
        """The verifier key as text."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(self.KIND + self.public_key)}"


V = TypeVar("V", bound=VerifierKey)


class PrivateKey(Generic[V]):
    """The private half: 32 bytes of an Ed25519 seed and the key's name."""

    VERIFIER: type[V]

    def __init__(self, name: str, seed: SecretBytes) -> None:
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed.reveal())
        public_key = self._key.public_key().public_bytes_raw()
        self.verifier: V = self.VERIFIER(name=name, public_key=public_key)

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
        refusal = MalformedError(f"not the private key of {cls.VERIFIER.WHOSE}")
        try:
            name, _, rest = text.reveal().decode().removeprefix(_PRIVATE).partition("+")
            seed = b64decode(rest[2 * KEY_ID_LENGTH + 1 :])[1:]
        except UnicodeDecodeError:
            raise refusal from None
        if len(seed) != _SEED_LENGTH:
            raise refusal
        key = cls(name, SecretBytes(seed))
        if key.private_key != text:
            raise refusal
        return key

    @property
    def private_key(self) -> SecretBytes:
        """The key as text, in the form that other tools for notes read too."""
        key_id = self.verifier.key_id.hex()
        seed = b64encode(self.VERIFIER.KIND + self._seed.reveal())
        return SecretBytes(f"{_PRIVATE}{self.verifier.name}+{key_id}+{seed}".encode())


def check_name(name: str) -> None:
    """Refuse a name that a signature line or a verifier key could not carry.

    Raises:
        MalformedError: empty, or with white space, ``+``, or what ``check_text`` refuses.
    """
    check_text(name)
    if not name or "+" in name or any(character.isspace() for character in name):
        raise MalformedError("a key name must not be empty or have white space or a plus sign")


def check_text(text: str) -> None:
    """Refuse what is not valid UTF-8 or has an ASCII control character other than newline.

    Raises:
        MalformedError: see above.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MalformedError("a note must be valid UTF-8") from None
    if _CONTROL.search(text):
        raise MalformedError("a note must not have a control character other than newline")
