"""Protected accounts: registered by an operator, ruled by their rosters."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from crypto.encoding import format_time
from service.domain import errors, successor
from service.domain.able import Readiness, readiness
from service.domain.duties import DRILL_EVERY
from service.domain.events import ACTIONS, Action, Event
from service.domain.findings import Facts, Finding, findings, in_question, state
from service.domain.lines import registered_beside
from service.domain.people import GroupName
from service.domain.readiness import roles
from service.domain.request import AWAITING_ROTATION
from service.domain.roster import Roster
from service.domain.topic import check_outside, topic_of
from service.storage import accounts, envelopes, history, outbox, requests, rosters, statements
from service.storage.tables import AccountRow
from service.usecases import lines, visibility
from service.usecases.able import Known, known, sealed_of
from service.usecases.context import Caller, Context
from service.usecases.exposure import exposed_by
from service.usecases.visibility import check_sees, visible
from service.wire.accounts import (
    AccountList,
    AccountSummary,
    Channel,
    Line,
    NewAccount,
)
from service.wire.base import Done


def register(ctx: Context, caller: Caller, body: NewAccount) -> Done:
    """Register an account, or a further line of one; no one counts in it until custodians sign.

    A further line is announced to the people of every line of the account.

    Raises:
        TakenError, LineOrderError, LineTooSoonError: see ``domain.lines.check_next``.
        CircularChannelError: the topic is in the account itself.
    """
    if not caller.operator:
        raise errors.NotAllowedError
    check_outside(body.account, body.sns_topic_arn)
    with ctx.write() as unit:
        beside = lines.beside(unit, body.account)
        unit.session.add(
            AccountRow(
                id=body.account,
                sns_topic_arn=body.sns_topic_arn,
                registered_at=int(unit.now.timestamp()),
            )
        )
        unit.session.flush()
        leaf, *_ = unit.record(
            _channel_event(Action.ACCOUNT_REGISTERED, caller, body.account, body),
            *registered_beside(body.account, beside, by=caller.person),
        )
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
        since = _retired_since(session, newest.values())
        found = [
            AccountSummary(**_summary(caller, account, newest.get(account), sealed, since))
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
    retired_since: str
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
    lines: list[Line]


def _retired_since(session: Session, newest: Iterable[Roster | None]) -> Mapping[str, str]:
    """When the lines that are retired were, by their newest roster's digest."""
    ended = {roster.digest for roster in newest if roster is not None and roster.retired}
    return {digest: format_time(at) for digest, at in statements.times(session, ended).items()}


def _summary(
    caller: Caller,
    account: str,
    roster: Roster | None,
    current: envelopes.Current,
    since: Mapping[str, str],
) -> dict[str, Any]:
    shown = in_question(current.in_force, current.newest)
    return {
        "account": account,
        "name": roster.name if roster else "",
        "state": state(roster, shown),
        "retired_since": since.get(roster.digest, "") if roster else "",
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
            **_summary(caller, account, roster, current, _retired_since(session, [roster])),
            root_email=roster.root_email if roster else "",
            type=roster.type if roster else "",
            roster=roster.digest if roster else "",
            in_force=in_force.id if in_force else "",
            newest=newest.id if newest else "",
            rotating=sorted(s.request.digest for s in waiting if not s.request.drill),
            missing_receipts=list(newest.unconfirmed) if newest else [],
            sns_topic_arn=topic.arn if topic else "",
            findings=findings_of(
                session,
                account,
                roster,
                current,
                channel=channel,
                lately=lately,
                people=people,
            ),
            readiness=readiness(roster=roster, sealed=sealed, newest=people.newest)
            if roster
            else {},
            names=_names(sealed.roster if sealed else None, roster),
            lines=lines.shown(session, account),
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

    ``channel`` is where its notices go, ``lately`` are the accounts with a drill of late,
    and ``people`` what is known of those whom its newest roster names, and perhaps others.
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
        known=known_of(session, roster, current, people.at),
    )
    return findings(facts)


def known_of(
    session: Session, roster: Roster | None, current: envelopes.Current, now: datetime
) -> successor.Known | None:
    """Who knows the password in force, since they asked for the last one and sealed this one."""
    in_force, newest = current.in_force, current.newest
    if in_force is None or newest is None or not in_force.after_requests:
        return None
    under = sealed_of(session, roster, in_force)
    if under is None or not successor.sealed_by_requester(in_force, under.roster):
        return None
    last = sealed_of(session, roster, newest) or under
    return successor.known(
        in_force,
        under.roster,
        sealed_at=statements.get(session, in_force.digest).at,
        newest_by_sealer=not successor.sealed_by_requester(newest, last.roster),
        now=now,
    )
