"""What the rules of ``domain.able`` are asked with: who enrolled what last, and who has proven it.

Read once for as many accounts as a page shows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from service.domain import errors
from service.domain.able import (
    PROVEN_WITHIN,
    NewestIdentities,
    Readiness,
    Sealed,
    readiness,
    replaced,
)
from service.domain.credential import Envelope
from service.domain.events import Action
from service.domain.findings import in_question
from service.domain.people import GroupName
from service.domain.roster import Roster, check_not_stranding
from service.storage import envelopes, identities, invitations, last_acts, people, rosters
from service.usecases.context import Context

# A share was opened for each of these.
_PROOFS = (Action.ENVELOPE_CONFIRMED, Action.REQUEST_APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the people whom some newest rosters name.

    ``links`` is the day of the operator's link by which each has come to the keys that they have
    now. ``proven`` are pairs of account and person: a receipt, an approval or a drill within 90
    days. Who can act has the keys of their receipt, and so no later proof is with others. ``at`` is
    when it was known.
    """

    at: datetime
    newest: NewestIdentities
    links: Mapping[str, date]
    proven: frozenset[tuple[str, str]]


def known(session: Session, newest_rosters: Collection[Roster], now: datetime) -> Known:
    """Ask for all of it, in three queries at most."""
    named = {person for roster in newest_rosters for person in roster.members}
    accounts = [roster.account for roster in newest_rosters]
    return Known(
        at=now,
        newest=people.newest(session, named),
        links={p: at.date() for p, at in invitations.last_used(session, named).items()},
        proven=last_acts.acted(session, accounts, _PROOFS, since=now - PROVEN_WITHIN),
    )


def by_account(ctx: Context) -> Mapping[str, Mapping[GroupName, Readiness]]:
    """Who can act in every account that has a roster, for the service itself."""
    with ctx.read() as unit:
        session = unit.session
        newest = {roster.account: roster for roster in rosters.all_newest(session)}
        enrolled = newest_of(session, *newest.values())
        found = {}
        for account, current in envelopes.current_of(session, newest.keys()).items():
            shown = in_question(current.in_force, current.newest)
            sealed = sealed_of(session, newest[account], shown)
            found[account] = readiness(roster=newest[account], sealed=sealed, newest=enrolled)
    return found


def new_keys(ctx: Context, account: str) -> frozenset[str]:
    """Whom an account's newest roster names with other keys than they have; for who may see it."""
    with ctx.read() as unit:
        roster = rosters.newest(unit.session, account)
        return replaced(roster, newest_of(unit.session, roster)) if roster else frozenset()


def newest_of(session: Session, *rosters_: Roster, also: str = "") -> NewestIdentities:
    """The digest of the identity that each of these rosters' people enrolled last.

    And ``also`` of someone whom they may not name.
    """
    named = {person for roster in rosters_ for person in roster.members} | {also} - {""}
    return people.newest(session, named)


def sealed_of(session: Session, newest: Roster | None, envelope: Envelope | None) -> Sealed | None:
    """An envelope with its own roster; most are sealed under the newest one."""
    if envelope is None or newest is None:
        return None
    same = envelope.roster == newest.digest
    return Sealed(
        envelope=envelope, roster=newest if same else rosters.get(session, envelope.roster)
    )


def check_openable(session: Session, roster: Roster, previous: Roster | None) -> None:
    """Refuse a draft after which a group could not open what is in force.

    As anyone who reads the rosters counts it, and as it is: a custodian whose keys are lost does
    not count for those who are left out. Where a group cannot act anyway, this stops no one.

    Raises:
        StrandsEnvelopeError
    """
    in_force = envelopes.in_force(session, roster.account)
    if in_force is None or previous is None:
        return
    sealed = sealed_of(session, roster, in_force)
    if sealed is None:
        return
    check_not_stranding(roster, sealed.roster, in_force.receipts)
    newest = newest_of(session, roster, previous)
    before = readiness(roster=previous, sealed=sealed, newest=newest)
    after = readiness(roster=roster, sealed=sealed, newest=newest)
    if any(before[name].can_act and not after[name].can_act for name in GroupName):
        raise errors.StrandsEnvelopeError


def not_named(session: Session, account: str) -> list[bytes]:
    """What people of the newest roster enrolled last, as signed, where no version names it yet.

    Nor the open draft: what that names is with the chain already.
    """
    current = rosters.current(session, account)
    if current.newest is None:
        return []
    draft = current.draft.roster if current.draft else current.newest
    named = {m.identity for one in (current.newest, draft) for m in one.members.values()}
    newest = people.newest(session, current.newest.members.keys())
    other = set(newest.values()) - named
    return identities.signed(session, other) if other else []
