"""From what was verified to what a consent says of it: plain values, and nothing else.

Whatever is not verified has a place of its own in :class:`Context`, whose words say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crypto.encoding import format_time
from service.client.foundation.words.consents import Context
from service.client.trust.able import new_keys
from service.client.trust.chain import VerifiedChain
from service.client.trust.request import VerifiedRequest
from service.domain.case import AFTER_ALL
from service.domain.credential import Envelope
from service.domain.people import GroupName
from service.domain.quorum import Decision, last_words
from service.domain.roster import Roster, common_custodians, needed
from service.domain.successor import sealed_by_requester

SERVICE, BUNDLE = "the service", "the bundle"
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who is about to sign: their keys' fingerprint (empty: unknown here), and their clock.

    ``beside`` are other lines of the account, ``source`` is who says what is only said.
    """

    keyid: str
    now: datetime
    beside: Sequence[Data] = ()
    source: str = SERVICE


def of_account(chain: VerifiedChain, roster: Roster, reader: Reader) -> Context:
    """Return what is known of an account, for an act that counts by ``roster``."""
    version, day = _anchor(chain, reader.keyid)
    people = {person for known in chain.rosters for person in known.members}
    return Context(
        account=roster.account,
        called=roster.name,
        roster=roster.version,
        anchor=version,
        day=day,
        names={person: chain.name_of(person) for person in people},
        beside=tuple(reader.beside),
        source=reader.source,
        now=format_time(reader.now),
        denials=roster.policy.denials.value,
        address=roster.root_email,
    )


def _anchor(chain: VerifiedChain, keyid: str) -> tuple[int, str]:
    """Return the newest version that these keys have signed, and the day of its text."""
    for roster, statement in zip(reversed(chain.rosters), reversed(chain.statements), strict=True):
        if chain.bears(roster.version, keyid):
            return roster.version, statement.payload["at"][:10]
    return 0, ""


def with_envelope(
    context: Context, chain: VerifiedChain, envelope: Envelope, state: str
) -> Context:
    """Add a verified envelope; ``state`` is only said."""
    roster = chain.named(envelope.roster)
    return replace(
        context,
        envelope={
            "version": envelope.version,
            "roster": roster.version,
            "sealer": envelope.sealer,
            "foreign": sealed_by_requester(envelope, roster),
            "state": state,
        },
    )


def with_groups(context: Context, roster: Roster) -> Context:
    """Add a roster's groups, as an envelope is sealed for them."""
    groups = {
        name.value: {"needed": group.threshold, "people": list(group.custodians)}
        for name, group in roster.groups.items()
    }
    return replace(context, groups=groups)


def with_asked(context: Context, chain: VerifiedChain, envelope: Envelope) -> Context:
    """Add who is asked, by the newest roster: who holds a share of the envelope and can open it."""
    roster, sealed_for = chain.newest, chain.named(envelope.roster)
    old = new_keys(chain)
    groups = {}
    for name in GroupName:
        holds = common_custodians(roster, sealed_for, name) - old
        asked = [person for person in roster.groups[name].custodians if person in holds]
        groups[name.value] = {"needed": needed(roster, sealed_for, name), "people": asked}
    return replace(context, groups=groups)


def with_request(
    context: Context,
    about: VerifiedRequest,
    *,
    entered: bool,
    decisions: Sequence[Decision] = (),
    me: str = "",
) -> Context:
    """Add a verified request and its verified decisions; ``entered``: the log proves its entry."""
    last = last_words(decisions, until_seq=AFTER_ALL)
    approved = [person for person, word in last.items() if word.approves]
    return replace(
        context,
        request=dict(about.statement.payload),
        entered=format_time(about.request.entered_at) if entered else "",
        approved=approved,
        withdraws=me in approved,
    )
