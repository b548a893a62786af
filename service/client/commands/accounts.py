"""The protected accounts: what they are, what is due, what is wrong."""

import click

from service.client.cli.checkpoints import warn_of_log
from service.client.cli.finding import find_account, listed_account
from service.client.cli.invocation import Invocation
from service.client.cli.lines import say_lines
from service.client.cli.options import account_argument, command, group
from service.domain import words
from service.domain.typed import account_id
from service.wire.accounts import AccountDetail, AccountList, Channel, NewAccount
from service.wire.base import Done

_STATES = {
    "no-roster": "no roster is signed yet",
    "no-envelope": "nothing is sealed yet",
    "unconfirmed": "sealed, waiting for custodians to confirm",
    "ready": "ready",
    "exposed": "EXPOSED: change the password",
}


_ROLES = {f"custodian:{name}": f"custodian ({words.group(name)})" for name in words.GROUPS}


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
            _STATES.get(account.state, account.state),
            _roles(account.roles),
        )
        for account in found.accounts
    ]

    def human() -> None:
        if rows:
            run.terminal.table(("account", "name", "state", "your roles"), rows)
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
    run.terminal.answer(detail, lambda: _say(run, detail))


def _say(run: Invocation, detail: AccountDetail) -> None:
    say = run.terminal.say
    say(f"{detail.account}  {detail.name}  {detail.type}  {detail.root_email}".rstrip())
    say(f"  state     {_STATES.get(detail.state, detail.state)}")
    say(f"  roster    version {detail.roster_version}" if detail.roster_version else "  no roster")
    if detail.envelope_version:
        say(f"  envelope  version {detail.envelope_version}")
    say(f"  notices   {detail.sns_topic_arn or 'with those of the whole service'}")
    if detail.roles:
        say(f"  you are   {_roles(detail.roles)}")
    if detail.rotating:
        say(f"  due       a new password, after {len(detail.rotating)} released request(s)")
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
