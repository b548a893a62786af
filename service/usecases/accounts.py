"""Protected accounts: registered by an operator, ruled by their rosters."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from service.domain import errors
from service.domain.able import Readiness, readiness
from service.domain.duties import DRILL_EVERY
from service.domain.events import ACTIONS, Action, Event
from service.domain.findings import Facts, Finding, findings, in_question, state
from service.domain.people import GroupName
from service.domain.readiness import roles
from service.domain.request import AWAITING_ROTATION
from service.domain.roster import Roster
from service.domain.topic import check_outside, topic_of
from service.storage import accounts, envelopes, history, outbox, requests, rosters
from service.storage.tables import AccountRow
from service.usecases import visibility
from service.usecases.able import Known, known, sealed_of
from service.usecases.context import Caller, Context
from service.usecases.exposure import exposed_by
from service.usecases.visibility import check_sees, visible
from service.wire.accounts import (
    AccountList,
    AccountSummary,
    Channel,
    NewAccount,
)
from service.wire.base import Done


def register(ctx: Context, caller: Caller, body: NewAccount) -> Done:
    """Register an account; no one counts in it until custodians sign a roster."""
    if not caller.operator:
        raise errors.NotAllowedError
    check_outside(body.account, body.sns_topic_arn)
    with ctx.write() as unit:
        if unit.session.get(AccountRow, body.account) is not None:
            raise errors.TakenError
        unit.session.add(
            AccountRow(
                id=body.account,
                sns_topic_arn=body.sns_topic_arn,
                registered_at=int(unit.now.timestamp()),
            )
        )
        unit.session.flush()
        [leaf] = unit.record(_channel_event(Action.ACCOUNT_REGISTERED, caller, body.account, body))
    return Done(id=body.account, state="registered", leaf=leaf)


def set_channel(ctx: Context, caller: Caller, account: str, body: Channel) -> Done:
    """Change where an account's notices go; announced through the old channel and the new one."""
    if not caller.operator:
        raise errors.NotAllowedError
    check_outside(account, body.sns_topic_arn)
    with ctx.write() as unit:
        row = accounts.lock(unit.session, account)
        before = row.sns_topic_arn or ctx.default_channel
        row.sns_topic_arn = body.sns_topic_arn
        unit.session.flush()
        [leaf] = unit.record(_channel_event(Action.ACCOUNT_CHANNEL_SET, caller, account, body))
        if before != (body.sns_topic_arn or ctx.default_channel):
            # Subscribers of the old channel must hear that it ends.
            severity = ACTIONS[Action.ACCOUNT_CHANNEL_SET].severity
            outbox.queue_to(unit.session, leaf=leaf, severity=severity, channel=before)
    return Done(id=account, state="registered", leaf=leaf)


def _channel_event(
    action: Action, caller: Caller, account: str, body: NewAccount | Channel
) -> Event:
    return Event(
        action=action,
        actor=caller.person,
        subject=account,
        details={"sns_topic_arn": body.sns_topic_arn},
    )


def listing(ctx: Context, caller: Caller) -> AccountList:
    """The accounts that the caller may see."""
    with ctx.read() as unit:
        session = unit.session
        newest = {roster.account: roster for roster in rosters.all_newest(session)}
        current = envelopes.current_of(session, visible(session, caller))
        found = [
            AccountSummary(**_summary(caller, account, newest.get(account), sealed))
            for account, sealed in current.items()
        ]
    return AccountList(accounts=found)


def names(ctx: Context, caller: Caller) -> dict[str, str]:
    """The accounts that the caller may see, with their names where they have one yet."""
    with ctx.read() as unit:
        return visibility.names(unit.session, caller)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account at a glance, with what is due and what is wrong; see ``AccountDetail``.

    ``readiness`` is empty before there is a roster; ``names`` are of all whom it has. A client
    counts for itself, from what people have signed.
    """

    account: str
    name: str
    state: str
    roster_version: int
    envelope_version: int
    roles: list[str]
    root_email: str
    type: str
    roster: str
    in_force: str
    newest: str
    rotating: list[str]
    missing_receipts: list[str]
    sns_topic_arn: str
    findings: list[Finding]
    readiness: Mapping[GroupName, Readiness]
    names: Mapping[str, str]


def _summary(
    caller: Caller, account: str, roster: Roster | None, current: envelopes.Current
) -> dict[str, Any]:
    shown = in_question(current.in_force, current.newest)
    return {
        "account": account,
        "name": roster.name if roster else "",
        "state": state(roster, shown),
        "roster_version": roster.version if roster else 0,
        "envelope_version": shown.version if shown else 0,
        "roles": roles(roster, caller.person, operator=caller.operator, auditor=caller.auditor),
    }


def show(ctx: Context, caller: Caller, account: str) -> Account:
    """One account with what is due and what is wrong."""
    with ctx.read() as unit:
        session = unit.session
        roster = check_sees(session, caller, account).newest
        current = envelopes.current(session, account)
        in_force, newest = current.in_force, current.newest
        waiting = requests.of_account(session, account, AWAITING_ROTATION)
        channel = accounts.channel(session, account) or ctx.default_channel
        topic = topic_of(channel)
        lately = drilled(session, unit.now)
        people = known(session, [roster] if roster else [], unit.now)
        sealed = sealed_of(session, roster, in_question(in_force, newest))
        return Account(
            **_summary(caller, account, roster, current),
            root_email=roster.root_email if roster else "",
            type=roster.type if roster else "",
            roster=roster.digest if roster else "",
            in_force=in_force.id if in_force else "",
            newest=newest.id if newest else "",
            rotating=sorted(s.request.digest for s in waiting if not s.request.drill),
            missing_receipts=list(newest.unconfirmed) if newest else [],
            sns_topic_arn=topic.arn if topic else "",
            findings=findings_of(
                session, account, roster, current, channel=channel, lately=lately, people=people
            ),
            readiness=readiness(roster=roster, sealed=sealed, newest=people.newest)
            if roster
            else {},
            names=_names(sealed.roster if sealed else None, roster),
        )


def _names(*found: Roster | None) -> Mapping[str, str]:
    """What people are called; the later roster is right."""
    return {p: m.name for roster in found if roster for p, m in roster.members.items()}


def drilled(session: Session, now: datetime) -> frozenset[str]:
    """The accounts in which a drill has ended within the last 90 days."""
    since = int((now - DRILL_EVERY).timestamp())
    return history.subjects_since(session, Action.REQUEST_DRILL_OVER.value, since)


def findings_of(
    session: Session,
    account: str,
    roster: Roster | None,
    current: envelopes.Current,
    *,
    channel: str,
    lately: Collection[str],
    people: Known,
) -> list[Finding]:
    """What is wrong with an account.

    ``channel`` is where its notices go, ``lately`` are the accounts with a drill of late, and
    ``people`` what is known of those whom its newest roster names, and perhaps others.
    """
    sealed = sealed_of(session, roster, in_question(current.in_force, current.newest))
    facts = Facts(
        roster=roster,
        in_force=current.in_force,
        newest=current.newest,
        sealed_under=sealed.roster if sealed else None,
        topic=topic_of(channel),
        drilled=account in lately,
        enrolled=people.newest,
        links=people.links,
        proven=frozenset(person for of, person in people.proven if of == account),
        exposed=exposed_by(session, sealed),
    )
    return findings(facts)
