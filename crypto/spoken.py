"""The words of a roster, of a log's key and of a release's page: digests as people read them aloud.

The digests are of public bytes, so anyone who drafts a roster, or makes a key or a page, could
search for one whose words are those of another; 100,000 rounds make each try dear.
"""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from crypto.encoding import check_hex_digest, sha256
from crypto.wordlist import words_of

ROUNDS = 100_000
_SALT = b"bg1 words"
_KEY_SALT = b"bg1 log key words"
_PAGE_SALT = b"bg1 page words"
_LENGTH = 10  # bytes: eight words


def roster_words(digest: str) -> tuple[str, ...]:
    """Return the eight words of a roster, whose digest is given in hexadecimal.

    Raises:
        MalformedError: not 64 hexadecimal digits.
    """
    return _spoken(check_hex_digest(digest), _SALT)


def log_key_words(verifier_key: str) -> tuple[str, ...]:
    """Return the eight words of a log's verifier key."""
    return _spoken(sha256(verifier_key.encode()), _KEY_SALT)


def page_words(page: bytes) -> tuple[str, ...]:
    """Return the eight words of the page that the browser's application begins with."""
    return _spoken(sha256(page), _PAGE_SALT)


def _spoken(digest: bytes, salt: bytes) -> tuple[str, ...]:
    stretched = PBKDF2HMAC(algorithm=SHA256(), length=_LENGTH, salt=salt, iterations=ROUNDS)
    return words_of(stretched.derive(digest))
