"""Handing out a released password: only to a terminal, the clipboard or an open descriptor."""

import sys
from collections.abc import Sequence

import click

from crypto.encoding import format_time
from crypto.recipient import RecipientKey
from crypto.statement import Statement as Signed
from service.client.cli import clipboard
from service.client.cli.clock import press
from service.client.cli.finding import find_own
from service.client.cli.invocation import Invocation
from service.client.cli.options import command, request_argument
from service.client.cli.outlet import Outlet, outlet_options
from service.client.cli.requestkey import open_kept
from service.client.cli.session import unlock
from service.client.commands.release import accept, verify_kept
from service.client.device import requestkeys
from service.client.device.keeping import kept_released, own_statement
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.words.envelopes import who_knows
from service.client.shares.combining import Revealed, open_release
from service.client.trust.chain import VerifiedChain
from service.client.trust.clocks import moment
from service.client.trust.release import VerifiedRelease
from service.domain.credential import Envelope
from service.wire.requests import Released


@command("reveal", signs=True)
@request_argument
@outlet_options
@click.option(
    "--again", is_flag=True, help="Fetch again, for approvals since the release; this is announced."
)
def reveal(
    run: Invocation, request_id: str, *, again: bool, show: bool, copy: bool, out_fd: int | None
) -> None:
    """Combine the released shares and show the password. Without an option it stays hidden."""
    outlet = Outlet(show=show, copy=copy, out_fd=out_fd)
    outlet.check(run)
    request_id = find_own(run, request_id)
    mine = own_statement(run.home, request_id)
    verified, key = _opened(run, mine, again=again)
    revealed = open_release(verified, key)
    hand_out(run, outlet, verified.chain, verified.envelope, revealed)
    run.terminal.answer(
        {
            "request": request_id,
            "opened_with": list(revealed.used),
            "wrong": list(revealed.bad),
            "window_ends_at": format_time(verified.window_ends_at),
        },
        lambda: _next_steps(run, verified, shown=outlet.given),
    )


def hand_out(
    run: Invocation,
    outlet: Outlet,
    chain: VerifiedChain,
    envelope: Envelope,
    revealed: Revealed,
) -> None:
    """Say whose shares opened it and what is sealed with it, then give the password out."""
    _report(run, chain, revealed.bad, revealed.used)
    if not revealed.keys_fit:
        sealer = render.one_line(chain.name_of(envelope.sealer))
        run.terminal.warn(
            f"{sealer} sealed this password under a manifest with other keys than its shares "
            "give; it opens, but tell the auditor"
        )
    if known := who_knows(envelope, chain.named(envelope.roster), chain.name_of):
        run.terminal.note(f"This password was {known}.")
    run.terminal.note(f"Sign in as  {render.one_line(revealed.content.sign_in_email)}")
    if revealed.content.note:
        seen = run.terminal.is_terminal(sys.stderr)  # a sealed note may be as secret
        run.terminal.note(
            f"Note        {revealed.content.note if seen else '(shown only at a terminal)'}"
        )
    outlet.give(run, revealed.content.password)
    if outlet.copy and run.terminal.interactive and not run.terminal.yes:
        run.terminal.ask("Press Enter to clear the clipboard", option="--yes", hidden=True)
        clipboard.copy("")


def _report(run: Invocation, chain: VerifiedChain, bad: Sequence[str], used: Sequence[str]) -> None:
    for person in bad:
        run.terminal.warn(f"the share of {chain.name_of(person)} is wrong and was left out")
    names = render.listing(chain.name_of(person) for person in used)
    run.terminal.note(f"Opened with the shares of {names}.")


def _opened(run: Invocation, mine: Signed, *, again: bool) -> tuple[VerifiedRelease, RecipientKey]:
    """Take what this device kept, or fetch it, which is announced; unlock once for either."""
    request = mine.payload["request"]
    wrapped = requestkeys.load(run.home, request)
    kept = None if again else kept_released(run.home, request)
    if kept is not None:
        verified = verify_kept(run, mine, kept)
        _check_window(run, request, verified)
        return verified, open_kept(run, wrapped)
    with run.api() as api:
        key = wrapped.open(unlock(run, api).root)  # only a fresh session fetches
        released = api.get(f"/requests/{request}/release", Released)
        verified = accept(run, api, mine, released)
    _check_window(run, request, verified)
    return verified, key


def _check_window(run: Invocation, request: str, verified: VerifiedRelease) -> None:
    if verified.about.request.drill:
        raise ClientRefusal(
            "drill", "a drill reveals nothing", f"breakglass drill --release {request}"
        )
    own, ends = run.now(), verified.window_ends_at
    if own >= ends:
        # Never a refusal: only this device's clock says so, and it may be wrong in an emergency.
        press(
            run,
            f"this device's clock says {moment(own)}; by the service's clock the release entered "
            f"the log at {moment(verified.released_at)}, and its window ended at {moment(ends)}",
        )


def _next_steps(run: Invocation, verified: VerifiedRelease, *, shown: bool) -> None:
    note, request = run.terminal.note, verified.about.request
    if not shown:
        note("The password is hidden; add --show, --copy or --out-fd N to get it.")
        return
    ends = render.moment(format_time(verified.window_ends_at), run.now())
    note(f"The window ends {ends}. When you are done:")
    note(f"  1. change the password at AWS, and seal it: breakglass seal {request.account}")
    note(f"  2. breakglass close {request.id} --summary 'what was done'")
