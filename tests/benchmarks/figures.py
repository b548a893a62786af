"""How a figure is made: two things done in turn, A B A B, and the ratio of their medians.

Beside it stands the ratio of their first deciles. What others do on the machine meanwhile delays
whoever takes longer more often: it moves the medians, and the quickest tenth hardly at all.

What can be counted instead, such as bytes, has a table of its own.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

Timed = Callable[[], object]
_RATIOS = ("what", "ours ms", "bare ms", "n", "ratio", "limit", "verdict", "calm")
_SLOW = ("what", "median ms", "p99 ms", "n", "limit", "verdict")
_COUNTED = ("what", "counted", "limit", "verdict")
WARM = 3  # pairs that are done first and not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table, made of ``count`` pairs; times are medians in milliseconds.

    ``quick`` is ours to bare in the quickest tenth.

    ``at_most`` bounds the ratio of ours to bare; ``at_least`` is wished of its inverse, which is
    the share of the bare speed that is left.
    """

    name: str
    ours: float
    bare: float
    quick: float
    count: int
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        """What is shown and held against the limit."""
        return self.bare / self.ours if self.at_least is not None else self.ours / self.bare

    @property
    def calm(self) -> float:
        """The same ratio of the quickest tenths."""
        return 1 / self.quick if self.at_least is not None else self.quick

    @property
    def limit(self) -> str:
        """The limit as the table shows it."""
        if self.at_least is not None:
            return f">= {self.at_least}"
        return f"<= {self.at_most}" if self.at_most is not None else ""

    @property
    def verdict(self) -> str:
        """One word."""
        if self.at_least is not None:
            return "met" if self.ratio >= self.at_least else "missed"
        if self.at_most is not None:
            return "within" if self.ratio <= self.at_most else "OVER"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Something counted once, the same on every machine; ``at_most`` None: only told."""

    name: str
    found: int
    at_most: int | None = None

    @property
    def limit(self) -> str:
        """The limit as the table shows it."""
        return "" if self.at_most is None else f"<= {self.at_most:,}"

    @property
    def verdict(self) -> str:
        """One word."""
        if self.at_most is None:
            return ""
        return "within" if self.found <= self.at_most else "OVER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowest:
    """Milliseconds that 99 of 100 calls stay below, of ``count``; ``at_most`` is their limit.

    Unlike a ratio it depends on the machine, and on what else runs there.
    """

    name: str
    middle: float
    slow: float
    count: int
    at_most: float

    @property
    def verdict(self) -> str:
        """One word."""
        return "within" if self.slow <= self.at_most else "OVER"


Figure = Row | Count | Slowest


def milliseconds(act: Timed) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def in_turn(
    name: str,
    pairs: Iterable[tuple[Timed, Timed]],
    *,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Row:
    """Time pairs of (ours, bare); every second pair begins with the bare one."""
    ours, bare = [], []
    for number, (a, b) in enumerate(pairs):
        if number % 2:
            second, first = milliseconds(b), milliseconds(a)
        else:
            first, second = milliseconds(a), milliseconds(b)
        if number >= WARM:
            ours.append(first)
            bare.append(second)
    return row_of(name, ours, bare, at_most=at_most, at_least=at_least)


def row_of(
    name: str,
    ours: Sequence[float],
    bare: Sequence[float],
    *,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Row:
    """A row from times in milliseconds that somebody else has taken, in turn."""
    return Row(
        name=name,
        ours=statistics.median(ours),
        bare=statistics.median(bare),
        quick=_first_decile(ours) / _first_decile(bare),
        count=len(ours),
        at_most=at_most,
        at_least=at_least,
    )


def slowest(name: str, calls: Iterable[Timed], *, at_most: float) -> Slowest:
    """Time each call."""
    times = [milliseconds(call) for call in calls][WARM:]
    return Slowest(
        name=name,
        middle=statistics.median(times),
        slow=statistics.quantiles(times, n=100)[-1],
        count=len(times),
        at_most=at_most,
    )


def _first_decile(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=10)[0]


def again(ours: Timed, bare: Timed, rounds: int) -> Iterator[tuple[Timed, Timed]]:
    """The same pair so often, and the warming up before it."""
    for _ in range(rounds + WARM):
        yield ours, bare


def say(figure: Figure) -> str:
    """One figure on one line."""
    if isinstance(figure, Row):
        value = f"{figure.ratio:.2f}"
    elif isinstance(figure, Count):
        value = f"{figure.found:,}"
    else:
        value = f"{figure.slow:.2f} ms"
    return f"{figure.name}: {value} {figure.verdict}"


def table(figures: Sequence[Figure]) -> str:
    """A table of each kind, in columns, for a terminal and for the documentation alike."""
    ratios = [_cells(one) for one in figures if isinstance(one, Row)]
    slow = [_slow(one) for one in figures if isinstance(one, Slowest)]
    counts = [_counted(one) for one in figures if isinstance(one, Count)]
    tables = [
        _columns([_RATIOS, *ratios], left={0, 5, 6}) if ratios else "",
        _columns([_SLOW, *slow], left={0, 4, 5}) if slow else "",
        _columns([_COUNTED, *counts], left={0, 2, 3}) if counts else "",
    ]
    return "\n\n".join(text for text in tables if text)


def _columns(lines: list[tuple[str, ...]], *, left: set[int]) -> str:
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(line, widths, left) for line in [lines[0], rule, *lines[1:]])


def _counted(count: Count) -> tuple[str, ...]:
    return (count.name, f"{count.found:,}", count.limit, count.verdict)


def _slow(one: Slowest) -> tuple[str, ...]:
    limit = f"<= {one.at_most:.0f}"
    return (
        one.name,
        f"{one.middle:.2f}",
        f"{one.slow:.2f}",
        str(one.count),
        limit,
        one.verdict,
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        f"{row.ours:.3f}",
        f"{row.bare:.3f}",
        str(row.count),
        f"{row.ratio:.2f}",
        row.limit,
        row.verdict,
        f"{row.calm:.2f}",
    )


def _line(cells: Sequence[str], widths: Sequence[int], left: set[int]) -> str:
    padded = (
        cell.ljust(width) if i in left else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join(padded)} |"
