"""``breakglass-ops log``: looking at the log as a whole, and going on after a restore."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@click.group()
def log() -> None:
    """Check the whole log, or continue it after a restore."""


@log.command()
def check() -> int:
    """Read the whole log, compare everything in it, and name each fault; exit code 1 if any.

    Rows, hashes, the tree, stored checkpoints and the guard. Changes nothing; the service may keep
    running. Allow half a minute for a million entries.
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
        click.echo(
            "Stop the service, keep a copy of the database as evidence, and tell the auditor."
        )
        return 1
    click.echo(f"{size} entries, no faults.")
    return 0


@log.command("new-epoch")
@click.option("--why", required=True, help="Why an older copy was restored; this is logged.")
@click.option(
    "--newer",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A kept checkpoint that covers more entries than the guard's.",
)
@click.confirmation_option(
    prompt="Is there no newer copy of the database? Everything signed after this one is abandoned, "
    "and this is announced"
)
def new_epoch(why: str, newer: Path | None) -> None:
    """Continue an older copy of the log after a restore; this is announced as urgent.

    The signer refuses a log that lacks what it signed. This appends a leaf with the checkpoint that
    is abandoned, who ordered this and why, ends all sessions, links, windows and open requests, and
    signs again. Stop the service first.
    """
    from service.ops import unixuser
    from service.ops.new_epoch import begin
    from service.ops.opening import settings

    kept = newer.read_text(encoding="utf-8") if newer else ""
    epoch = begin(settings(), unixuser.actor(), why, kept)
    click.echo(
        f"A new epoch began (entry {epoch.size}). Abandoned: the checkpoint over "
        f"{epoch.abandoned.size} entries; the first {epoch.continues} are unchanged.\n"
        "No one knows what the lost entries recorded: change every password that may have been "
        "released and seal the new one, and keep the old database and guard for the auditor."
    )


class _Ticks:
    """Passes progress on to a bar that is made later than what moves it."""

    def __init__(self) -> None:
        self.move: Callable[[int], None] = lambda _count: None

    def __call__(self, count: int) -> None:
        self.move(count)


@contextmanager
def _bar(size: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=size, label="Checking", file=sys.stderr) as bar:
        yield bar.update
