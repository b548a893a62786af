"""Handing out a released password: to a terminal, a clipboard or an open descriptor alone."""

import os
import sys

import click

from crypto.encoding import format_time
from crypto.statement import Statement as Signed
from service.client import render, requestkeys
from service.client.clipboard import copied
from service.client.combining import Revealed, open_release
from service.client.errors import ClientRefusal
from service.client.invocation import Invocation
from service.client.keeping import forget, kept_released, own_statement
from service.client.options import command
from service.client.release import accept, verify_handed_out
from service.client.trust_release import VerifiedRelease
from service.wire.requests import Released

_LEAST_DESCRIPTOR = 3  # 0, 1 and 2 end in terminals, logs and pipes


@command("reveal", signs=True)
@click.argument("request_id", metavar="REQUEST")
@click.option("--show", "where", flag_value="show", help="Print the password on this terminal.")
@click.option("--copy", "where", flag_value="copy", help="Put it into the clipboard.")
@click.option(
    "--out-fd",
    type=click.IntRange(min=_LEAST_DESCRIPTOR),
    metavar="N",
    help="Write it to this open file descriptor.",
)
@click.option("--again", is_flag=True, help="Fetch once more, for approvals since the release.")
def reveal(
    run: Invocation, request_id: str, where: str | None, out_fd: int | None, *, again: bool
) -> None:
    """Combine the released shares and hand out the password; without an option: all but that."""
    if where == "show" and not _on_terminal():
        raise ClientRefusal(
            "not-a-terminal", "--show prints on a terminal only", "use --copy or --out-fd N"
        )
    mine = own_statement(run.home, request_id)
    verified = _verified(run, mine, again=again)
    _check_window(run, request_id, verified)
    revealed = open_release(verified, requestkeys.load(run.home, request_id))
    _report(run, verified, revealed)
    if out_fd is not None:
        _write_out(out_fd, revealed.content.password)
    elif where == "show":
        click.echo(revealed.content.password)
    elif where == "copy":
        _copy(run, revealed.content.password)
    _next_steps(run, verified, shown=where is not None or out_fd is not None)


def _on_terminal() -> bool:
    return sys.stdout.isatty()


def _verified(run: Invocation, mine: Signed, *, again: bool) -> VerifiedRelease:
    """Take what this device kept, or fetch it, which everybody is told of."""
    kept = None if again else kept_released(run.home, mine.payload["request"])
    if kept is not None:
        return verify_handed_out(run, mine, kept)
    with run.api() as api:
        with run.unlock(api):  # only a fresh session fetches
            released = api.get(f"/requests/{mine.payload['request']}/release", Released)
        return accept(run, api, mine, released, keep=True)


def _check_window(run: Invocation, request: str, verified: VerifiedRelease) -> None:
    if verified.about.request.drill:
        raise ClientRefusal(
            "drill", "a drill shows nothing", f"breakglass drill --release {request}"
        )
    if run.now() >= verified.window_ends_at:
        forget(run.home, request)
        raise ClientRefusal(
            "window-over", "the window of this release is over; its key is destroyed here"
        )


def _report(run: Invocation, verified: VerifiedRelease, revealed: Revealed) -> None:
    """Say who opened it and what stands beside the password."""
    for person in revealed.bad:
        run.terminal.warn(
            f"the share of {verified.chain.name_of(person)} is wrong and was left out"
        )
    note = run.terminal.note
    note(f"Opened with the shares of {render.listing(map(verified.chain.name_of, revealed.used))}.")
    note(f"Sign in as  {render.one_line(revealed.content.sign_in_email)}")
    if revealed.content.note:
        note(f"Note        {revealed.content.note}")


def _write_out(descriptor: int, password: str) -> None:
    """Write without a newline: what reads it may be a browser's autofill or ``op``."""
    data = password.encode()
    while data:
        data = data[os.write(descriptor, data) :]


def _copy(run: Invocation, password: str) -> None:
    with copied(password):
        run.terminal.note("The password is in the clipboard.")
        if run.terminal.interactive:
            run.terminal.ask("Press Enter to clear it", option="--out-fd", hidden=True)


def _next_steps(run: Invocation, verified: VerifiedRelease, *, shown: bool) -> None:
    note, request = run.terminal.note, verified.about.request
    if not shown:
        note("The password opens and is hidden; add --show, --copy or --out-fd N.")
        return
    ends = render.moment(format_time(verified.window_ends_at), run.now())
    note(f"The window ends {ends}. When you are done:")
    note(f"  1. change the password at AWS, and seal it: breakglass seal {request.account}")
    note(f"  2. breakglass close {request.id} --summary 'what was done'")
