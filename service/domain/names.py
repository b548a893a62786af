"""Names and e-mail addresses before anything is signed: one spelling each, and none like another.

What a chain refuses is a closed list (docs/protocol.md, "Encodings"). What is judged here may
change with the tables of a later Python, so no one who verifies judges by it. Letters of several
scripts that look alike are for people to hear: they compare words by voice.
"""

import unicodedata
from collections.abc import Iterable


def address(email: str) -> str:
    """Return the one spelling under which a mailbox is known: trimmed, NFC, in lower case."""
    return composed(composed(email.strip()).casefold())


def composed(text: str) -> str:
    """Return the NFC of a text."""
    return unicodedata.normalize("NFC", text)


def sound(name: str) -> str:
    """Return one text for all names that differ in case, width or composition alone."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def told_apart(names: Iterable[str]) -> bool:
    """Whether each name is composed, and no two sound the same."""
    given = list(names)
    plain = all(name == composed(name) for name in given)
    return plain and len({sound(name) for name in given}) == len(given)
