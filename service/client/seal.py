"""``breakglass seal``: an account's new password, split among two groups before it leaves."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

import click

from crypto import passwords
from crypto.encoding import b64encode
from crypto.errors import MalformedError
from crypto.identity import Identity
from crypto.opening import Content, SealedEnvelope, seal_envelope
from crypto.randomness import random_uuid
from crypto.statement import sign
from service.client import memory, render
from service.client.api import Api
from service.client.errors import ClientRefusal
from service.client.invocation import Invocation
from service.client.options import account_argument, command
from service.client.outlet import Outlet, outlet_options
from service.client.signing import posted
from service.client.trust import VerifiedChain, check_my_keys
from service.client.trust_envelope import verify_manifest
from service.client.trust_fetch import fetch_chain, fetch_envelopes
from service.client.voice import compare_roster
from service.domain.credential import Envelope
from service.domain.errors import NotInRosterError
from service.domain.roster import FIRST_PREVIOUS, Roster
from service.domain.topic import check_outside
from service.wire.accounts import AccountDetail, NewEnvelope, SealedShare
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
        """Whether this device makes it up."""
        return self.password_fd is None and not self.typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is sealed, for whom, and what it follows."""

    chain: VerifiedChain
    content: Content = field(repr=False)
    previous: Envelope | None
    rotating: Sequence[str]
    exposed: bool


@command("seal", signs=True)
@account_argument
@click.option("--length", default=passwords.DEFAULT_LENGTH, help="Of a generated password.")
@click.option("--password-fd", type=click.IntRange(min=0), help="Read the password from here.")
@click.option("--typed", is_flag=True, help="Type the password, twice, instead of generating it.")
@click.option("--sign-in-email", help="What root signs in with; else as the roster says.")
@click.option("--note", default="", help="Sealed with the password, for whoever opens it.")
@click.option("--digest-words", metavar="WORDS", help="The roster's eight words, by voice.")
@outlet_options
def seal(  # noqa: PLR0913 - one for each option
    run: Invocation,
    account: str,
    *,
    length: int,
    password_fd: int | None,
    typed: bool,
    sign_in_email: str | None,
    note: str,
    digest_words: str | None,
    show: bool,
    copy: bool,
    out_fd: int | None,
) -> None:
    """Seal an account's new password (sealers).

    A password is generated here unless you give one; then you need it once, to set it at AWS: say
    how with --show, --copy or --out-fd.
    """
    source = Source(length=length, password_fd=password_fd, typed=typed)
    outlet = Outlet(show=show, copy=copy, out_fd=out_fd)
    _check_options(source, outlet)
    with run.api() as api:
        detail = api.get(f"/accounts/{account}", AccountDetail)
        check_outside(account, detail.sns_topic_arn)
        chain = _trusted_chain(run, api, account, digest_words)
        password = _password(run, source, chain.newest)
        email = chain.newest.root_email if sign_in_email is None else sign_in_email
        plan = Plan(
            chain=chain,
            content=Content(password=password, sign_in_email=email, note=note),
            previous=_newest(api, chain),
            rotating=detail.rotating,
            exposed=detail.state == "exposed",
        )
        _tell(run, plan)
        with run.unlock(api) as me:
            # A roster that names me with other keys is not one that I signed, whoever says so.
            check_my_keys(chain.newest, run.config.person, me.public)
            done = _post(run, api, plan, me)
        if source.generated:
            outlet.give(run, password)
        run.check_log(api, done)
    run.terminal.answer(done, lambda: _advise(run, account))


def _check_options(source: Source, outlet: Outlet) -> None:
    if source.typed and source.password_fd is not None:
        raise click.UsageError("--typed and --password-fd are two sources")
    if not passwords.MIN_LENGTH <= source.length <= passwords.MAX_LENGTH:
        raise click.UsageError(f"--length is from {passwords.MIN_LENGTH} to {passwords.MAX_LENGTH}")
    if source.generated and not outlet.given:
        raise click.UsageError(
            "you have to set the password at AWS: give --show, --copy or --out-fd"
        )
    outlet.check()


def _trusted_chain(
    run: Invocation, api: Api, account: str, digest_words: str | None
) -> VerifiedChain:
    """Verify who counts, by voice too on a device that has not done so, and that I may seal."""
    chain = fetch_chain(run, api, account)
    if run.config.person not in chain.newest.sealers:
        raise NotInRosterError("the account's roster does not name you as a sealer")
    digests = [roster.digest for roster in chain.since_restart(run.config.fingerprint)]
    if digest_words is not None or not memory.compared_by_voice(run.home, account, digests):
        compare_roster(run, "The roster in force", chain.newest.digest, digest_words)
        memory.remember_compared(run.home, account, chain.newest.digest)
    return chain


def _newest(api: Api, chain: VerifiedChain) -> Envelope | None:
    """Return the newest envelope of the account, its manifest verified."""
    shown = fetch_envelopes(api, chain.newest.account)
    found = [verify_manifest(facts.manifest, chain)[0] for facts in shown]
    return max(found, key=lambda envelope: envelope.version, default=None)


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
            password, account=roster.account, name=roster.name, email=roster.root_email
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


def _tell(run: Invocation, plan: Plan) -> None:
    roster = plan.chain.newest
    version = plan.previous.version + 1 if plan.previous else 1
    people = [plan.chain.name_of(person) for g in roster.groups.values() for person in g.custodians]
    run.terminal.note(
        f"Sealing version {version} for {render.one_line(roster.name)} ({roster.account}), "
        f"roster version {roster.version}, to {render.listing(people)}."
    )
    if plan.rotating:
        run.terminal.note(f"It is the new password after {len(plan.rotating)} released request(s).")
    run.terminal.confirm("Seal it?")


def _post(run: Invocation, api: Api, plan: Plan, me: Identity) -> Done:
    with run.terminal.working("Sealing, and opening it again with every share"):
        sealed = seal_envelope(
            plan.content,
            roster=plan.chain.statements[-1],
            head=_head(run, plan),
            at=run.now(),
        )
    statement = sign("manifest", sealed.manifest, identity=me, at=sealed.at)
    body = NewEnvelope(
        statement=posted(statement),
        content=b64encode(sealed.content),
        sealed_shares=_posted_shares(sealed),
    )
    return api.post("/envelopes", body, Done)


def _head(run: Invocation, plan: Plan) -> dict[str, object]:
    return {
        "envelope": random_uuid(),
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


def _posted_shares(sealed: SealedEnvelope) -> list[SealedShare]:
    return [
        SealedShare.model_validate(
            {
                "group": share.group,
                "custodian": share.custodian,
                "sealed_share": b64encode(share.sealed),
            }
        )
        for share in sealed.shares
    ]


def _advise(run: Invocation, account: str) -> None:
    say = run.terminal.say
    say("Sealed. Now set this password at AWS for the root user, and sign in with it in a second")
    say("browser before you let go of the old session.")
    say(f"The custodians confirm: breakglass confirm {account}")
