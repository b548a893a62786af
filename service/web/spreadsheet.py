"""Tables as text for spreadsheets (RFC 4180), in which no cell is a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
# What spreadsheets take for the beginning of a formula, after spaces too (OWASP, CSV injection),
# and the full-width twins that some fold to them.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BREAKS = ("\t", "\r", "\n")


def rows(table: Iterable[Sequence[str | int]]) -> Iterator[bytes]:
    """Each row as a line; every text is quoted, and one that could be run is made plain."""
    for row in table:
        line = StringIO()
        writer = csv.writer(line, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        writer.writerow([cell if isinstance(cell, int) else plain(cell) for cell in row])
        yield line.getvalue().encode()


def plain(text: str) -> str:
    """Text with an apostrophe before it where a spreadsheet would run or cut it otherwise."""
    runs = text.lstrip(" ").startswith(_FORMULA) or text.startswith(_BREAKS)
    return f"'{text}" if runs else text
