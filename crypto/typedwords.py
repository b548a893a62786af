"""Words of the list as people have them: typed, pasted, scanned, in files of any editor.

Numbers, commas, bullets, quotes, capitals, odd spaces, full-width letters and invisible characters
pass: strictness there protects nothing. A word is a whole word of the list or a slip: one that is
abbreviated or completed would be guessed, and a secret is not guessed.
"""

import re
import string
import unicodedata

from crypto.codepoints import IGNORABLE
from crypto.errors import MalformedError
from crypto.textfile import text_in
from crypto.wordlist import WORDS

_KNOWN = frozenset(WORDS)
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_RUN = re.compile("[a-z]+")


def decoded(data: bytes) -> str:
    """Return the text of a file or a pipe: UTF-8, unless a byte order mark says UTF-16.

    Raises:
        MalformedError: it is neither.
    """
    refusal = MalformedError("it is not plain text: save it as UTF-8 and try again")
    try:
        text = text_in(data, utf_32=False)
    except UnicodeDecodeError:
        raise refusal from None
    if "\0" in text:  # UTF-16 without its mark, or UTF-32
        raise refusal
    return text


def words_in(text: str) -> tuple[str, ...]:
    """Return the runs of a to z in a text, known or not.

    NFKC first, then A to Z become a to z. No other letter is folded: the lower case of some would
    fall among ours.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_LOWER)
    return tuple(_RUN.findall(IGNORABLE.sub("", plain)))


def missing_words(text: str, count: int) -> int:
    """Return how many words follow a text that begins well; 0 if it has a slip, or enough."""
    words = words_in(text)
    return max(count - len(words), 0) if _KNOWN.issuperset(words) else 0


def typed_words(text: str, count: int, *, what: str) -> tuple[str, ...]:
    """Return the list's own words for a text that holds exactly ``count`` of them.

    Raises:
        MalformedError: another number of words, or words that are not in the list; it says what
            ``what`` has and names places, never a word.
    """
    words = words_in(text)
    slips = [str(place) for place, word in enumerate(words, 1) if word not in _KNOWN]
    where = f"word {', '.join(slips[:count])} is not in the list"
    if len(words) != count:
        raise MalformedError(
            f"{what} has {count} words, not {len(words)}" + (f"; {where}" if slips else "")
        )
    if slips:
        raise MalformedError(f"mistyped: {where}")
    return words
