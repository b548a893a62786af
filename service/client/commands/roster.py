"""``breakglass roster``: who counts in an account."""

from typing import Any

import click

from crypto.encoding import b64decode, b64encode
from crypto.spoken import roster_words
from crypto.statement import payload_body, unsigned
from service.client.cli.answerfile import read_table
from service.client.cli.checkpoints import pinned_key
from service.client.cli.exposing import cost_of_overtaking
from service.client.cli.fetching import see
from service.client.cli.finding import find_account
from service.client.cli.invocation import Invocation
from service.client.cli.lines import check_lines, say_lines
from service.client.cli.newkey import check as check_new_key
from service.client.cli.newkey import drafted_key, see_draft
from service.client.cli.options import account_argument, command, group
from service.client.cli.session import public_keys
from service.client.commands.rosterdraft import (
    check_wishes,
    compose,
    merged,
    retiring,
    said_by,
)
from service.client.commands.rostersign import prove_draft, read_draft, review, sign_draft
from service.client.device import memory
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.words import rosters as rosterwords
from service.client.link.api import Api
from service.client.trust.chain import VerifiedChain, roster_of, verify_chain
from service.client.trust.identities import verify_identities
from service.domain.errors import NoRosterError
from service.domain.roster import Roster, check_succession
from service.wire.accounts import AccountDetail, OpenDraft, RosterDraft, Rosters
from service.wire.base import Done
from service.wire.people import People

_WHY = {
    "consent": "people with new keys",
    "everybody": "everyone who must sign",
    "password": "enough of the password group in force",
    "mfa": "enough of the MFA group in force",
}


def _chain(run: Invocation, shown: Rosters, account: str) -> VerifiedChain | None:
    """Verify the chain without an anchor of mine: enough to read it, or to draft on it."""
    if not shown.chain:
        return None
    seen = memory.seen_roster(run.home, account)
    return verify_chain(shown.chain, shown.identities, account=account, me=None, remembered=seen)


@command("show")
@account_argument
def show(run: Invocation, account: str) -> None:
    """Show who counts, what changed since you last signed, and the open draft."""
    with run.api() as api:
        account = find_account(run, api, account)
        shown = see(run, api, f"/accounts/{account}/rosters", Rosters, blocks=False)
        say_lines(run, account, shown.lines)
        shown = shown.model_copy(update={"log": None})
    chain = _chain(run, shown, account)
    drafted = _drafted(shown.draft, shown) if shown.draft else None
    answer = {**shown.model_dump(mode="json"), **_digests(chain)}
    run.terminal.answer(answer, lambda: _say(run, chain, shown.draft, drafted))


def _digests(chain: VerifiedChain | None) -> dict[str, str]:
    """Return what an auditor notes: the digest of the roster in force, and of the first one."""
    if chain is None:
        return {"digest": "", "first_digest": ""}
    return {"digest": chain.newest.digest, "first_digest": chain.rosters[0].digest}


def _drafted(draft: OpenDraft, shown: Rosters) -> Roster:
    statement = unsigned("roster", b64decode(draft.payload))
    return roster_of(statement, verify_identities(shown.identities))


def _say(
    run: Invocation, chain: VerifiedChain | None, draft: OpenDraft | None, drafted: Roster | None
) -> None:
    say = run.terminal.say
    if chain is None:
        say("No roster is in force.")
    else:
        say("In force, every signature verified: " + rosterwords.describe(chain.newest)[0])
        for line in rosterwords.describe(chain.newest)[1:]:
            say(line)
        say(f"  {'words':16} {render.spoken(roster_words(chain.newest.digest))}")
        say(f"  {'digest':16} {chain.newest.digest}")
        say(f"  {'first digest':16} {chain.rosters[0].digest}")
        _say_mine(run, chain)
    if draft is not None and drafted is not None:
        _say_draft(run, draft, drafted, chain.newest if chain else None)


def _say_mine(run: Invocation, chain: VerifiedChain) -> None:
    mine = [
        roster
        for roster, statement in zip(chain.rosters, chain.statements, strict=True)
        if run.config.fingerprint in {signature.keyid for signature in statement.signatures}
    ]
    if not mine:
        run.terminal.say("You have not signed any version of it.")
        return
    run.terminal.say(f"You signed version {mine[-1].version}.")
    if mine[-1] is not chain.newest:
        run.terminal.say("Since then:")
        for line in rosterwords.changes(mine[-1], chain.newest):
            run.terminal.say(f"  {line}")


def _say_draft(run: Invocation, draft: OpenDraft, drafted: Roster, newest: Roster | None) -> None:
    say = run.terminal.say
    say("\nDraft, not in force yet: " + rosterwords.describe(drafted)[0])
    lines = rosterwords.changes(newest, drafted) if newest else rosterwords.describe(drafted)[1:]
    for line in lines:
        say(f"  {line.strip()}")
    say(f"  {'words':16} {render.spoken(roster_words(drafted.digest))}")
    say(f"  {'digest':16} {drafted.digest}")
    names = {p: m.name for r in (newest, drafted) if r for p, m in r.members.items()}
    for why, people in draft.missing.items():
        who = render.listing(sorted(names.get(person, person) for person in people))
        say(f"  waits for {_WHY.get(why, why)}: {who}")
    if any(run.config.person in people for people in draft.missing.values()):
        say(f"You must sign too: breakglass roster sign {drafted.account}")


@command("draft")
@account_argument
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False))
@click.option("--name", help="The account's name.")
@click.option("--root-email", help="The root user's e-mail address.")
@click.option("--type", type=click.Choice(["management", "member", "standalone"]))
@click.option("--password", multiple=True, metavar="PERSON", help="A custodian; repeat.")
@click.option("--mfa", multiple=True, metavar="PERSON", help="A custodian; repeat.")
@click.option("--password-threshold", type=int, help="How many of the password group must approve.")
@click.option("--mfa-threshold", type=int, help="How many of the MFA group must approve.")
@click.option("--requester", multiple=True, metavar="PERSON", help="A requester; repeat.")
@click.option("--sealer", multiple=True, metavar="PERSON", help="A sealer; repeat.")
@click.option("--lifetime", type=int, metavar="SECONDS", help="How long a request may last.")
@click.option("--window", type=int, metavar="SECONDS", help="How long a release may last.")
@click.option("--denials", type=click.Choice(["unreachable", "first"]))
@click.option("--new-log-key", metavar="KEY", help="The log's new key, where the old one is lost.")
@click.option("--retire", is_flag=True, help="End this line of the account for good; see below.")
def draft(
    run: Invocation,
    account: str,
    file: str | None,
    *,
    retire: bool,
    new_log_key: str | None,
    **options: Any,  # noqa: ANN401
) -> None:
    """Draft a roster (operators); custodians sign it. Name people by e-mail address or name.

    FILE is TOML or JSON with the fields of a roster. Options override it, and what neither says
    stays as in the version in force. A list replaces the whole list before it.

    --retire changes nothing else: once custodians have signed, this line of the account takes no
    request, password or roster any more. What was entered before goes on.
    """
    if retire and (file or any(value not in (None, ()) for value in options.values())):
        raise click.UsageError("--retire changes nothing else: give no file and no other option")
    wishes = read_table(file) if file else {}
    check_wishes(wishes)
    wishes = merged(wishes, _wishes(options))
    with run.api() as api:
        account = find_account(run, api, account)
        shown = api.get(f"/accounts/{account}/rosters", Rosters)
        say_lines(run, account, shown.lines)
        chain = _chain(run, shown, account)
        newest = chain.newest if chain else None
        people = api.get("/people", People).people
        log_key = drafted_key(run, api, new_log_key) if new_log_key else pinned_key(run, api)
        if retire:
            fields = _retiring(run, api, account, newest, log_key)
        else:
            fields = compose(account, wishes, newest=newest, people=people, log_key=log_key)
        body = payload_body("roster", fields, run.now())
        statement = unsigned("roster", body)
        known = {**verify_identities(shown.identities), **said_by(people)}
        drafted = roster_of(statement, known)
        check_succession(drafted, newest)
        done = api.post(f"/accounts/{account}/rosters", RosterDraft(payload=b64encode(body)), Done)
    if done.id != drafted.digest:
        raise ClientRefusal("draft-replaced", "the service stored another draft than was sent")
    run.terminal.answer(done, lambda: _say_drafted(run, drafted, newest))


def _retiring(
    run: Invocation, api: Api, account: str, newest: Roster | None, log_key: str
) -> dict[str, Any]:
    """Compose the end of the line, and warn of what it would leave undone."""
    if newest is None:
        raise NoRosterError
    due = len(api.get(f"/accounts/{account}", AccountDetail).rotating)
    if due:
        run.terminal.warn(
            f"{due} released request(s) wait for a new password, and after this none is taken in "
            "this line: seal it before custodians sign, or change it at AWS and seal it in another "
            "line"
        )
    return retiring(newest, log_key=log_key)


def _say_drafted(run: Invocation, drafted: Roster, newest: Roster | None) -> None:
    for line in rosterwords.describe(drafted):
        run.terminal.say(line)
    for line in rosterwords.changes(newest, drafted) if newest else ():
        run.terminal.say(f"  {line}")
    run.terminal.say(
        f"Everyone who must sign does so on one call: breakglass roster sign {drafted.account}"
    )


def _wishes(options: dict[str, Any]) -> dict[str, Any]:
    """Turn options into the shape of the file; what was not given is left out."""
    given = {name: value for name, value in options.items() if value not in (None, ())}
    groups = {
        group: {
            part: value
            for part, value in (
                ("threshold", given.get(f"{group}_threshold")),
                ("custodians", list(given[group]) if group in given else None),
            )
            if value is not None
        }
        for group in ("password", "mfa")
    }
    policy = {"request_lifetime": "lifetime", "release_window": "window", "denials": "denials"}
    lists = {"requesters": "requester", "sealers": "sealer"}
    return {
        **{name: given[name] for name in ("name", "root_email", "type") if name in given},
        **{name: list(given[option]) for name, option in lists.items() if option in given},
        "groups": groups,
        "policy": {name: given[option] for name, option in policy.items() if option in given},
    }


@command("sign", signs=True)
@account_argument
@click.option(
    "--words-file",
    type=click.Path(exists=True, dir_okay=False),
    help="Each new person's eight words as they read them out, by name (TOML or JSON).",
)
@click.option("--digest-words", metavar="WORDS", help="The draft's eight words, from the call.")
@click.option("--log-key-words", metavar="WORDS", help="Those of a new log key, where it was lost.")
def sign(
    run: Invocation,
    account: str,
    words_file: str | None,
    digest_words: str | None,
    log_key_words: str | None,
) -> None:
    """Sign the draft, on one call with everyone who is new in it."""
    with run.api() as api:
        account = find_account(run, api, account)
        me = public_keys(run, api)
        shown = see_draft(run, api, account)
        say_lines(run, account, shown.lines)
        drafted = read_draft(run, shown, account, me)
        if drafted.previous is None:
            check_lines(run, account)
        prove_draft(run, api, drafted)
        check_new_key(run, api, drafted.roster, drafted.previous, log_key_words)
        ends = cost_of_overtaking(run, api, drafted.roster, drafted.previous)
        review(run, drafted, me, words_file=words_file, digest_words=digest_words, ends=ends)
        done = sign_draft(run, api, drafted, me)
    outcome = {
        "accepted": f"Roster version {drafted.roster.version} is in force.",
        "draft": "Signed. Others must sign too: breakglass roster show " + account,
    }
    run.terminal.answer(done, lambda: run.terminal.say(outcome.get(done.state, done.state)))


roster = group("roster", "Who counts in an account.", show, draft, sign)
