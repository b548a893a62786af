"""The words of a roster and of a log's key: their digests as people read them to each other.

The digests are of public bytes, so anyone who drafts a roster, or makes a key, could search for one
whose words are those of another; 100,000 rounds make each try dear.
"""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from crypto.encoding import check_hex_digest, sha256
from crypto.wordlist import words_of

ROUNDS = 100_000
_SALT = b"bg1 words"
_KEY_SALT = b"bg1 log key words"
_LENGTH = 10  # bytes: eight words


def roster_words(digest: str) -> tuple[str, ...]:
    """Return the eight words of a roster, whose digest is given in hexadecimal.

    Raises:
        MalformedError: not 64 hexadecimal digits.
    """
    return _spoken(check_hex_digest(digest), _SALT)


def log_key_words(verifier_key: str) -> tuple[str, ...]:
    """Return the eight words of a log's verifier key, which is ASCII text.

    Raises:
        UnicodeEncodeError: it is not.
    """
    return _spoken(sha256(verifier_key.encode("ascii")), _KEY_SALT)


def _spoken(digest: bytes, salt: bytes) -> tuple[str, ...]:
    stretched = PBKDF2HMAC(algorithm=SHA256(), length=_LENGTH, salt=salt, iterations=ROUNDS)
    return words_of(stretched.derive(digest))
