"""The words of a paper: typed row by row, or from a file; one paper at a time."""

import re
from contextlib import suppress
from pathlib import Path

from crypto.envelope import MNEMONIC_WORDS
from crypto.errors import MalformedError
from crypto.typedwords import decoded, typed_words, words_in
from service.client.cli.invocation import Invocation
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.givenfile import read_given

_LIMIT = 20_000  # bytes: a whole printed page, in UTF-16 too
_WHAT = "a paper"
_BLANK = re.compile(r"\n\s*\n")


def read_paper(path: Path) -> tuple[str, ...]:
    """Return the 33 words in a file: they alone, or the page that ``breakglass paper`` prints.

    Raises:
        ClientRefusal: ``malformed-paper``; a code of ``foundation.givenfile``.
    """
    try:
        text = decoded(read_given(path, _LIMIT)).replace("\r\n", "\n").replace("\r", "\n")
        for part in _BLANK.split(text):
            with suppress(MalformedError):
                return typed_words(part, MNEMONIC_WORDS, what=_WHAT)
        return typed_words(text, MNEMONIC_WORDS, what=_WHAT)
    except MalformedError as slip:
        raise ClientRefusal("malformed-paper", f"{path}: {slip}") from None


def type_paper(run: Invocation) -> tuple[str, ...]:
    """Return the 33 words of a paper as they are typed, in rows of any length, hidden.

    Each row is looked at as it comes; one with a slip is typed again, a full stop begins anew.

    Raises:
        ClientRefusal: ``needs-answer``.
    """
    found: list[str] = []
    while len(found) < MNEMONIC_WORDS:
        begins = "The words of a paper, from the first on"
        following = f"Words from {len(found) + 1} on (a full stop begins again)"
        row = run.terminal.ask(following if found else begins, option="--paper", hidden=True)
        count = len(words_in(row))
        if not count:
            found = []
            continue
        try:
            found += typed_words(row, count, what="this row")
        except MalformedError as slip:
            run.terminal.note(f"{slip} in this row: type the row again")
        if len(found) > MNEMONIC_WORDS:
            run.terminal.note(f"a paper has {MNEMONIC_WORDS} words, not {len(found)}: begin again")
            found = []
    return tuple(found)
