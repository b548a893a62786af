"""Recovery phrases: ten generated words, an eleventh as a checksum, and the keys from them.

Runs on a person's own device only. A phrase is generated and never chosen: anyone who reads a
stored slot must guess 100 random bits, and PBKDF2 multiplies the price of each guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from crypto.encoding import sha256
from crypto.errors import MalformedError
from crypto.randomness import random_below
from crypto.secret import SecretBytes
from crypto.typedwords import typed_words
from crypto.wordlist import WORDS, words_of

ITERATIONS = 600_000
SALT_LENGTH = 16
KEY_LENGTH = 32
WORD_COUNT = 10
PHRASE_WORDS = WORD_COUNT + 1  # with the check word


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseKeys:
    """The keys that a phrase gives: one to sign in with, and one that unwraps the root.

    The service stores SHA-256 of the sign-in key and never sees the slot key.
    """

    sign_in_key: SecretBytes
    slot_key: SecretBytes


def generate_phrase() -> tuple[str, ...]:
    """Return ten random words and the check word."""
    words = tuple(WORDS[random_below(len(WORDS))] for _ in range(WORD_COUNT))
    return (*words, _check_word(words))


def check_phrase(text: str) -> tuple[str, ...]:
    """Return the eleven words of a phrase as a person has it (:mod:`crypto.typedwords`).

    Raises:
        MalformedError: mistyped: not eleven words, a word that is not in the list (the message has
            its place, never the word), or a check word that does not match.
    """
    words = typed_words(text, PHRASE_WORDS, what="a recovery phrase")
    if _check_word(words[:WORD_COUNT]) != words[WORD_COUNT]:
        raise MalformedError("mistyped: the last word does not match the ten before it")
    return words


def phrase_keys(words: Sequence[str], salt: bytes, iterations: int) -> PhraseKeys:
    """Derive both keys with PBKDF2-HMAC-SHA-256 (RFC 8018) from the words without the check.

    Other parameters than the protocol's are refused: a server that asks for fewer iterations wants
    a sign-in key from which the phrase is cheap to guess.

    Raises:
        MalformedError: not a phrase, not a 16-byte salt, or not exactly 600,000 iterations.
    """
    checked = check_phrase(" ".join(words))
    if iterations != ITERATIONS or len(salt) != SALT_LENGTH:
        raise MalformedError(
            f"a phrase needs exactly {ITERATIONS} iterations and a salt of {SALT_LENGTH} bytes"
        )
    derived = PBKDF2HMAC(
        algorithm=SHA256(), length=2 * KEY_LENGTH, salt=salt, iterations=iterations
    ).derive(_joined(checked[:WORD_COUNT]))
    return PhraseKeys(
        sign_in_key=SecretBytes(derived[:KEY_LENGTH]), slot_key=SecretBytes(derived[KEY_LENGTH:])
    )


def _check_word(words: Sequence[str]) -> str:
    return words_of(sha256(_joined(words)), 1)[0]


def _joined(words: Sequence[str]) -> bytes:
    return " ".join(words).encode("ascii")
