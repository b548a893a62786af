"""Making a request: a fresh key, a signed statement, posted only when both are safe on disk."""

from collections.abc import Mapping
from typing import Any

from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.randomness import random_uuid
from crypto.recipient import RecipientKey
from crypto.statement import Statement as Signed
from service.client.cli import requestwords
from service.client.cli.acting import signed, submit
from service.client.cli.before import prove_envelope
from service.client.cli.checkpoints import newest_head
from service.client.cli.consent import consent, reader
from service.client.cli.fetching import fetch_chain, fetch_envelopes, fetch_request
from service.client.cli.invocation import Invocation
from service.client.cli.lines import check_lines
from service.client.cli.redating import settle_own, sign_anew
from service.client.cli.session import unlock_with_slot
from service.client.cli.signing import posted
from service.client.cli.sweeping import sweep
from service.client.device import requestkeys
from service.client.device.keeping import keep_statement
from service.client.device.requestkeys import KeptSlot
from service.client.foundation.errors import ApiRefusal, ClientRefusal
from service.client.foundation.words.consents import Context
from service.client.link.api import Api
from service.client.trust import contexts
from service.client.trust.before import Act
from service.client.trust.chain import VerifiedChain
from service.client.trust.envelope import verify_manifest, verify_receipts
from service.client.trust.heads import Head
from service.domain.credential import Envelope
from service.domain.roster import Roster, check_not_retired
from service.wire.accounts import EnvelopeFacts
from service.wire.base import Done, Statement

Fields = Mapping[str, Any]


Sealed = tuple[Envelope, Signed, str]


def choose_envelope(run: Invocation, api: Api, chain: VerifiedChain, *, newest: bool) -> Sealed:
    """Return the envelope that a request names: the one in force, or the newest unconfirmed one.

    With it its manifest, and its state, which is only said.

    Raises:
        ClientRefusal: ``no-envelope``, or a code of ``trust.envelope``.
    """
    account = chain.newest.account
    found = fetch_envelopes(run, api, chain)
    living = [facts for facts in found if facts.state != "superseded"]
    verified = [
        (facts, verify_manifest(facts.manifest, chain, facts.successor)) for facts in living
    ]
    verified.sort(key=lambda pair: -pair[1][0].version)
    if not verified or any(envelope.account != account for _, (envelope, _) in verified):
        raise ClientRefusal("no-envelope", "no password is sealed for this account yet")
    in_force = [pair for pair in verified if pair[0].state != "unconfirmed"]
    if verified[0][0].state == "unconfirmed" and in_force and not newest:
        run.terminal.warn(
            f"{_waits(verified[0][0], verified[0][1][0], chain)}; if the password at AWS is "
            "changed already, request it with --newest"
        )
    facts, (envelope, manifest) = verified[0] if newest or not in_force else in_force[0]
    return envelope, manifest, facts.state


def _context(run: Invocation, chain: VerifiedChain, envelope: Envelope, state: str) -> Context:
    context = contexts.of_account(chain, chain.newest, reader(run, envelope.account))
    context = contexts.with_envelope(context, chain, envelope, state)
    return contexts.with_asked(context, chain, envelope)


def _waits(facts: EnvelopeFacts, envelope: Envelope, chain: VerifiedChain) -> str:
    """Say how far an envelope is that is newer and not in force yet."""
    receipts = verify_receipts(facts.receipts, envelope, chain)
    groups = chain.named(envelope.roster).groups
    there = [
        min(sum(1 for name, _ in receipts if name is group), groups[group].threshold)
        for group in groups
    ]
    wanted = sum(group.threshold for group in groups.values())
    return f"version {envelope.version} waits for confirmations, {sum(there)} of {wanted}"


def check_policy(roster: Roster, me: str, *, lifetime: int, window: int) -> None:
    """Refuse here what the service would refuse after the phrase was typed.

    Raises:
        ClientRefusal: ``not-in-roster``, ``policy``.
    """
    if me not in roster.requesters:
        raise ClientRefusal("not-in-roster", "the account's roster does not let you ask")
    if lifetime > roster.policy.request_lifetime or window > roster.policy.release_window:
        raise ClientRefusal(
            "policy",
            f"the roster allows a lifetime of at most {roster.policy.request_lifetime} s "
            f"and a window of at most {roster.policy.release_window} s",
        )


def sign_request(
    run: Invocation, fields: Fields, me: Identity, slots: list[KeptSlot], head: Head
) -> Signed:
    """Make the key, keep it wrapped, sign, and keep that too: all before anything leaves.

    Raises:
        ClientRefusal: ``key-not-kept``.
    """
    key, request, person = RecipientKey.generate(), fields["request"], fields["requester"]
    requestkeys.keep(run.home, request, key, person=person, root=me.root, slots=slots)
    whole = {**fields, "recipient_key": b64encode(key.public)}
    statement = signed(run, me, "request", whole, head)
    keep_statement(run.home, statement)
    return statement


def post_request(run: Invocation, api: Api, fields: Fields) -> tuple[str, Done]:
    """Unlock, sign a request and post it. Returns its id.

    A refusal destroys nothing: that the service has not taken it is the service's word.

    Raises:
        ClientRefusal: ``key-not-kept``, a code of ``session.unlock``, or the service's refusal.
    """
    head = newest_head(run, api)
    opened = unlock_with_slot(run, api)
    own = opened.slot
    slot = KeptSlot(
        slot=own.slot, salt=own.salt, iterations=own.iterations, wrapped_root=own.wrapped_root
    )
    whole = {**fields, "request": random_uuid()}
    statement = sign_request(run, whole, opened.identity, [slot], head)
    try:
        done = submit(run, api, "/requests", Statement(statement=posted(run, statement)))
    except ApiRefusal as refused:
        if refused.code != "clock-differs":
            raise
        anew = sign_anew(run, api, statement, opened.identity, refused)
        done = submit(run, api, "/requests", Statement(statement=posted(run, anew)))
        settle_own(run, api, statement.payload["request"])
    return statement.payload["request"], done


def say_asked(run: Invocation, api: Api, request: str, done: Done) -> None:
    """Fetch the request again, verify it, and show when it expires and who is asked."""
    shown = fetch_request(run, api, request)

    def human() -> None:
        for line in (
            *requestwords.statement_lines(shown, run.now()),
            *requestwords.asked_lines(shown),
        ):
            run.terminal.say(line)
        run.terminal.say(f"The request is {request}")
        verb = "drill --release" if shown.about.request.drill else "release"
        run.terminal.say(f"When both groups have approved: breakglass {verb} {request}")

    run.terminal.answer(done, human)


def ask(run: Invocation, api: Api, account: str, fields: Fields, *, newest: bool) -> None:
    """Verify the account, sign and post a request, and say what comes next.

    ``fields`` lacks ``lifetime`` and ``window`` for as long as the policy permits.
    """
    chain = fetch_chain(run, api, account)
    check_not_retired(chain.newest)
    check_lines(run, account)
    envelope, manifest, state = choose_envelope(run, api, chain, newest=newest)
    prove_envelope(run, api, Act.ASK, chain, manifest)
    policy = chain.newest.policy
    full = {
        "lifetime": policy.request_lifetime,
        "window": policy.release_window,
        **fields,
        "account": account,
        "roster": chain.newest.digest,
        "manifest": envelope.digest,
        "requester": run.config.person,
        "offline": False,
    }
    check_policy(chain.newest, run.config.person, lifetime=full["lifetime"], window=full["window"])
    if not full["reason"].strip() or (full["task"] == "other" and not full["task_text"].strip()):
        raise ClientRefusal("reason-needed", "say why, and for the task 'other' what it is")
    consent(run, "request", full, _context(run, chain, envelope, state))
    request, done = post_request(run, api, full)
    sweep(run, api, acting=request)
    say_asked(run, api, request, done)
