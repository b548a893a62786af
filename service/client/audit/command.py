"""``breakglass audit``: take the log out of the house, and verify it without the service."""

import shutil
import tempfile
from pathlib import Path

import click

from service.client.audit.account import report
from service.client.audit.export import opened, start_export, write_export
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
    """Export the log, verify an export, report on it, and say what a receipt proves."""


@command("export", signs=True)
@click.argument("folder", type=click.Path(path_type=Path))
def export(run: Invocation, folder: Path) -> None:
    """Write the whole log into FOLDER, made anew, as C2SP tiles and events.jsonl."""
    if folder.exists():
        raise ClientRefusal("file-exists", f"{folder} is there already; name another")
    with run.api() as api:
        exported = start_export(api)
        check_log(run, api)
        verifier = verifier_of(pinned(run, api.server))
        checkpoint = opened(exported, verifier)
        folder.parent.mkdir(parents=True, exist_ok=True)
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
            f"{checkpoint.size} leaves in {folder}. To verify them, anywhere:\n"
            f"  breakglass audit verify {folder} --key '{verifier.vkey}'"
        ),
    )


for _command in (export, verify, prove, report):
    audit.add_command(_command)
