"""How a figure is made: two things done in turn, A B B A, and the ratio of their medians.

Beside it stands the ratio of their first deciles. What others do on the machine meanwhile delays
whoever takes longer more often: it moves the medians, and the quickest tenth hardly at all.

What can be counted instead, such as bytes, has a table of its own. What a row compares, its limit
and the reason for it stand in ``kinds``.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.benchmarks.kinds import KINDS, Kind

Timed = Callable[[], object]
WARM = 3  # pairs that are done first and not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table, made of ``count`` pairs; times are medians in milliseconds.

    ``quick`` is ours to bare in the quickest tenth; ``kind`` is a name in ``kinds``.
    """

    name: str
    kind: str
    ours: float
    bare: float
    quick: float
    count: int

    @property
    def of(self) -> Kind:
        """What is compared."""
        return KINDS[self.kind]

    @property
    def ratio(self) -> float:
        """What is shown and held against the limit."""
        return self.bare / self.ours if self.of.turned else self.ours / self.bare

    @property
    def calm(self) -> float:
        """The same ratio of the quickest tenths."""
        return 1 / self.quick if self.of.turned else self.quick

    @property
    def verdict(self) -> str:
        """One word."""
        return self.of.verdict(self.ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Something counted once, the same on every machine."""

    name: str
    kind: str
    found: int

    @property
    def of(self) -> Kind:
        """What is counted."""
        return KINDS[self.kind]

    @property
    def verdict(self) -> str:
        """One word."""
        return self.of.verdict(self.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowest:
    """Milliseconds that 99 of 100 calls stay below, of ``count``.

    Unlike a ratio it depends on the machine, and on what else runs there.
    """

    name: str
    kind: str
    middle: float
    slow: float
    count: int

    @property
    def of(self) -> Kind:
        """What is called."""
        return KINDS[self.kind]

    @property
    def verdict(self) -> str:
        """One word."""
        return self.of.verdict(self.slow)


Figure = Row | Count | Slowest


def milliseconds(act: Timed) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def in_turn(name: str, kind: str, pairs: Iterable[tuple[Timed, Timed]]) -> Row:
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
    return row_of(name, kind, ours, bare)


def row_of(name: str, kind: str, ours: Sequence[float], bare: Sequence[float]) -> Row:
    """A row from times in milliseconds that somebody else has taken, in turn."""
    return Row(
        name=name,
        kind=kind,
        ours=statistics.median(ours),
        bare=statistics.median(bare),
        quick=_first_decile(ours) / _first_decile(bare),
        count=len(ours),
    )


def slowest(name: str, kind: str, calls: Iterable[Timed]) -> Slowest:
    """Time each call."""
    times = [milliseconds(call) for call in calls][WARM:]
    return Slowest(
        name=name,
        kind=kind,
        middle=statistics.median(times),
        slow=statistics.quantiles(times, n=100)[-1],
        count=len(times),
    )


def _first_decile(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=10)[0]


def again(ours: Timed, bare: Timed, rounds: int) -> Iterator[tuple[Timed, Timed]]:
    """The same pair so often, and the warming up before it."""
    for _ in range(rounds + WARM):
        yield ours, bare
