"""Figures as text: one on a line while they come, all in tables at the end, and the document's.

``docs/performance.md`` has two places between marks: what is compared, written from ``kinds`` (a
test compares it), and the tables of one whole run.
"""

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figures import Count, Figure, Row, Slowest
from tests.benchmarks.kinds import KINDS, Kind

MEASURED, COMPARED = "tables of make bench", "what is compared"
_END = ("n", "ratio", "limit", "verdict", "calm")
_BARE = ("what", "ours ms", "bare ms", *_END)
_OURS = ("what", "ours ms", "beside ms", *_END)
_SLOW = ("what", "median ms", "p99 ms", "n", "limit", "verdict")
_COUNTED = ("what", "counted", "limit", "verdict")


def say(figure: Figure) -> str:
    """One figure on one line."""
    if isinstance(figure, Row):
        value = f"{figure.ratio:.2f} ({figure.ours:.3f} ms beside {figure.bare:.3f} ms)"
    elif isinstance(figure, Count):
        value = f"{figure.found:,}"
    else:
        value = f"{figure.slow:.2f} ms"
    return f"{figure.name}: {value} {figure.verdict}".rstrip()


def tables(figures: Sequence[Figure]) -> str:
    """A table of each sort, in columns, for a terminal and for the documentation alike."""
    rows = [one for one in figures if isinstance(one, Row)]
    made = [
        _columns(_BARE, [_cells(one) for one in rows if not one.of.beside_ours], left={0, 5, 6}),
        _columns(_OURS, [_cells(one) for one in rows if one.of.beside_ours], left={0, 5, 6}),
        _columns(
            _SLOW, [_slow(one) for one in figures if isinstance(one, Slowest)], left={0, 4, 5}
        ),
        _columns(
            _COUNTED, [_counted(one) for one in figures if isinstance(one, Count)], left={0, 2, 3}
        ),
    ]
    return "\n\n".join(text for text in made if text)


def compared() -> str:
    """What each kind of row compares: not in columns, since its cells are sentences."""
    lines = ["| row | ours | bare | limit | why there |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*lines, *(_sentences(kind) for kind in KINDS.values())])


def replaced(document: str, name: str, text: str) -> str:
    """The document with this text between the marks of that name.

    Raises:
        ValueError: the marks are not there, once each.
    """
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, mark, rest = document.partition(begin)
    _, mark_too, after = rest.partition(end)
    if not mark or not mark_too or begin in rest or end in after:
        raise ValueError(f"no one place for {name}")
    return f"{before}{begin}\n{text}\n\n{end}{after}"


def write_into(path: Path, measured: str) -> None:
    """Put the tables of a whole run, and what they compare, into the document."""
    document = path.read_text(encoding="utf-8")
    for name, text in ((COMPARED, compared()), (MEASURED, measured)):
        document = replaced(document, name, text)
    path.write_text(document, encoding="utf-8")


def _sentences(kind: Kind) -> str:
    return f"| {kind.rows} | {kind.ours} | {kind.bare} | {kind.limit} | {kind.why} |"


def _columns(head: tuple[str, ...], lines: Sequence[tuple[str, ...]], *, left: set[int]) -> str:
    if not lines:
        return ""
    widths = [max(len(line[i]) for line in (head, *lines)) for i in range(len(head))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(line, widths, left) for line in (head, rule, *lines))


def _counted(count: Count) -> tuple[str, ...]:
    return (count.name, f"{count.found:,}", count.of.limit, count.verdict)


def _slow(one: Slowest) -> tuple[str, ...]:
    times = (f"{one.middle:.2f}", f"{one.slow:.2f}")
    return (one.name, *times, str(one.count), one.of.limit, one.verdict)


def _cells(row: Row) -> tuple[str, ...]:
    times = (f"{row.ours:.3f}", f"{row.bare:.3f}", str(row.count))
    return (row.name, *times, f"{row.ratio:.2f}", row.of.limit, row.verdict, f"{row.calm:.2f}")


def _line(cells: Sequence[str], widths: Sequence[int], left: set[int]) -> str:
    padded = (
        cell.ljust(width) if i in left else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join(padded)} |"
