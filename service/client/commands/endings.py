"""Ending a release: the requester says what was done; later both groups review it."""

import click

from service.client.cli import requestwords
from service.client.cli.acting import act
from service.client.cli.before import prove_request
from service.client.cli.consent import ask_words, consent, request_context
from service.client.cli.fetching import fetch_request
from service.client.cli.finding import find_request
from service.client.cli.invocation import Invocation
from service.client.cli.options import command, request_argument
from service.client.cli.sweeping import destroyed_words, sweep
from service.client.foundation.errors import ClientRefusal
from service.client.trust.before import Act
from service.domain.words import plain


@command("close", signs=True)
@request_argument
@click.option("--summary", default="", metavar="TEXT", help="What was done; in the log for good.")
def close(run: Invocation, request_id: str, summary: str) -> None:
    """Say what was done and end the release; once the log shows it, destroy the key here."""
    with run.api() as api:
        request_id = find_request(api, request_id)
        shown = prove_request(run, api, Act.CLOSE, fetch_request(run, api, request_id))
        context = request_context(run, api, shown)
        words = summary or ask_words(run, context, "What was done", option="--summary")
        fields = {
            "request": shown.about.request.digest,
            "requester": run.config.person,
            "summary": words,
        }
        consent(run, "closure", fields, context)
        done = act(run, api, f"/requests/{request_id}/closure", "closure", fields)
        sweep(run, api)
    destroyed = destroyed_words(run, request_id)

    def human() -> None:
        run.terminal.say(f"Closed. {destroyed}")
        if done.state == "rotation_due":
            account = shown.about.request.account
            run.terminal.say("Next: change the password at AWS in a second browser, then seal it:")
            run.terminal.say(f"  breakglass seal {account}")

    run.terminal.answer(done, human)


@command("review", signs=True)
@request_argument
@click.option("--rotated/--not-rotated", default=None, help="Was the password changed at AWS?")
@click.option("--note", default="", metavar="TEXT", help="What happened; in the log for good.")
def review(run: Invocation, request_id: str, note: str, *, rotated: bool | None) -> None:
    """Review a release for your group. Each group must review once."""
    with run.api() as api:
        request_id = find_request(api, request_id)
        shown = prove_request(run, api, Act.REVIEW, fetch_request(run, api, request_id))
        group = shown.chain.newest.group_of(run.config.person)
        if group is None:
            raise ClientRefusal("not-in-roster", "the account's roster names you in neither group")
        context = request_context(run, api, shown)
        run.terminal.note(requestwords.life_line(shown))
        changed = rotated if rotated is not None else _asked(run)
        words = note or ask_words(run, context, "What happened", option="--note")
        fields = {
            "request": shown.about.request.digest,
            "group": group.value,
            "reviewer": run.config.person,
            "rotated": changed,
            "note": words,
        }
        consent(run, "review", fields, context)
        path = f"/requests/{request_id}/reviews"
        done = act(run, api, path, "review", fields, roster=shown.chain.newest)
    state = plain(done.state)
    run.terminal.answer(done, lambda: run.terminal.say(f"Reviewed. The request is {state}."))


def _asked(run: Invocation) -> bool:
    answers = {
        "yes": "it was changed, and signing in with the new one works",
        "no": "it was not changed",
    }
    said = run.terminal.choose(
        "Was the password changed at AWS?", answers, option="--rotated or --not-rotated"
    )
    return said == "yes"
