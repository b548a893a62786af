"""Tables, times and lists as text for people. Nothing here decides anything.

All text from elsewhere goes through ``clean``: a terminal obeys control characters, and a name or
a reason must not be able to move the cursor and overwrite what was shown before.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from service import streams
from service.domain import words

one_line, listing = words.one_line, words.listing  # as the pages say it

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def clean(text: str) -> str:
    """Return text that a terminal shows and does not obey; newlines stay."""
    return "\n".join(map(one_line, text.split("\n")))


def duration(seconds: int) -> str:
    """Return a length of time in at most two units: ``2 hours 5 minutes``."""
    parts = []
    for name, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'s' if count != 1 else ''}")
    return " ".join(parts[:2]) or "0 seconds"


def entry(leaf: int) -> str:
    """Name the log entry of an act, and the command that shows its receipt."""
    return f"It is entry {leaf} of the log: 'breakglass audit prove {leaf}' shows its receipt."


def moment(text: str, now: datetime) -> str:
    """Return a wire time in words: ``in 5 minutes (14:05 UTC)``; ``never`` for empty text.

    Text that is no time is returned on one line, cleaned: it is only shown.
    """
    if not text:
        return "never"
    try:
        at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return one_line(text)
    away = at - now
    clock = f"{at:%H:%M} UTC" if abs(away) < timedelta(hours=20) else f"{at:%Y-%m-%d %H:%M} UTC"
    if abs(away) < timedelta(seconds=1):
        return f"now ({clock})"
    length = duration(int(abs(away).total_seconds()))
    return f"in {length} ({clock})" if away > timedelta(0) else f"{length} ago ({clock})"


def spoken(words: Sequence[str]) -> str:
    """Number words that are read out, so that a listener can ask for the sixth."""
    return "  ".join(f"{place} {one_line(word)}" for place, word in enumerate(words, 1))


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return aligned lines of plain text; the first has the headers in capitals."""
    cells = [[header.upper() for header in headers], *([one_line(c) for c in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(headers))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def print_table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    rich: bool,
    write: Callable[[str], None],
) -> None:
    """Print a table: by rich on a terminal, as plain lines anywhere else."""
    if not rich:
        for line in table(headers, rows):
            write(line)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(*headers, box=box.SIMPLE_HEAD)
    for row in rows:  # Text, so that brackets in a reason are no markup
        drawn.add_row(*(Text(one_line(cell)) for cell in row))
    console = Console(highlight=False, color_system="auto" if streams.coloured() else None)
    console.print(drawn)
