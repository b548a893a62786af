"""The protected accounts: what they are, what is due, what is wrong."""

import click

from service.client.cli.invocation import Invocation
from service.client.cli.options import account_argument, command, group
from service.domain import words
from service.wire.accounts import AccountDetail, AccountList, Channel, NewAccount
from service.wire.base import Done

_STATES = {
    "no-roster": "nobody counts yet: no roster is signed",
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
    """List the accounts that I may see."""
    with run.api() as api:
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
            run.terminal.table(("account", "name", "state", "I am"), rows)
        else:
            run.terminal.say("No account is yours to see.")

    run.terminal.answer(found, human)


@command("show")
@account_argument
def show(run: Invocation, account: str) -> None:
    """Show one account: what is sealed, what is due, what is wrong."""
    with run.api() as api:
        detail = api.get(f"/accounts/{account}", AccountDetail)
    run.terminal.answer(detail, lambda: _say(run, detail))


def _say(run: Invocation, detail: AccountDetail) -> None:
    say = run.terminal.say
    say(f"{detail.account}  {detail.name}  {detail.type}  {detail.root_email}".rstrip())
    say(f"  state     {_STATES.get(detail.state, detail.state)}")
    say(f"  roster    version {detail.roster_version}" if detail.roster_version else "  no roster")
    if detail.envelope_version:
        say(f"  envelope  version {detail.envelope_version}")
    say(f"  notices   {detail.sns_topic_arn or 'to the service as a whole'}")
    if detail.roles:
        say(f"  I am      {_roles(detail.roles)}")
    if detail.rotating:
        say(f"  due       a new password, after {len(detail.rotating)} released request(s)")
    for finding in detail.findings:
        run.terminal.warn(f"{finding.message} [{finding.code}]")


@command("add")
@account_argument
@click.option("--sns-topic", default="", metavar="ARN", help="A topic for its notices alone.")
def add(run: Invocation, account: str, sns_topic: str) -> None:
    """Register an account (operators). Who counts there is signed later."""
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
    """Send an account's notices to an SNS topic of its own; ARN "" undoes that (operators)."""
    with run.api() as api:
        done = api.put(f"/accounts/{account}/channel", Channel(sns_topic_arn=arn), Done)
    run.terminal.answer(done, lambda: run.terminal.say("Notices of this account go there now."))


accounts = group(
    "accounts",
    "The protected accounts. Without a command: a list of them.",
    list_,
    show,
    add,
    channel,
    default=list_,
)
