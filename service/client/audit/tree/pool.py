"""Blocks of an export checked on all cores, their results in the order of the log.

At most a few blocks per core are under way, so memory does not grow with the log. A short log is
checked in this process: starting others would take longer than the work.
"""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from pathlib import Path

from crypto.tiles import TILE_WIDTH, Tile
from service.client.audit.tree.blocks import CheckedTile, Task, check_block
from service.client.audit.tree.files import EVENTS, lengths_in_events
from service.client.foundation.errors import ClientRefusal

BYTES_IN_A_BLOCK = 500_000  # of leaves: eight tiles of plain ones, or two of statements
PAYS_FROM = 1_000_000  # bytes of leaves: many sign-ins, or rather fewer statements
_AHEAD = 2  # blocks for each worker


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def checked_tiles(
    folder: Path, size: int, keys: Mapping[str, bytes], *, workers: int
) -> Iterator[CheckedTile]:
    """Yield every tile of leaves, checked, in order.

    ``keys`` is read when a block is handed out: it has the keys that the log has named by then.

    Raises:
        ClientRefusal: ``workers-died``.
    """
    tasks = _tasks(folder, size, keys)
    if workers < 2 or not _pays(folder):  # noqa: PLR2004 - one worker is this process
        for task in tasks:
            yield from check_block(task)
        return
    with ProcessPoolExecutor(workers, mp_context=_context()) as pool:
        try:
            for block in _in_order(pool.submit, tasks, workers * _AHEAD):
                yield from block
        except BrokenProcessPool:
            raise ClientRefusal(
                "workers-died",
                "the system ended a verifying process, perhaps because memory ran out",
                "run this again with --workers 1",
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _pays(folder: Path) -> bool:
    path = folder / EVENTS
    return path.is_file() and path.stat().st_size >= PAYS_FROM


def _tasks(folder: Path, size: int, keys: Mapping[str, bytes]) -> Iterator[Task]:
    tiles: list[Tile] = []
    offsets = [0]
    for tile, length in lengths_in_events(folder, size):
        tiles.append(tile)
        offsets.append(offsets[-1] + length)
        enough = offsets[-1] - offsets[0] >= BYTES_IN_A_BLOCK
        if enough or tile.index == (size - 1) // TILE_WIDTH:
            starts = tuple(offsets[:-1])
            yield Task(folder=folder, tiles=tuple(tiles), offsets=starts, keys=dict(keys))
            tiles, offsets = [], offsets[-1:]


def _in_order(
    submit: Callable[..., Future[list[CheckedTile]]], tasks: Iterable[Task], ahead: int
) -> Iterator[list[CheckedTile]]:
    waiting: deque[Future[list[CheckedTile]]] = deque()
    for task in tasks:
        waiting.append(submit(check_block, task))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _context() -> BaseContext:
    """Fork if no other thread could hold a lock; else spawn, which takes longer."""
    forks = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    return multiprocessing.get_context("fork" if forks else "spawn")
