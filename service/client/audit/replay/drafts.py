"""Replaying drafts of rosters, signatures on them, and bundles: the service's own word, bounded.

Until a roster is accepted nothing is signed that the log holds. What a draft and a signature say
must fit each other and the chain; the roster that is then accepted bears the signatures.
"""

from crypto.identity import PublicKeys
from crypto.statement import Statement
from service.client.audit.replay.claim import Claim, demand_actor, demand_said
from service.client.audit.replay.world import AccountWorld, World
from service.client.foundation.errors import ClientRefusal
from service.domain.events import Event


def drafted(world: World, leaf: Claim) -> list[Event]:
    """Take a draft of the next version; an older draft is abandoned."""
    account = world.account_of(leaf)
    version = account.roster.version + 1 if account.roster else 1
    demand_said(leaf, version=version, state="draft")
    account.draft = (version, str(leaf.details.get("roster", "")))
    return []


def signed(world: World, leaf: Claim) -> list[Event]:
    """Take a signature on the open draft; ``accepted`` is the last one, and acceptance follows.

    Raises:
        ClientRefusal: ``uncaused``: there is no draft; ``wrong-actor``: the key is not the actor's.
    """
    account = world.account_of(leaf)
    if account.draft is None:
        raise ClientRefusal("uncaused", "no roster was drafted that could be signed")
    last = leaf.details.get("state") == "accepted"
    version, digest = account.draft
    demand_said(leaf, version=version, roster=digest, state="accepted" if last else "draft")
    if leaf.details.get("signer") not in _fingerprints(world, account, leaf.actor):
        raise ClientRefusal("wrong-actor", "its signer is not a key of its actor")
    leaf.proven.add(".signer")
    world.signing = leaf if last else None
    return []


def accepted(account: AccountWorld, leaf: Claim, statement: Statement, last: Claim | None) -> None:
    """Check that the entry before is the signature that completes this roster.

    Raises:
        ClientRefusal: ``uncaused``: it is not; ``wrong-actor``: someone else signed last, or the
            roster does not bear that signature.
    """
    if last is None or (last.subject, last.details["roster"]) != (leaf.subject, statement.digest):
        raise ClientRefusal("uncaused", "no signature before it completes this roster")
    demand_actor(leaf, last.actor)
    if last.details["signer"] not in {signature.keyid for signature in statement.signatures}:
        raise ClientRefusal("wrong-actor", "the roster does not bear its actor's signature")
    account.draft = None


def _fingerprints(world: World, account: AccountWorld, person: str) -> set[str]:
    """The person's key as enrolled last, and as the newest roster has it."""
    found = {world.keys[person].keyid} if person in world.keys else set()
    member = account.roster.members.get(person) if account.roster else None
    if member is not None:
        keys = PublicKeys(encryption_key=member.encryption_key, signing_key=member.signing_key)
        found.add(keys.keyid)
    return found


def bundled(world: World, leaf: Claim) -> list[Event]:
    """Take the download of a bundle, by someone whom the newest roster names.

    Raises:
        ClientRefusal: ``wrong-actor``.
    """
    roster = world.account_of(leaf).roster
    if roster is None or leaf.actor not in roster.members:
        raise ClientRefusal("wrong-actor", "its actor is not in the account's roster")
    demand_said(leaf, roster=roster.digest)
    return []
