"""``breakglass audit verify``: everything in an export recomputed, without the service."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from crypto.checkpoint import Checkpoint
from crypto.note import NoteVerifier
from service.client.audit.notes import FOLDER, blank_report, with_notes
from service.client.audit.progress import progress
from service.client.audit.replay.replay import finish, replay, replay_run
from service.client.audit.replay.world import Recorder, World
from service.client.audit.report.filing import check_names, file_report
from service.client.audit.report.report import Report, say
from service.client.audit.report.story import Story
from service.client.audit.tree.blocks import Act
from service.client.audit.tree.marks import Mark, mark_of_file, marks_of_mail
from service.client.audit.tree.tree import open_export, verified_steps
from service.client.audit.tree.witnesses import own_marks
from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.foundation.errors import ClientRefusal

_STEP = 512  # leaves between two moves of the progress bar


@command("verify")
@click.argument("folder", type=FOLDER)
@with_notes
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the report to this new file: .html, .json or .txt.",
)
def verify(
    run: Invocation,
    folder: Path,
    reports: Sequence[Path],
    **notes: Any,  # noqa: ANN401 - as click parsed them
) -> None:
    """Verify an export from the ground up: leaves, root, signatures, states, quorums."""
    check_names(reports)
    story = Story() if any(path.suffix != ".txt" for path in reports) else None
    report = blank_report(folder, story, notes)
    try:
        verify_into(report, since=notes["since"], mails=notes["mails"], workers=notes["workers"])
    except ClientRefusal as refused:
        report.refusal = refused
    file_report(reports, report)
    if report.refusal is not None:
        raise report.refusal
    run.terminal.answer(report.as_json(), lambda: say(run, report))


def verify_into(
    report: Report, *, since: Sequence[Path], mails: Sequence[Path], workers: int
) -> None:
    """Verify the export that a report is about, and fill in the report.

    Raises:
        ClientRefusal: the first thing that is wrong.
    """
    folder, verifier = Path(report.folder), report.verifier
    report.marks += [mark_of_file(path, verifier) for path in since]
    report.marks += [mark for path in mails for mark in marks_of_mail(path, verifier)]
    report.checkpoint = open_export(folder, verifier)
    own = own_marks(folder, verifier)
    with progress("Verifying", report.checkpoint.size) as tick:
        replay_export(
            folder,
            report.checkpoint,
            report.world,
            marks=[*report.marks, *own],
            tick=tick,
            workers=workers,
        )
    gone = report.world.given_up.gone
    report.witnesses.hear(mark for mark in [*own, *report.marks] if mark not in gone)


def verified(
    folder: Path,
    verifier: NoteVerifier,
    *,
    anchors: dict[str, str],
    marks: Sequence[Mark],
    workers: int = 1,
    recorder: Recorder | None = None,
    accept_epoch: bool = False,
) -> World:
    """Return the state that a correct export leads to.

    Raises:
        ClientRefusal: the first thing that is wrong, with its leaf.
    """
    checkpoint = open_export(folder, verifier)
    world = World(anchors=anchors, recorder=recorder, log_key=verifier)
    world.given_up.accepted = accept_epoch
    replay_export(folder, checkpoint, world, marks=marks, workers=workers)
    return world


def replay_export(
    folder: Path,
    checkpoint: Checkpoint,
    world: World,
    *,
    marks: Sequence[Mark],
    workers: int,
    tick: Callable[[int], None] = lambda _count: None,
) -> None:
    """Replay all leaves of an export into ``world``.

    Raises:
        ClientRefusal: the first thing that is wrong, with its leaf.
    """
    ticked = 0
    keys = world.signing_keys
    steps = verified_steps(folder, checkpoint, marks, keys=keys, workers=workers, heads=world.heads)
    for step in steps:
        if isinstance(step, Act):
            replay(world, step.leaf, step.statement)
        else:
            replay_run(world, step)
        if world.tally["leaves"] - ticked >= _STEP:
            tick(world.tally["leaves"] - ticked)
            ticked = world.tally["leaves"]
    finish(world)
    world.remarks += world.given_up.settle()
    for account in world.anchors.keys() - world.accounts.keys():
        raise ClientRefusal("roster-anchor", f"account {account} in your notes is not in the log")
