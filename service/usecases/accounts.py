"""Protected accounts: registered by an operator, ruled by their rosters."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from service.domain import errors
from service.domain.credential import Envelope, EnvelopeState, lacks_spare
from service.domain.duties import DRILL_EVERY
from service.domain.events import ACTIONS, Action, Event
from service.domain.people import GroupName
from service.domain.request import AWAITING_ROTATION
from service.domain.roster import Roster, common_custodians
from service.domain.topic import Topic, check_outside, topic_of
from service.storage import accounts, envelopes, history, outbox, requests, rosters
from service.storage.tables import AccountRow
from service.usecases import seeing
from service.usecases.context import Caller, Context
from service.usecases.seeing import check_sees, visible
from service.wire.accounts import (
    AccountDetail,
    AccountList,
    AccountSummary,
    Channel,
    Finding,
    NewAccount,
)
from service.wire.base import Done


def register(ctx: Context, caller: Caller, body: NewAccount) -> Done:
    """Register an account; nobody counts in it until custodians sign a roster."""
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
    """Change where an account's notices go; told through the old channel and the new one."""
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
            # Whoever listened until now must hear that they hear no more.
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
        return seeing.names(unit.session, caller)


def _summary(
    caller: Caller, account: str, roster: Roster | None, current: envelopes.Current
) -> dict[str, Any]:
    shown = current.in_force or current.newest
    return {
        "account": account,
        "name": roster.name if roster else "",
        "state": _state(roster, shown),
        "roster_version": roster.version if roster else 0,
        "envelope_version": shown.version if shown else 0,
        "roles": _roles(caller, roster),
    }


def _state(roster: Roster | None, shown: Envelope | None) -> str:
    if roster is None:
        return "no-roster"
    return shown.state.value if shown else "no-envelope"


def _roles(caller: Caller, roster: Roster | None) -> list[str]:
    roles = [r for r, yes in (("operator", caller.operator), ("auditor", caller.auditor)) if yes]
    if roster is None:
        return roles
    group = roster.group_of(caller.person)
    roles += [f"custodian:{group.value}"] if group else []
    roles += ["requester"] if caller.person in roster.requesters else []
    return roles + (["sealer"] if caller.person in roster.sealers else [])


def show(ctx: Context, caller: Caller, account: str) -> AccountDetail:
    """One account with what is due and what is wrong."""
    with ctx.read() as unit:
        session = unit.session
        roster = check_sees(session, caller, account).newest
        current = envelopes.current(session, account)
        in_force, newest = current.in_force, current.newest
        waiting = requests.of_account(session, account, AWAITING_ROTATION)
        topic = topic_of(accounts.channel(session, account) or ctx.default_channel)
        return AccountDetail(
            **_summary(caller, account, roster, current),
            root_email=roster.root_email if roster else "",
            type=roster.type if roster else "",
            roster=roster.digest if roster else "",
            in_force=in_force.id if in_force else "",
            newest=newest.id if newest else "",
            rotating=sorted(s.request.digest for s in waiting if not s.request.drill),
            missing_receipts=_missing(newest),
            sns_topic_arn=topic.arn if topic else "",
            findings=findings(
                session,
                roster,
                in_force,
                newest,
                topic=topic,
                drilled=drilled(session, unit.now),
            ),
        )


def _missing(newest: Envelope | None) -> list[str]:
    if newest is None:
        return []
    return [s.custodian for s in newest.shares if (s.group, s.custodian) not in newest.receipts]


def drilled(session: Session, now: datetime) -> frozenset[str]:
    """The accounts in which a drill has ended within the last 90 days."""
    since = int((now - DRILL_EVERY).timestamp())
    return history.subjects_since(session, Action.REQUEST_DRILL_OVER.value, since)


def findings(
    session: Session,
    roster: Roster | None,
    in_force: Envelope | None,
    newest: Envelope | None,
    *,
    topic: Topic | None,
    drilled: Collection[str],
) -> list[Finding]:
    """What is wrong with an account, or would be at the next illness.

    ``topic`` is the account's own where set, else that of the installation, if any; ``drilled``
    are the accounts with a drill of late.
    """
    if roster is None:
        return [_finding("no-roster", "no custodians have signed a roster yet")]
    found = [
        _finding("no-spare-custodian", f"the {name.value} group needs all its members")
        for name, group in roster.groups.items()
        if group.threshold == len(group.custodians)
    ]
    found += _about_envelopes(session, roster, in_force, newest)
    if in_force is not None and roster.account not in drilled:
        found.append(_finding("drill-due", "no drill in the last 90 days: ask for one"))
    if topic is None:
        found.append(_finding("nobody-told", "nobody outside is being told: no SNS topic is set"))
    elif topic.account == roster.account:
        found.append(_finding("circular-channel", errors.CircularChannelError.default))
    return found


def _about_envelopes(
    session: Session, roster: Roster, in_force: Envelope | None, newest: Envelope | None
) -> list[Finding]:
    if newest is None:
        return [_finding("no-envelope", "nothing is sealed")]
    found = []
    if in_force is None:
        found.append(_finding("unconfirmed", "too few custodians have confirmed their shares"))
    elif in_force.state is EnvelopeState.EXPOSED:
        found.append(_finding("exposed", "somebody has seen the password; change it and seal anew"))
    shown = in_force or newest
    same = shown.roster == roster.digest
    sealed_under = roster if same else rosters.get(session, shown.roster)
    if lacks_spare(shown, sealed_under):
        found.append(_finding("no-spare", "no spare: fewer receipts than threshold plus one"))
    if any(
        len(common_custodians(sealed_under, roster, name))
        != len(sealed_under.groups[name].custodians)
        for name in GroupName
    ):
        message = "custodians have changed since it was sealed; change the password, seal anew"
        found.append(_finding("older-roster", message))
    return found


def _finding(code: str, message: str) -> Finding:
    return Finding(code=code, message=message)
