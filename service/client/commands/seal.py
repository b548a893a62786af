"""``breakglass seal``: an account's new password, split between two groups on this device."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import click

from crypto import passwords
from crypto.errors import MalformedError
from crypto.identity import Identity
from crypto.randomness import random_uuid
from crypto.statement import Statement as Signed
from crypto.statement import sign
from service.client.cli.acting import submit, unlocked
from service.client.cli.before import prove_envelope
from service.client.cli.checkpoints import newest_head
from service.client.cli.consent import consent, reader
from service.client.cli.fetching import fetch_chain, fetch_envelopes
from service.client.cli.finding import find_account
from service.client.cli.invocation import Invocation
from service.client.cli.lines import check_lines
from service.client.cli.options import FromInput, account_argument, command
from service.client.cli.outlet import Outlet, outlet_options
from service.client.cli.ownrelease import check_may_seal, check_own_release
from service.client.cli.signing import posted
from service.client.cli.voice import compare_roster
from service.client.device import memory
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.shares.sealing import Content, seal_content, to_post
from service.client.trust import contexts
from service.client.trust.able import new_keys
from service.client.trust.before import Act
from service.client.trust.chain import VerifiedChain
from service.client.trust.envelope import verify_manifest
from service.client.trust.heads import Head
from service.domain.credential import Envelope
from service.domain.findings import Code
from service.domain.lines import aws_account
from service.domain.roster import FIRST_PREVIOUS, Roster, check_not_retired
from service.domain.topic import check_outside
from service.wire.accounts import AccountDetail, NewEnvelope
from service.wire.base import Done

_PASSWORD_BYTES = 4 * passwords.MAX_LENGTH + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the password comes from: generated, a file descriptor, or typed twice."""

    length: int
    password_fd: int | None
    typed: bool

    @property
    def generated(self) -> bool:
        """Whether this device generates it."""
        return self.password_fd is None and not self.typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is sealed, for whom, and what it follows.

    ``exposed``: the password in force may have been seen, or its requester knows it.
    """

    chain: VerifiedChain
    content: Content = field(repr=False)
    previous: Envelope | None
    rotating: Sequence[str]
    exposed: bool
    head: Head


@command("seal", signs=True)
@account_argument
@click.option("--length", default=passwords.DEFAULT_LENGTH, help="Length of a generated password.")
@click.option(
    "--password-fd", type=click.IntRange(min=0), help="Read the password from this descriptor."
)
@click.option("--typed", is_flag=True, help="Type the password, twice, instead of generating it.")
@click.option("--sign-in-email", help="What root signs in with; default: the roster's address.")
@click.option(
    "--note",
    type=FromInput(),
    metavar="-",
    help="Seal a note with the password, typed or from standard input.",
)
@click.option("--digest-words", metavar="WORDS", help="The roster's eight words, from the call.")
@outlet_options
def seal(  # noqa: PLR0913 - one for each option
    run: Invocation,
    account: str,
    *,
    length: int,
    password_fd: int | None,
    typed: bool,
    sign_in_email: str | None,
    note: str | None,
    digest_words: str | None,
    show: bool,
    copy: bool,
    out_fd: int | None,
) -> None:
    """Seal an account's new password (sealers).

    Where the roster lets a requester seal, they do so after their own release. A password is
    generated here unless you give one. You need a generated one once, to set it at AWS: get it with
    --show, --copy or --out-fd.
    """
    source = Source(length=length, password_fd=password_fd, typed=typed)
    outlet = Outlet(show=show, copy=copy, out_fd=out_fd)
    _check_options(source, outlet)
    outlet.check(run)

    with run.api() as api:
        account = find_account(run, api, account)
        detail = api.get(f"/accounts/{account}", AccountDetail)
        check_outside(account, detail.sns_topic_arn)
        chain = trusted_chain(run, api, account, digest_words)
        check_own_release(run, api, chain.newest, detail)
        previous = newest_envelope(run, api, chain)
        prove_envelope(run, api, Act.SEAL, chain, previous[1] if previous else None)
        password = _password(run, source, chain.newest)
        email = chain.newest.root_email if sign_in_email is None else sign_in_email
        plan = Plan(
            chain=chain,
            content=Content(password=password, sign_in_email=email, note=_note(run, note)),
            previous=previous[0] if previous else None,
            rotating=detail.rotating,
            exposed=_exposed(detail),
            head=newest_head(run, api),
        )
        show_plan(run, plan)
        body = sealed_body(run, plan, unlocked(run, api, chain.newest))

        def give(_done: Done) -> None:
            if source.generated:
                outlet.give(run, password)

        done = submit(run, api, "/envelopes", body, after=give)
    run.terminal.answer(done, lambda: _advise(run, account))


def _check_options(source: Source, outlet: Outlet) -> None:
    if source.typed and source.password_fd is not None:
        raise click.UsageError("give either --typed or --password-fd")
    if not passwords.MIN_LENGTH <= source.length <= passwords.MAX_LENGTH:
        raise click.UsageError(
            f"--length must be from {passwords.MIN_LENGTH} to {passwords.MAX_LENGTH}"
        )
    if source.generated and not outlet.given:
        raise click.UsageError("you must set the password at AWS: give --show, --copy or --out-fd")


def trusted_chain(
    run: Invocation, api: Api, account: str, digest_words: str | None
) -> VerifiedChain:
    """Verify who counts, by voice too on a device that has not done so, and that I may seal."""
    chain = fetch_chain(run, api, account)
    check_not_retired(chain.newest)
    check_may_seal(chain.newest, run.config.person)
    check_lines(run, account)
    digests = [roster.digest for roster in chain.rosters]
    if digest_words is not None or not memory.compared_by_voice(run.home, account, digests):
        compare_roster(run, "The roster in force", chain.newest.digest, digest_words)
        memory.remember_compared(run.home, account, chain.newest.digest)
    return chain


def newest_envelope(
    run: Invocation, api: Api, chain: VerifiedChain
) -> tuple[Envelope, Signed] | None:
    """Return the newest envelope of the account with its manifest, verified."""
    shown = fetch_envelopes(run, api, chain)
    found = [verify_manifest(facts.manifest, chain, facts.successor) for facts in shown]
    return max(found, key=lambda sealed: sealed[0].version, default=None)


def _password(run: Invocation, source: Source, roster: Roster) -> str:
    """Return a password that AWS accepts.

    Raises:
        ClientRefusal: ``weak-password``, ``passwords-differ``, ``needs-answer``.
    """
    if source.generated:
        return passwords.generate(source.length)
    password = _given(run, source)
    try:
        passwords.check_password(
            password,
            account=aws_account(roster.account),
            name=roster.name,
            email=roster.root_email,
        )
    except MalformedError as refused:
        raise ClientRefusal("weak-password", str(refused)) from None
    return password


def _given(run: Invocation, source: Source) -> str:
    if source.password_fd is not None:
        with os.fdopen(os.dup(source.password_fd), "rb") as file:
            data = file.read(_PASSWORD_BYTES)
        try:
            return data.removesuffix(b"\n").removesuffix(b"\r").decode()
        except UnicodeDecodeError:
            raise ClientRefusal("weak-password", "the password is not UTF-8") from None
    ask = run.terminal.ask
    first = ask("The new root password", option="--password-fd", hidden=True)
    if ask("Once more", option="--password-fd", hidden=True) != first:
        raise ClientRefusal("passwords-differ", "you typed two different passwords")
    return first


def _note(run: Invocation, note: str | None) -> str:
    return "" if note is None else run.terminal.read("Note for the person who opens it")


def show_plan(run: Invocation, plan: Plan) -> None:
    """Show what is about to be sealed, and ask for a yes."""
    chain, roster = plan.chain, plan.chain.newest
    context = contexts.with_groups(
        contexts.of_account(chain, roster, reader(run, roster.account)), roster
    )
    context = replace(
        context,
        envelope={"foreign": run.config.person not in roster.sealers},
        email=plan.content.sign_in_email,
        oldkeys=sorted(new_keys(chain) & roster.custodians),
    )
    fields = {**_facts(run, plan), "account": roster.account, "content_kind": "password"}
    consent(run, "manifest", fields, context)
    run.terminal.confirm("Seal it?")


def sealed_body(run: Invocation, plan: Plan, me: Identity) -> NewEnvelope:
    """Seal, try every share, and sign: all that is posted, and nothing that opens."""
    with run.terminal.working("Sealing, and opening it again with every share"):
        sealed = seal_content(
            plan.content,
            roster=plan.chain.statements[-1],
            keys={p: m.encryption_key for p, m in plan.chain.newest.members.items()},
            head={"envelope": random_uuid(), **_facts(run, plan), **plan.head.fields},
            at=run.now(),
        )
    run.sight.demand_shown("manifest", sealed.manifest)
    # Signed as of the time it was sealed at, which is part of what every share is bound to.
    statement = sign("manifest", sealed.manifest, identity=me, at=sealed.at)
    return to_post(sealed, posted(run, statement))


def _facts(run: Invocation, plan: Plan) -> dict[str, object]:
    return {
        "version": plan.previous.version + 1 if plan.previous else 1,
        "previous": plan.previous.digest if plan.previous else FIRST_PREVIOUS,
        "sealer": run.config.person,
        "cause": _cause(plan),
        "after_requests": sorted(plan.rotating),
    }


def _cause(plan: Plan) -> str:
    if plan.previous is None:
        return "initial"
    if plan.previous.roster != plan.chain.newest.digest and not (plan.rotating or plan.exposed):
        return "roster"
    return "rotation"


def _exposed(detail: AccountDetail) -> bool:
    # Only the service's word; it refuses the same password where this is true.
    known = any(finding.code == Code.SEALED_BY_REQUESTER for finding in detail.findings)
    return detail.state == "exposed" or known


def _advise(run: Invocation, account: str) -> None:
    say = run.terminal.say
    say("Sealed. Now set this password at AWS for the root user, and sign in with it in a second")
    say("browser before you end the old session.")
    say(f"Then every custodian confirms: breakglass confirm {account}")
