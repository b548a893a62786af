"""A progress bar on standard error, if that is a terminal; it counts leaves of the log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service import streams

_MOVES = 200  # at most; drawing takes time


@contextmanager
def progress(what: str, size: int) -> Iterator[Callable[[int], None]]:
    """Yield a function to call with the number of leaves done since the last call.

    Without a terminal nothing is written. The bar has no thread of its own, which would make
    forking worker processes unsafe: it moves only when the function is called.
    """
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("leaves"),
        TimeRemainingColumn(),
        console=Console(stderr=True, color_system="auto" if streams.coloured() else None),
        auto_refresh=False,
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=size)

        waiting = 0

        def tick(count: int) -> None:
            nonlocal waiting
            waiting += count
            if waiting * _MOVES >= size:  # drawing it takes longer than verifying a leaf
                bar.update(task, advance=waiting, refresh=True)
                waiting = 0

        yield tick
