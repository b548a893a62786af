"""A bar on standard error, if somebody watches; what is counted are leaves of the log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MOVES = 200  # that the bar makes at most


@contextmanager
def progress(what: str, size: int) -> Iterator[Callable[[int], None]]:
    """Yield what is to be called with each number of leaves that is done.

    Without a terminal nothing is written. No thread is started, which worker processes would have
    to be careful of: the bar moves when it is told to.
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
        console=Console(stderr=True),
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
