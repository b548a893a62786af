"""Who can act, counted from what people have signed, not from the service's number.

What it cannot be made to show is an identity that it withholds: someone who lost their keys may
count here until a roster names the new ones. It cannot make anyone count whose receipt it lacks.
"""

from collections.abc import Mapping
from dataclasses import replace

from service.client.trust.chain import VerifiedChain
from service.client.trust.envelope import verify_manifest, verify_receipts
from service.domain import able
from service.domain.able import NewestIdentities, Readiness, Sealed
from service.domain.people import GroupName
from service.wire.accounts import EnvelopeFacts


def newest_identities(chain: VerifiedChain) -> NewestIdentities:
    """Return what each person of the newest roster enrolled last, as far as the answer shows it.

    A roster takes new people by their newest identity alone, and keeps whom it had. So one that no
    version names is newer than all that are named.
    """
    named = {m.identity for roster in chain.rosters for m in roster.members.values()}
    people = {person: member.identity for person, member in chain.newest.members.items()}
    newer = {
        keys.person: digest
        for digest, keys in chain.identities.items()
        if digest not in named and keys.person in people
    }
    return people | newer


def new_keys(chain: VerifiedChain) -> frozenset[str]:
    """Return whom the newest roster names with other keys than they have by now."""
    return able.replaced(chain.newest, newest_identities(chain))


def count(chain: VerifiedChain, facts: EnvelopeFacts | None) -> Mapping[GroupName, Readiness]:
    """Count who can act with an envelope, whose manifest and receipts are verified here.

    Raises:
        ClientRefusal: a code of ``trust.envelope``.
    """
    sealed = None
    if facts is not None:
        envelope, _ = verify_manifest(facts.manifest, chain, facts.successor)
        receipts = verify_receipts(facts.receipts, envelope, chain)
        sealed = Sealed(
            envelope=replace(envelope, receipts=receipts), roster=chain.named(envelope.roster)
        )
    return able.readiness(roster=chain.newest, sealed=sealed, newest=newest_identities(chain))
