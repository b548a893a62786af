"""``breakglass audit``: export the log, and verify it without the service."""

import shutil
import tempfile
from pathlib import Path

import click

from service.client.audit.account import report
from service.client.audit.export import start_export, verified_checkpoint, write_export
from service.client.audit.keys import pinned, verifier_of
from service.client.audit.progress import progress
from service.client.audit.prove import prove
from service.client.audit.verify import verify
from service.client.cli.checkpoints import check_log
from service.client.cli.invocation import Invocation
from service.client.cli.options import command
from service.client.foundation.errors import ClientRefusal


@click.group("audit")
def audit() -> None:
    """Export the log, verify an export, report on it, and check a receipt."""


@command("export", signs=True)
@click.argument("folder", type=click.Path(path_type=Path))
def export(run: Invocation, folder: Path) -> None:
    """Write the whole log to the new folder FOLDER, as C2SP tiles and events.jsonl."""
    if folder.exists():
        raise ClientRefusal("file-exists", f"{folder} already exists; choose another name")
    with run.api() as api:
        exported = start_export(api)
        check_log(run, api)
        verifier = verifier_of(pinned(run, api.server))
        checkpoint = verified_checkpoint(exported, verifier)
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Renamed at the end: no one can take a part of the log for the whole.
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            with progress("Fetching", checkpoint.size) as tick:
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
            f"Exported {checkpoint.size} leaves to {folder}. To verify them on any machine:\n"
            f"  breakglass audit verify {folder} --key '{verifier.vkey}'"
        ),
    )


for _command in (export, verify, prove, report):
    audit.add_command(_command)
