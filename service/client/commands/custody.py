"""A custodian's own share: confirming that it opens, and printing it."""

from collections.abc import Mapping
from dataclasses import dataclass

import click

from crypto.encoding import b64decode
from crypto.identity import Identity
from service.client.cli.acting import stamp, submit, unlocked
from service.client.cli.before import prove_envelope
from service.client.cli.consent import consent, reader
from service.client.cli.fetching import fetch_chain, fetch_envelopes, remember_if_ready
from service.client.cli.finding import find_account
from service.client.cli.invocation import Invocation
from service.client.cli.options import account_argument, command
from service.client.cli.outlet import Outlet
from service.client.cli.signing import posted
from service.client.commands.paperpage import page_of
from service.client.link.api import Api
from service.client.shares.opening import Holding, OpenedShare, open_share
from service.client.shares.resealing import paper as make_paper
from service.client.shares.resealing import receipt as make_receipt
from service.client.trust import contexts
from service.client.trust.before import Act
from service.client.trust.chain import VerifiedChain, check_my_keys
from service.client.trust.envelope import verify_manifest, verify_receipts
from service.client.trust.statements import read
from service.domain.credential import takes_receipts
from service.domain.errors import (
    AlreadyConfirmedError,
    NoEnvelopeError,
    NotInRosterError,
    StaleRosterError,
)
from service.wire.accounts import EnvelopeFacts, MyShare
from service.wire.base import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """My place in an envelope whose manifest a sealer of its roster has signed."""

    holding: Holding
    confirmed: bool


def find_mine(run: Invocation, facts: EnvelopeFacts, chain: VerifiedChain) -> Mine:
    """Verify an envelope and its receipts, and find my share in it.

    Raises:
        NotInRosterError: no share of it is mine.
        ClientRefusal: a code of ``trust.envelope``.
    """
    envelope, statement = verify_manifest(facts.manifest, chain, facts.successor)
    person = run.config.person
    share = envelope.share_of(person)
    if share is None:
        raise NotInRosterError("you have no share of this envelope")
    receipts = verify_receipts(facts.receipts, envelope, chain)
    return Mine(
        holding=Holding(
            envelope=envelope,
            manifest=statement.payload,
            roster=chain.named(envelope.roster),
            group=share.group,
            person=person,
        ),
        confirmed=(share.group, person) in receipts,
    )


def open_mine(api: Api, mine: Mine, me: Identity) -> OpenedShare:
    """Fetch my share and open it.

    Raises:
        ClientRefusal: ``keys-replaced``, or a code of ``shares.opening``.
    """
    holding = mine.holding
    check_my_keys(holding.roster, holding.person, me.public)
    fetched = api.get(f"/envelopes/{holding.envelope.id}/share", MyShare)
    return open_share(b64decode(fetched.sealed_share), holding, me)


def _newest(run: Invocation, api: Api, chain: VerifiedChain) -> EnvelopeFacts:
    found = fetch_envelopes(run, api, chain)
    if not found:
        raise NoEnvelopeError
    return found[0]


@command("confirm", signs=True)
@account_argument
def confirm(run: Invocation, account: str) -> None:
    """Open your share of the newest sealed password, check it, and sign that it opens."""
    with run.api() as api:
        account = find_account(run, api, account)
        chain = fetch_chain(run, api, account)
        facts = _newest(run, api, chain)
        mine = find_mine(run, facts, chain)
        if not takes_receipts(mine.holding.roster, chain.newest):
            raise StaleRosterError(
                "the password was sealed for an older roster: it must be sealed again"
            )
        if mine.confirmed:
            raise AlreadyConfirmedError
        prove_envelope(run, api, Act.CONFIRM, chain, read(facts.manifest, "manifest"))
        _show(run, "custody-receipt", mine.holding.fields, chain, mine, facts.state)
        me = unlocked(run, api)
        receipt = make_receipt(open_mine(api, mine, me), me, stamp(run, api, "custody-receipt"))
        body = Statement(statement=posted(run, receipt))
        done = submit(run, api, "/custody-receipts", body)
        with_mine = facts.model_copy(update={"receipts": [*facts.receipts, body.statement]})
        remember_if_ready(run, with_mine, chain)
    said = "Your share opens, and you have signed that it does."
    if facts.state == "unconfirmed" and done.state == "ready":
        said += " With yours the envelope is ready and in force."
    run.terminal.answer(done, lambda: run.terminal.say(said))


@command("paper", signs=True)
@account_argument
@click.option("--place", default="", metavar="TEXT", help="Where the paper will be; in the log.")
@click.option(
    "--out-fd",
    type=click.IntRange(min=0),
    help="Write the page to this file descriptor, such as a printer's, not to the terminal.",
)
def paper(run: Invocation, account: str, place: str, out_fd: int | None) -> None:
    """Print your share as words, for a safe. This is announced."""
    outlet = Outlet(show=out_fd is None, copy=False, out_fd=out_fd)
    outlet.check(run)
    with run.api() as api:
        account = find_account(run, api, account)
        chain = fetch_chain(run, api, account)
        facts = _in_force(run, api, chain)
        mine = find_mine(run, facts, chain)
        prove_envelope(run, api, Act.PAPER, chain, read(facts.manifest, "manifest"))
        _show(run, "paper", {**mine.holding.fields, "place": place}, chain, mine, facts.state)
        run.terminal.confirm("Print it?")
        me = unlocked(run, api)
        opened = open_mine(api, mine, me)
        statement = make_paper(opened, me, stamp(run, api, "paper"), place=place)
        # Printed only once it is in the log, so that no paper exists without an entry.
        done = submit(run, api, "/papers", Statement(statement=posted(run, statement)))
    outlet.give(run, page_of(opened, run.config.server))
    answer = {**mine.holding.fields, "envelope": facts.id, "leaf": done.leaf}
    run.terminal.answer(answer, lambda: None)


def _in_force(run: Invocation, api: Api, chain: VerifiedChain) -> EnvelopeFacts:
    """Return the envelope in force, or the newest one when none is yet."""
    found = fetch_envelopes(run, api, chain)
    in_force = [e for e in found if e.state in {"ready", "exposed"}]
    if not found:
        raise NoEnvelopeError
    return (in_force or found)[0]


def _show(
    run: Invocation,
    kind: str,
    fields: Mapping[str, str],
    chain: VerifiedChain,
    mine: Mine,
    state: str,
) -> None:
    """Show which share is opened, and what becomes of it; ``state`` is the service's word."""
    envelope, roster = mine.holding.envelope, mine.holding.roster
    context = contexts.of_account(chain, roster, reader(run, envelope.account))
    context = contexts.with_envelope(context, chain, envelope, state)
    consent(run, kind, fields, contexts.with_groups(context, roster))
