"""What people type for an account or a request, read as what it stands for. Nothing is looked up.

An account is meant by its twelve digits in any grouping, with a point and a number from 2 for a
further line of it, or by its name; a request by its id, by the address of its page, or by the first
characters of its id. An interface for programs stays strict and does not use this.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping

SHORTEST = 4  # characters of a request's id

_BETWEEN = r"[\s.\-\u2010-\u2015\u2212]"  # blanks, points, hyphens, dashes
_ACCOUNT = re.compile(rf"([0-9](?:{_BETWEEN}*[0-9]){{11}})(?:\s*\.\s*([2-9]|[1-9][0-9]{{1,2}}))?")
_APART = re.compile(_BETWEEN)
_PAGE = re.compile(r"/requests/([0-9a-f-]+)(?:[/?#].*)?", re.DOTALL)
_DIGITS = re.compile(r"[0-9a-f]{4,32}")
_WHOLE = 32  # hexadecimal digits of an id
_PARTS = (8, 12, 16, 20)


def account_id(text: str) -> str:
    """Return the id of the account, or of the line of it, that digits mean; empty if none."""
    found = _ACCOUNT.fullmatch(text.strip())
    if found is None:
        return ""
    digits, line = _APART.sub("", found[1]), found[2]
    return f"{digits}.{line}" if line else digits


def accounts_meant(text: str, names: Mapping[str, str]) -> list[str]:
    """Return the ids of the accounts that have a name; ``names`` are the names known, by id."""
    wanted = _folded(text)
    return sorted(account for account, name in names.items() if wanted and _folded(name) == wanted)


def request_id(text: str) -> str:
    """Return a request's id, or at least its first four characters; empty if it is neither.

    Only an answer of 36 characters is an id; one that is shorter is to be looked up.
    """
    typed = text.strip().rstrip("\u2026").lower()  # as a narrow table shortens it
    page = _PAGE.search(typed)
    digits = (page[1] if page else typed).replace("-", "")
    if not _DIGITS.fullmatch(digits) or (page and len(digits) != _WHOLE):
        return ""
    places = (0, *(place for place in _PARTS if place < len(digits)), len(digits))
    return "-".join(digits[start:end] for start, end in itertools.pairwise(places))


def is_whole(request: str) -> bool:
    """Whether ``request_id`` has returned an id, and not only its beginning."""
    return len(request.replace("-", "")) == _WHOLE


def requests_meant(beginning: str, ids: Iterable[str]) -> list[str]:
    """Return the ids that begin so."""
    return sorted({known for known in ids if known.startswith(beginning)})


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
