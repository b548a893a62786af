"""A roster's words: its digest as people read it to each other.

The digest is of public bytes, so anyone who drafts a roster could search for one whose words are
those of another; 100,000 rounds make each try dear.
"""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from crypto.encoding import check_hex_digest
from crypto.wordlist import words_of

ROUNDS = 100_000
_SALT = b"bg1 words"
_LENGTH = 10  # bytes: eight words


def roster_words(digest: str) -> tuple[str, ...]:
    """Return the eight words of a roster, whose digest is given in hexadecimal.

    Raises:
        MalformedError: not 64 hexadecimal digits.
    """
    stretched = PBKDF2HMAC(algorithm=SHA256(), length=_LENGTH, salt=_SALT, iterations=ROUNDS)
    return words_of(stretched.derive(check_hex_digest(digest)))
