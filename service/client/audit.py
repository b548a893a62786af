"""``breakglass audit``: take the log out of the house, and verify it without the service."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from crypto.encoding import check_hex_digest
from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from service.client import memory
from service.client.audit_export import opened, start_export, write_export
from service.client.audit_marks import Mark, mark_of_file, marks_of_mail
from service.client.audit_replay import finish, replay
from service.client.audit_report import Report, say
from service.client.audit_tree import open_export, verified_leaves
from service.client.audit_world import World
from service.client.errors import ClientRefusal
from service.client.invocation import Invocation
from service.client.options import command

_STEP = 512  # leaves between two moves of the progress bar


@click.group("audit")
def audit() -> None:
    """Export the log, and verify an export."""


@command("export", signs=True)
@click.argument("folder", type=click.Path(path_type=Path))
def export(run: Invocation, folder: Path) -> None:
    """Write the whole log into FOLDER, made anew, as C2SP tiles and events.jsonl."""
    if folder.exists():
        raise ClientRefusal("file-exists", f"{folder} is there already; name another")
    with run.api() as api:
        exported = start_export(api)
        run.check_log(api)
        verifier = _verifier(_pinned(run, api.server))
        checkpoint = opened(exported, verifier)
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            with _progress(run, checkpoint.size, "Fetching") as tick:
                write_export(api, exported, checkpoint, unfinished, tick)
            unfinished.rename(folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    run.terminal.answer(
        {
            "folder": str(folder),
            "size": checkpoint.size,
            "leaf": exported.leaf,
            "verifier_key": verifier.vkey,
        },
        lambda: run.terminal.say(
            f"{checkpoint.size} leaves in {folder}. To verify them, anywhere:\n"
            f"  breakglass audit verify {folder} --key '{verifier.vkey}'"
        ),
    )


def _pinned(run: Invocation, server: str) -> str:
    seen = memory.seen_log(run.home, server)
    if seen is None:
        raise ClientRefusal("log-not-signed", "the service does not show its log's checkpoint")
    return seen.verifier_key


def _verifier(text: str) -> NoteVerifier:
    try:
        return NoteVerifier.from_vkey(text)
    except CryptoError:
        raise ClientRefusal("malformed", "that is no verifier key of a log") from None


@command("verify")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", required=True, metavar="VKEY", help="The log's key, from your own notes.")
@click.option(
    "--roster",
    "rosters",
    multiple=True,
    metavar="ACCOUNT=DIGEST",
    help="The digest of an account's first roster, from your own notes.",
)
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A checkpoint that you kept.",
)
@click.option(
    "--mail",
    "mails",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A saved mail or mbox with checkpoints in it.",
)
def verify(
    run: Invocation,
    folder: Path,
    key: str,
    rosters: Sequence[str],
    since: Path | None,
    mails: Sequence[Path],
) -> None:
    """Recompute everything in an export: leaves, root, signatures, states, quorums."""
    verifier = _verifier(key)
    marks = [mark_of_file(since, verifier)] if since else []
    marks += [mark for path in mails for mark in marks_of_mail(path, verifier)]
    checkpoint = open_export(folder, verifier)
    with _progress(run, checkpoint.size, "Verifying") as tick:
        world = verified(folder, verifier, anchors=_anchors(rosters), marks=marks, tick=tick)
    report = Report(checkpoint=checkpoint, marks=marks, world=world)
    run.terminal.answer(report.as_json(), lambda: say(run, report))


def verified(
    folder: Path,
    verifier: NoteVerifier,
    *,
    anchors: dict[str, str],
    marks: Sequence[Mark],
    tick: Callable[[int], None] = lambda _count: None,
) -> World:
    """Return the world that an export tells of, if nothing in it is wrong.

    Raises:
        ClientRefusal: the first thing that is wrong, with its leaf.
    """
    checkpoint, world = open_export(folder, verifier), World(anchors=anchors)
    for leaf, _ in verified_leaves(folder, checkpoint, marks):
        replay(world, leaf)
        if leaf.seq % _STEP == 0:
            tick(_STEP)
    finish(world)
    for account in anchors.keys() - world.accounts.keys():
        raise ClientRefusal("roster-anchor", f"account {account} of your notes is not in the log")
    return world


def _anchors(given: Sequence[str]) -> dict[str, str]:
    anchors: dict[str, str] = {}
    for text in given:
        account, _, digest = text.partition("=")
        try:
            check_hex_digest(digest)
        except CryptoError:
            raise click.UsageError("--roster wants ACCOUNT=DIGEST, 64 hexadecimal digits") from None
        anchors[account] = digest
    return anchors


@contextmanager
def _progress(run: Invocation, size: int, what: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error, if somebody watches."""
    if not run.terminal.interactive:
        yield lambda _count: None
        return
    with click.progressbar(length=size, label=what, file=sys.stderr) as bar:
        yield bar.update


for _command in (export, verify):
    audit.add_command(_command)
