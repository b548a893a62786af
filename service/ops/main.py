"""``breakglass-ops``: what is done on the server. Loads nothing but click until a command runs.

Exit codes: 0 done; 1 something is wrong, said in one sentence; 2 wrong usage.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service import streams
from service.ops.log_commands import log

if TYPE_CHECKING:
    from service.wire.people import Invitation


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Run breakglass on a server: set up, serve, maintain.

    Settings are BREAKGLASS_ variables of the environment; deploy/breakglass.env.example has all of
    them. No command here can open an envelope.
    """


@cli.command()
@click.option("--email", default="", help="The first operator's e-mail address.")
@click.option("--name", default="", help="Their name, as people know them.")
@click.option("--invite-nobody", is_flag=True, help="Only create what is missing.")
def init(email: str, name: str, *, invite_nobody: bool) -> None:
    """Create the state folder, keys, tables and log, and invite the first operator.

    Keeps what already exists: run it again after an interruption, or when at-rest.key is lost
    (approvals not yet released are lost with it, and must be asked for again).
    """
    from service.ops import init as setting_up
    from service.ops import unixuser
    from service.ops.opening import settings

    read, actor = settings(), unixuser.actor()
    if not invite_nobody:
        email = email or click.prompt("The first operator's e-mail address")
        name = name or click.prompt("Their name")
    with setting_up.set_up(read, actor=actor) as ctx:
        click.echo(f"The service is set up in {read.state_dir}.")
        click.echo(f"Auditors keep the log's key: {ctx.signer.verifier_key}")
        if not invite_nobody:
            link = setting_up.invite_first(ctx, actor=actor, email=email, name=name)
            _show_link(link, name)


@cli.command()
def migrate() -> None:
    """Bring the database to this version; stop the service and take a backup first."""
    from service.ops import migrate as migrating
    from service.ops.opening import open_database, settings

    read = settings()
    done = migrating.upgrade_stopped(open_database(read), read.state_dir)
    click.echo(f"Done: {', '.join(done)}." if done else "No migration is due.")


@cli.command()
@click.option("--workers", default=1, show_default=True, help="Processes; SQLite allows one.")
@click.option(
    "--worker/--no-worker",
    "tells",
    default=True,
    help="Send notices from this server, unless another process of the state folder does.",
)
@click.option("--metrics-port", default=0, help="Serve /metrics on this port of 127.0.0.1.")
def serve(workers: int, metrics_port: int, *, tells: bool) -> None:
    """Serve the API until SIGTERM."""
    from service.ops.opening import settings
    from service.ops.serve import Plan
    from service.ops.serve import serve as run

    run(settings(), Plan(workers=workers, tells=tells, metrics_port=metrics_port))


@cli.command()
def worker() -> None:
    """Send notices until SIGTERM; waits while another process sends them."""
    from service.ops import worker as working
    from service.ops.opening import opened, settings
    from service.ops.serve import forbid_core_dumps
    from service.web import lines

    read = settings()
    forbid_core_dumps()
    lines.configure()
    with opened(read) as ctx:
        working.run(ctx, read)


@cli.command()
@click.argument("email")
@click.argument("name")
@click.option("--operator", is_flag=True, help="Runs the service, sees no secret.")
@click.option("--auditor", is_flag=True, help="Reads and verifies, changes nothing.")
def invite(email: str, name: str, *, operator: bool, auditor: bool) -> None:
    """Issue an enrolment link; this is announced."""
    from service.ops import unixuser
    from service.ops.invite import invite as issue
    from service.ops.opening import opened, settings

    with opened(settings()) as ctx:
        actor = unixuser.actor()
        link = issue(ctx, actor=actor, email=email, name=name, operator=operator, auditor=auditor)
    _show_link(link, name)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print codes and sentences as JSON.")
def status(*, as_json: bool) -> int:
    """Say what is wrong; exit code 1 if something is."""
    from service import clock as clocks
    from service.ops.opening import settings
    from service.ops.status import look

    found = look(settings(), clocks.now)
    if as_json:
        records = [{"code": f.code, "message": f.message} for f in found.findings]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return found.exit_code
    for finding in found.findings:
        click.echo(f"- {finding.message} [{finding.code}]")
    if not found.findings:
        click.echo("No faults found.")
    return found.exit_code


@cli.command()
@click.argument("destination", type=click.Path(path_type=Path))
def backup(destination: Path) -> None:
    """Copy the database to a new file or into a folder, while the service runs."""
    from service import clock as clocks
    from service.ops import backup as copying
    from service.ops.opening import settings

    done = copying.backup(settings(), destination, clocks.now())
    entries = "" if done.entries is None else f" ({done.entries} entries of the log)"
    click.echo(f"The database is copied to {done.path}{entries}.\n\n{copying.NOT_INSIDE}")


cli.add_command(log)


@cli.group()
def clock() -> None:
    """For when the clock and the log disagree."""


@clock.command()
@click.confirmation_option(prompt="Correct the clock first, if you can. Accept it as it is?")
def accept() -> None:
    """Accept a clock that is behind the log; this is announced."""
    from service.ops import unixuser
    from service.ops.opening import opened, settings
    from service.usecases.clock import accept as use_case

    with opened(settings()) as ctx:
        done = use_case(ctx, unixuser.actor())
    click.echo(
        f"Accepted: the clock is {done.behind} behind the last event. "
        f"{done.expired} requests expired (leaf {done.leaf})."
    )


@cli.group()
def outbox() -> None:
    """Notices that were not delivered."""


@outbox.command("list")
def list_() -> None:
    """Show the notices that were refused and need an operator."""
    from service.ops.opening import opened, settings
    from service.ops.outbox import parked

    with opened(settings()) as ctx:
        found = parked(ctx)
    for notice in found:
        click.echo(
            f"leaf {notice.leaf}  {notice.action}  {notice.subject}  "
            f"{notice.channel}: {notice.fault}"
        )
    if not found:
        click.echo("No notice is parked.")


@outbox.command()
def retry() -> None:
    """Try all waiting notices again now, through the channels that are set now."""
    from service.ops.opening import opened, settings
    from service.ops.outbox import retry as wake

    with opened(settings()) as ctx:
        click.echo(f"{wake(ctx)} notices will be tried again now.")


@cli.command()
@click.option(
    "--folder",
    default="var/demo",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where it keeps its state.",
)
@click.option("--port", default=8420, show_default=True, help="On localhost.")
def demo(folder: Path, port: int) -> int:
    """Serve a made-up organisation to try things out."""
    from service.ops.demo import run

    return run(folder, port)


def _show_link(link: "Invitation", name: str) -> None:
    click.echo(
        f"\n{name} can enrol once, within 24 hours, with this link, which is not shown again. "
        "Open it in a browser:"
    )
    click.echo(f"\n  {link.url}\n")
    click.echo("Or run 'breakglass enroll', and paste the link when it asks for it.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; every failure leaves as one sentence and an exit code.

    ``arguments`` are those of the program by default.
    """
    os.umask(0o077)
    streams.suit()
    try:
        sys.exit(cli.main(arguments, standalone_mode=False) or 0)
    except click.exceptions.Abort:
        click.echo("Stopped; nothing more was done.", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of the output has gone, and needs no sentence
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  # a sentence instead of a traceback
        from service.ops.failures import explain

        click.echo(f"breakglass-ops: {explain(error)}", err=True)
        sys.exit(1)
    finally:
        streams.finish()
