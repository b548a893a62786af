"""The protected accounts: what they are, what is due, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from service.client.cli.checkpoints import warn_of_log
from service.client.cli.fetching import fetch_chain, fetch_envelopes
from service.client.cli.finding import find_account, listed_account
from service.client.cli.invocation import Invocation
from service.client.cli.lines import say_lines
from service.client.cli.options import account_argument, command, group
from service.client.device import memory
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.words.able import cannot_act, group_lines
from service.client.link.api import Api
from service.client.trust.able import count
from service.client.trust.chain import VerifiedChain
from service.client.trust.envelope import verify_manifest
from service.domain import words
from service.domain.able import Readiness
from service.domain.people import GroupName
from service.domain.typed import account_id
from service.wire.accounts import (
    AccountDetail,
    AccountList,
    AccountSummary,
    Channel,
    EnvelopeFacts,
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
        counted = _count(run, api, detail) if detail.roster_version else None
    answer = {**detail.model_dump(mode="json"), "readiness": counted and counted.as_json()}
    run.terminal.answer(answer, lambda: _say(run, detail, counted))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """Who can act, as this device verified it; ``envelope`` is the one that was counted for."""

    chain: VerifiedChain
    envelope: EnvelopeFacts | None
    groups: Mapping[GroupName, Readiness]

    def lines(self) -> list[str]:
        ended = ["  ended     by its people: no request or password is taken in this line"]
        found = group_lines(self.groups, self.chain.name_of)
        return [*(ended if self.chain.newest.retired else []), *found]

    def as_json(self) -> dict[str, Any]:
        newest = self.chain.newest
        return {
            "roster": newest.digest,
            "envelope": self.envelope.id if self.envelope else "",
            "retired": newest.retired,
            "groups": {
                name.value: {
                    "needed": group.needed,
                    "able": sorted(group.able),
                    "can_act": group.can_act and not newest.retired,
                    "people": {person: one.value for person, one in group.people.items()},
                }
                for name, group in self.groups.items()
            },
        }


def _count(run: Invocation, api: Api, detail: AccountDetail) -> _Counted | None:
    """Count who can act, from what people have signed.

    Which envelope is in force is the service's word; none that is older than what this device has
    verified as ready.
    """
    try:
        chain = fetch_chain(run, api, detail.account, looking=True)
        _compare_end(run, detail, chain)
        found = fetch_envelopes(run, api, chain, looking=True)
        shown = [facts for facts in found if facts.id == (detail.in_force or detail.newest)]
        envelope = shown[0] if shown else None
        _check_not_older(run, chain, envelope)
        groups = count(chain, envelope)
    except ClientRefusal as refused:
        run.terminal.warn(f"{refused.message} [{refused.code}]: who can act is not counted")
        return None
    for sentence in cannot_act(groups) if shown else ():
        run.terminal.warn(sentence)
    return _Counted(chain=chain, envelope=envelope, groups=groups)


def _compare_end(run: Invocation, detail: AccountDetail, chain: VerifiedChain) -> None:
    """Warn where the service and the account's people do not say the same of its end."""
    if bool(detail.retired_since) is chain.newest.retired:
        return
    if chain.newest.retired:
        run.terminal.warn("its people have ended this line, and the service does not say so")
    else:
        run.terminal.warn("the service says that this line is retired, and its people have not")


def _check_not_older(run: Invocation, chain: VerifiedChain, shown: EnvelopeFacts | None) -> None:
    ready = memory.ready_envelope(run.home, chain.newest.account)
    if ready is None:
        return
    envelope = verify_manifest(shown.manifest, chain, shown.successor)[0] if shown else None
    newer = envelope is not None and envelope.version > ready[0]
    if not newer and (envelope is None or envelope.digest != ready[1]):
        raise ClientRefusal(
            "envelope-rewound",
            f"this device has verified that envelope version {ready[0]} is ready, and the service "
            "does not say that it, or a newer one, is in force",
        )


def _say(run: Invocation, detail: AccountDetail, counted: _Counted | None) -> None:
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
    for line in counted.lines() if counted else ():
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
