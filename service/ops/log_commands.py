"""``breakglass-ops log``: looking at the log as a whole."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@click.group()
def log() -> None:
    """The log itself: check all of it."""


@log.command()
def check() -> int:
    """Read the whole log, compare everything in it, and name each fault; exit code 1 if any.

    Rows, hashes, the tree, stored checkpoints and the guard. Changes nothing, and the service may
    run meanwhile. Allow some minutes for a million entries.
    """
    from service import clock as clocks
    from service.ops.log_check import looking
    from service.ops.opening import settings

    count, ticks = 0, _Ticks()
    with looking(settings(), clocks.now, ticks) as look, _bar(look.size) as move:
        ticks.move = move
        for fault in look.faults:
            count += 1
            click.echo(f"- {fault.message}")
        size = look.size
    if count:
        click.echo(f"{count} {'fault' if count == 1 else 'faults'} in {size} entries.")
        click.echo("Stop the service, keep a copy of the database as evidence, tell the auditor.")
        return 1
    click.echo(f"{size} entries, and nothing is wrong with them.")
    return 0


class _Ticks:
    """Passes progress on to a bar that is made later than what moves it."""

    def __init__(self) -> None:
        self.move: Callable[[int], None] = lambda _count: None

    def __call__(self, count: int) -> None:
        self.move(count)


@contextmanager
def _bar(size: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, if somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=size, label="Checking", file=sys.stderr) as bar:
        yield bar.update
