"""Drills: every step is exercised, everyone's share is opened, and nothing is revealed."""

from datetime import timedelta

import click

from service.client.cli.asking import ask
from service.client.cli.finding import find_account, find_own
from service.client.cli.invocation import Invocation
from service.client.cli.options import Account, Request, command
from service.client.cli.sweeping import sweep
from service.client.commands.release import prove_release, sign_release, verify_kept
from service.client.device.keeping import kept_released, own_statement
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.spans import parse_span
from service.client.link.api import Api
from service.client.shares.combining import check_drill
from service.client.trust.release import VerifiedRelease


@command("drill", signs=True)
@click.argument("account", required=False, type=Account())
@click.option("--reason", default="", metavar="TEXT", help="Why now; in the log for good.")
@click.option(
    "--lifetime", default="", metavar="TIME", help="How long to collect approvals, such as 2h."
)
@click.option("--release", "finish", type=Request(), metavar="REQUEST", help="End this drill.")
def drill(
    run: Invocation, account: str | None, reason: str, lifetime: str, finish: str | None
) -> None:
    """Start a drill for ACCOUNT, or end one with --release."""
    if bool(account) == bool(finish):
        raise click.UsageError("name the account, or end a drill with --release REQUEST")
    with run.api() as api:
        if not account:
            _finish(run, api, find_own(run, finish or ""))
            return
        account = find_account(run, api, account)
        fields = {
            "task": "drill",
            "task_text": "",
            "reason": reason or run.terminal.ask("Why now", option="--reason"),
            "ticket": "",
            "drill": True,
        }
        if lifetime:
            fields["lifetime"] = parse_span(lifetime)
        ask(run, api, account, fields, newest=False)


def _finish(run: Invocation, api: Api, request: str) -> None:
    mine = own_statement(run.home, request)
    if not mine.payload["drill"]:
        raise ClientRefusal("no-drill", "this request is not a drill")
    mine = prove_release(run, api, mine)
    verified, key = sign_release(run, api, mine)
    # As a real release is opened: from what lies on the disk.
    kept = kept_released(run.home, request)
    if kept is None:
        raise ClientRefusal("drill-failed", "this device did not keep what was released")
    verified = verify_kept(run, mine, kept)
    bad = check_drill(verified, key)
    sweep(run, api)
    times = _times(verified)
    run.terminal.answer(
        {
            "request": request,
            "opened": {
                person: int(took.total_seconds())
                for person, took in times.items()
                if person not in bad
            },
            "wrong": sorted(bad),
        },
        lambda: _say(run, verified, times, bad),
    )
    if bad:
        raise ClientRefusal(
            "drill-failed",
            f"what {render.listing(map(verified.chain.name_of, bad))} sent does not open",
        )


def _times(verified: VerifiedRelease) -> dict[str, timedelta]:
    """Return who took how long from the request's entry to the share's, quickest first."""
    entry = verified.about.request.entered_at
    return {s.custodian: s.at - entry for s in sorted(verified.shares, key=lambda s: s.at)}


def _say(
    run: Invocation, verified: VerifiedRelease, times: dict[str, timedelta], bad: tuple[str, ...]
) -> None:
    if not bad:
        run.terminal.say("The drill is over: all shares opened, and both groups have enough.")
    rows = [
        (
            verified.chain.name_of(person),
            "wrong" if person in bad else "opened",
            render.duration(int(took.total_seconds())),
        )
        for person, took in times.items()
    ]
    run.terminal.table(("custodian", "share", "after"), rows)
    silent = verified.about.roster.custodians - times.keys()
    if silent:
        names = sorted(verified.chain.name_of(person) for person in silent)
        run.terminal.say(f"No answer from {render.listing(names)}.")
