"""Requesting root access, showing a request, and cancelling it."""

from dataclasses import replace
from typing import Any

import click

from service.client.cli import requestwords
from service.client.cli.acting import act
from service.client.cli.asking import ask
from service.client.cli.before import prove_request
from service.client.cli.consent import ask_words, consent, request_context
from service.client.cli.exposing import ending_of
from service.client.cli.fetching import fetch_request
from service.client.cli.finding import find_account, find_request
from service.client.cli.invocation import Invocation
from service.client.cli.options import Account, Request, command, request_argument
from service.client.cli.sweeping import destroyed_words, sweep
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.spans import parse_span
from service.client.link.api import Api
from service.client.trust.before import Act
from service.client.trust.shown import ShownRequest
from service.domain.request import COLLECTING
from service.domain.tasks import TASKS, check_task
from service.wire.base import Done


@command("request", signs=True)
@click.argument("account", required=False, type=Account())
@click.option(
    "--task", default="", metavar="CODE", help="What you need to do; 'list' shows all codes."
)
@click.option("--task-text", default="", metavar="TEXT", help="The task in words.")
@click.option("--reason", default="", metavar="TEXT", help="Why; signed, in the log for good.")
@click.option("--ticket", default="", metavar="TEXT", help="Your ticket's number.")
@click.option(
    "--lifetime", default="", metavar="TIME", help="How long to collect approvals, such as 2h."
)
@click.option("--window", default="", metavar="TIME", help="How long a release lasts, such as 30m.")
@click.option("--anyway", default="", metavar="TEXT", help="Why root, if the task needs none.")
@click.option("--newest", is_flag=True, help="Use the newest envelope, even if unconfirmed.")
@click.option(
    "--again", type=Request(), metavar="REQUEST", help="Repeat this request from this device."
)
def request(run: Invocation, account: str | None, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Request root access to ACCOUNT."""
    if given["task"] == "list":
        run.terminal.answer({code: t.title for code, t in TASKS.items()}, lambda: _say_tasks(run))
        return
    with run.api() as api:
        if given["again"]:
            _ask_again(run, api, given["again"], newest=given["newest"])
            return
        if not account:
            raise click.UsageError("name the account, or use --again")
        account = find_account(run, api, account)
        fields = _fields(run, given)
        ask(run, api, account, fields, newest=given["newest"])


def _say_tasks(run: Invocation) -> None:
    for code, task in TASKS.items():
        run.terminal.say(f"{code:24} {task.title}")
        if not task.needs_root:
            run.terminal.say(f"{'':24}   needs no root: {task.instead}")


def _fields(run: Invocation, given: dict[str, str]) -> dict[str, Any]:
    """Return what the requester says; asks for what the options leave out."""
    root = {code: t.title for code, t in TASKS.items() if t.needs_root and code != "drill"}
    task = given["task"] or run.terminal.choose("What do you need to do?", root, option="--task")
    check_task(task, drill=False)
    words = given["task_text"]
    if task == "other" and not words:
        words = run.terminal.ask("The task in words", option="--task-text")
    if not TASKS[task].needs_root:
        words = _insist(task, words, given["anyway"])
    run.terminal.note("Reason and ticket are signed and stay in the log for good.")
    fields: dict[str, Any] = {
        "task": task,
        "task_text": words,
        "reason": given["reason"] or run.terminal.ask("Why", option="--reason"),
        "ticket": given["ticket"],
        "drill": False,
    }
    for name in ("lifetime", "window"):
        if given[name]:
            fields[name] = parse_span(given[name])
    return fields


def _insist(task: str, words: str, anyway: str) -> str:
    if not anyway.strip():
        raise ClientRefusal(
            "needs-no-root",
            f"this no longer needs root; use {TASKS[task].instead}",
            "if you cannot do it that way, add --anyway 'why'",
        )
    return f"{words}\n{anyway}".strip()


def _ask_again(run: Invocation, api: Api, old: str, *, newest: bool) -> None:
    """Copy a request of mine, warn who has to approve twice, cancel it, and post it from here."""
    shown = fetch_request(run, api, find_request(api, old))
    signed = shown.about.request
    approvers = [d.custodian for d in shown.decisions if d.approves]
    if approvers:
        who = render.listing(map(shown.chain.name_of, approvers))
        run.terminal.warn(f"{who} approved already and will be asked again")
    if shown.detail.state in COLLECTING:
        shown = prove_request(run, api, Act.CANCEL, shown)
        fields = _show(run, api, shown, "asked again from another device")
        run.terminal.confirm("Cancel that request and ask again from this device?")
        _cancel(run, api, shown, fields)
    names = ("task", "task_text", "reason", "ticket", "lifetime", "window", "drill")
    fields = {name: getattr(signed, name) for name in names}
    ask(run, api, signed.account, fields, newest=newest)


@command("show")
@request_argument
def show(run: Invocation, request_id: str) -> None:
    """Show a request: what was signed, who decided what, and its state."""
    with run.api() as api:
        shown = fetch_request(run, api, find_request(api, request_id), looking=True)

    def human() -> None:
        for line in requestwords.statement_lines(shown, run.now()):
            run.terminal.say(line)
        run.terminal.say()
        run.terminal.table(*requestwords.group_rows(shown))
        run.terminal.say()
        run.terminal.say(requestwords.life_line(shown))

    run.terminal.answer(shown.detail, human)


@command("cancel", signs=True)
@request_argument
@click.option("--reason", default="", metavar="TEXT", help="Why; signed, in the log for good.")
def cancel(run: Invocation, request_id: str, reason: str) -> None:
    """Cancel your request, before it is released."""
    with run.api() as api:
        request_id = find_request(api, request_id)
        shown = fetch_request(run, api, request_id, blocks=False)
        shown = prove_request(run, api, Act.CANCEL, shown)
        done = _cancel(run, api, shown, _show(run, api, shown, reason))
    destroyed = destroyed_words(run, request_id)
    run.terminal.answer(done, lambda: run.terminal.say(f"Cancelled. {destroyed}"))


def _show(run: Invocation, api: Api, shown: ShownRequest, reason: str) -> dict[str, str]:
    """Show what is taken back and what that costs; return the fields to sign."""
    context = replace(request_context(run, api, shown), ending=ending_of(api, shown))
    fields = {
        "request": shown.about.request.digest,
        "requester": run.config.person,
        "reason": reason or ask_words(run, context, "Why", option="--reason"),
    }
    consent(run, "cancellation", fields, context)
    return fields


def _cancel(run: Invocation, api: Api, shown: ShownRequest, fields: dict[str, str]) -> Done:
    path = f"/requests/{shown.about.request.id}/cancellation"
    done = act(run, api, path, "cancellation", fields)
    sweep(run, api)
    return done
