"""AWS's rule for a root user's password, and a generator that satisfies it.

Source: AWS Account Management reference guide, "Update the root user password". The comparison with
the account's name, e-mail address and id is wider than AWS's.
"""

import string
import unicodedata
from collections.abc import Sequence

from crypto.errors import MalformedError
from crypto.randomness import random_below

SYMBOLS = "!@#$%^&*()<>[]{}|_+-="
MIN_LENGTH = 8
MAX_LENGTH = 128
DEFAULT_LENGTH = 64
CLASSES_NEEDED = 3

_CLASSES: Sequence[str] = (
    string.ascii_uppercase,
    string.ascii_lowercase,
    string.digits,
    SYMBOLS,
)
_ALPHABET = "".join(_CLASSES)


def generate(length: int = DEFAULT_LENGTH) -> str:
    """Return a password of letters, digits and AWS's 21 symbols.

    Every password that satisfies the rule is equally likely: one that does not is discarded whole.
    Repairing it would make some passwords more likely than others.

    Raises:
        ValueError: fewer than 8 or more than 128 characters.
    """
    if not MIN_LENGTH <= length <= MAX_LENGTH:
        raise ValueError(f"a password must have {MIN_LENGTH} to {MAX_LENGTH} characters")
    while True:
        password = "".join(_ALPHABET[random_below(len(_ALPHABET))] for _ in range(length))
        if _class_count(password) >= CLASSES_NEEDED:
            return password


def check_password(password: str, *, account: str, name: str, email: str) -> None:
    """Accept a password that AWS accepts for this account's root user.

    Characters are counted as code points. Those outside the four classes are allowed and count for
    none; controls, line ends and lone surrogates, which cannot be typed, are refused.

    Raises:
        MalformedError: with the reason, which does not repeat the password.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise MalformedError(f"a password must have {MIN_LENGTH} to {MAX_LENGTH} characters")
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in password):
        raise MalformedError("a password must not have control characters or line ends")
    if _class_count(password) < CLASSES_NEEDED:
        raise MalformedError(
            "a password needs at least three of: upper case, lower case, digits, "
            f"the symbols {SYMBOLS}"
        )
    if _folded(password) in {_folded(account), _folded(name), _folded(email)}:
        raise MalformedError("a password must not be the account's id, name or e-mail address")


def _class_count(password: str) -> int:
    return sum(not members.isdisjoint(password) for members in map(frozenset, _CLASSES))


def _folded(text: str) -> str:
    """Return one text for all that look or sound alike: width, case, composition."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
