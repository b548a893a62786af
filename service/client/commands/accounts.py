"""The protected accounts: what they are, what is due, what is wrong."""

from collections.abc import Sequence

import click

from service.client.cli.checkpoints import warn_of_log
from service.client.cli.fetching import fetch_chain, fetch_envelopes
from service.client.cli.finding import find_account, listed_account
from service.client.cli.invocation import Invocation
from service.client.cli.lines import say_lines
from service.client.cli.options import account_argument, command, group
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.words.able import cannot_act, group_lines
from service.client.link.api import Api
from service.client.trust.able import count
from service.domain import words
from service.domain.typed import account_id
from service.wire.accounts import (
    AccountDetail,
    AccountList,
    AccountSummary,
    Channel,
    NewAccount,
)
from service.wire.base import Done

_STATES = {
    "no-roster": "no roster is signed yet",
    "no-envelope": "nothing is sealed yet",
    "unconfirmed": "sealed, waiting for custodians to confirm",
    "ready": "ready",
    "exposed": "EXPOSED: change the password",
}


_ROLES = {f"custodian:{name}": f"custodian ({words.group(name)})" for name in words.GROUPS}


def _state(account: AccountSummary) -> str:
    """How far the account is, as the service says it; of a retired line also since when it is."""
    state = _STATES.get(account.state, account.state)
    if not account.retired_since:
        return state
    return f"retired since {render.one_line(account.retired_since)}; before that {state}"


def _roles(roles: list[str]) -> str:
    return ", ".join(_ROLES.get(role, role) for role in roles) or "-"


@command("list")
def list_(run: Invocation) -> None:
    """List the accounts that you may see."""
    with run.api() as api:
        warn_of_log(run, api)
        found = api.get("/accounts", AccountList)
    rows = [
        (
            account.account,
            account.name or "-",
            _state(account),
            _roles(account.roles),
        )
        for account in found.accounts
    ]

    def human() -> None:
        if rows:
            run.terminal.table(("account", "name", "state", "your roles"), rows)
            run.terminal.note(
                "That is the service's word; 'breakglass accounts show' counts who can act."
            )
        else:
            run.terminal.say("You have no part in any account yet.")

    run.terminal.answer(found, human)


@command("show")
@account_argument
def show(run: Invocation, account: str) -> None:
    """Show one account: what is sealed, what is due, what is wrong."""
    with run.api() as api:
        warn_of_log(run, api)
        detail = api.get(f"/accounts/{listed_account(api, account)}", AccountDetail)
        say_lines(run, detail.account, detail.lines)
        counted = _count(run, api, detail) if detail.roster_version else []
    run.terminal.answer(detail, lambda: _say(run, detail, counted))


def _count(run: Invocation, api: Api, detail: AccountDetail) -> list[str]:
    """Say who can act, from what people have signed; of the service's word is which is in force."""
    try:
        chain = fetch_chain(run, api, detail.account, looking=True)
        found = fetch_envelopes(run, api, chain, looking=True)
        shown = [facts for facts in found if facts.id == (detail.in_force or detail.newest)]
        groups = count(chain, shown[0] if shown else None)
    except ClientRefusal as refused:
        run.terminal.warn(f"{refused.message} [{refused.code}]: who can act is not counted")
        return []
    for sentence in cannot_act(groups) if shown else ():
        run.terminal.warn(sentence)
    return group_lines(groups, chain.name_of)


def _say(run: Invocation, detail: AccountDetail, counted: Sequence[str]) -> None:
    say = run.terminal.say
    say(f"{detail.account}  {detail.name}  {detail.type}  {detail.root_email}".rstrip())
    say(f"  state     {_state(detail)}")
    say(f"  roster    version {detail.roster_version}" if detail.roster_version else "  no roster")
    if detail.envelope_version:
        say(f"  envelope  version {detail.envelope_version}")
    say(f"  notices   {detail.sns_topic_arn or 'with those of the whole service'}")
    if detail.roles:
        say(f"  you are   {_roles(detail.roles)}")
    if detail.rotating and not detail.retired_since:
        say(f"  due       a new password, after {len(detail.rotating)} released request(s)")
    for line in counted:
        say(line)
    if detail.findings:
        run.terminal.note("What is wrong, as the service says it:")
    for finding in detail.findings:
        run.terminal.warn(f"{finding.message} [{finding.code}]")


@command("add")
@account_argument
@click.option(
    "--sns-topic", default="", metavar="ARN", help="An SNS topic for this account's notices only."
)
def add(run: Invocation, account: str, sns_topic: str) -> None:
    """Register an account (operators). Custodians sign its roster later."""
    if not account_id(account):
        raise click.UsageError("a new account is given by its digits")
    with run.api() as api:
        body = NewAccount(account=account, sns_topic_arn=sns_topic)
        done = api.post("/accounts", body, Done)
    run.terminal.answer(
        done,
        lambda: run.terminal.say(
            f"Account {account} is registered. Next: breakglass roster draft {account}"
        ),
    )


@command("channel")
@account_argument
@click.argument("arn")
def channel(run: Invocation, account: str, arn: str) -> None:
    """Send an account's notices to its own SNS topic; ARN "" undoes that (operators)."""
    with run.api() as api:
        account = find_account(run, api, account)
        done = api.put(f"/accounts/{account}/channel", Channel(sns_topic_arn=arn), Done)
    run.terminal.answer(done, lambda: run.terminal.say("Notices of this account now go there."))


accounts = group(
    "accounts",
    "The protected accounts. Without a command: a list of them.",
    list_,
    show,
    add,
    channel,
    default=list_,
)
