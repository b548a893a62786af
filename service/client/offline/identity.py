"""Who I am without the service: my phrase slot is in the bundle, and my phrase unwraps my root."""

from datetime import datetime
from pathlib import Path

from crypto.encoding import b64decode
from crypto.errors import CryptoError
from crypto.identity import Identity
from crypto.unlock import unwrap_root
from service.client.cli.invocation import Invocation
from service.client.cli.session import ask_phrase, stretch
from service.client.device import memory
from service.client.foundation import render
from service.client.foundation.errors import ApiRefusal, ClientRefusal
from service.client.foundation.words.consents import Context
from service.client.offline.files import read_bundle
from service.client.trust import contexts
from service.client.trust.bundle import BundledSeal, VerifiedBundle, verify_bundle
from service.client.trust.chain import check_my_keys
from service.client.trust.contexts import Reader
from service.domain.roster import Roster


def check_service_gone(run: Invocation) -> None:
    """Try the service; if it answers, warn and ask: it does the same, and announces every act.

    Raises:
        ClientRefusal: ``not-confirmed``.
    """
    try:
        with run.api(signed_in=False) as api:
            api.raw_get("/checkpoint", seen=0)
    except ApiRefusal:
        pass  # it refuses, so it answers
    except ClientRefusal:
        return
    run.terminal.warn("the service answers: use it unless you have a reason not to")
    run.terminal.confirm("Go on without the service?")


def open_bundle(run: Invocation, path: Path) -> VerifiedBundle:
    """Read and verify a bundle with what this device remembers of its account; say its age.

    Raises:
        ClientRefusal: a code of ``trust.bundle`` or ``offline.files``.
    """
    bundle = read_bundle(path)
    known = run.home.read_json("config.json") is not None
    verified = verify_bundle(
        bundle,
        me=run.config.fingerprint if known else None,
        remembered=memory.seen_roster(run.home, bundle.account),
    )
    for line in age_lines(verified, run.now()):
        run.terminal.note(line)
    return verified


def age_lines(bundle: VerifiedBundle, now: datetime) -> list[str]:
    """Say how old a bundle is: what the service says of it, and what its signatures prove."""
    roster = bundle.chain.newest
    said = (
        f"Bundle of {render.one_line(roster.name)} ({roster.account}), made "
        f"{render.moment(bundle.made_at, now)}, as the service says. It does not say by whom; "
        f"entry {bundle.leaf} of the log does."
    )
    newest = render.moment(bundle.signed_until, now)
    return [said, f"The newest signature in it was made {newest}."]


def bundle_context(
    run: Invocation, bundle: VerifiedBundle, roster: Roster, sealed: BundledSeal
) -> Context:
    """Return the context of an act by files: what only the service said, the bundle says."""
    config = run.home.config_or_none()
    signer = Reader(
        keyid=config.fingerprint if config else "", now=run.now(), source=contexts.BUNDLE
    )
    context = contexts.of_account(bundle.chain, roster, signer)
    return contexts.with_envelope(context, bundle.chain, sealed.envelope, sealed.state)


def who_am_i(run: Invocation, bundle: VerifiedBundle, named: str) -> str:
    """Return my person id: the one that ``--me`` names, else this device's.

    Raises:
        ClientRefusal: ``not-in-roster``: the bundle's newest roster does not name exactly one
            such person.
    """
    members = bundle.chain.newest.members
    if not named and run.home.read_json("config.json") is not None:
        named = run.config.person
    found = [p for p, member in members.items() if named in {p, member.name}]
    if len(found) != 1:
        raise ClientRefusal(
            "not-in-roster",
            "the account's roster does not name you, or not by that name",
            "say who you are with --me NAME, exactly as in the roster",
        )
    return found[0]


def unlock_offline(run: Invocation, bundle: VerifiedBundle, person: str) -> Identity:
    """Ask for the phrase and return my identity; the newest roster must name its keys.

    Raises:
        ClientRefusal: ``wrong-phrase``, ``bundle-lacks``, ``keys-replaced``.
    """
    slot = bundle.slot_of(person)
    keys = stretch(run, ask_phrase(run), b64decode(slot.salt), slot.iterations)
    try:
        root = unwrap_root(keys.slot_key, b64decode(slot.wrapped_root), person, slot.slot)
    except CryptoError:
        raise ClientRefusal("wrong-phrase", "the phrase does not open your key slot") from None
    identity = Identity.from_root(root)
    check_my_keys(bundle.chain.newest, person, identity.public)
    return identity
