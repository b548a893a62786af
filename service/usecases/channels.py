"""Whether anyone outside is notified, and the state of each channel."""

from collections import defaultdict
from datetime import timedelta

from sqlalchemy.orm import Session

from crypto.encoding import format_time
from service.domain import errors
from service.domain.topic import topic_of
from service.storage import accounts, backlog, outbox
from service.storage.channel_facts import channel_facts
from service.usecases.context import Caller, Context, Unit
from service.wire.channels import ChannelHealth, Channels

PATIENCE = timedelta(minutes=10)  # for a notice to be sent


def outside(ctx: Context) -> bool:
    """Whether notices reach anyone outside: for every page, so it is one query.

    False if some account's notices go to no topic, if a channel takes none, or if the oldest notice
    has waited for ten minutes: then no worker may be running.
    """
    with ctx.read() as unit:
        return _outside(ctx, unit)


def _outside(ctx: Context, unit: Unit) -> bool:
    found = channel_facts(unit.session)
    # An account's own channel is a topic always: nothing else can be set.
    reached = topic_of(ctx.default_channel) is not None or not found.default
    late = found.oldest is not None and unit.now > found.oldest + PATIENCE
    return reached and not found.failing and not late


def _used(session: Session, default: str) -> dict[str, list[str]]:
    """Channels with the accounts whose notices go there.

    The default one is the service's own and always among them, unless each account has another.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for row in accounts.everything(session):
        found[row.sns_topic_arn or default].append(row.id)
    return found or {default: []}


def health(ctx: Context, caller: Caller) -> Channels:
    """Every channel that is used or that something still waits for, by name.

    Raises:
        NotAllowedError: the caller is neither operator nor auditor.
    """
    if not caller.operator and not caller.auditor:
        raise errors.NotAllowedError
    with ctx.read() as unit:
        used = {ctx.default_channel: [], **_used(unit.session, ctx.default_channel)}
        faults = {row.channel: row.fault for row in outbox.failing(unit.session)}
        waiting = {row.channel: row for row in backlog.by_channel(unit.session)}
        return Channels(
            outside=_outside(ctx, unit),
            channels=[
                ChannelHealth(
                    channel=name,
                    accounts=sorted(used.get(name, [])),
                    waiting=waiting[name].count if name in waiting else 0,
                    oldest_at=format_time(waiting[name].oldest) if name in waiting else "",
                    fault=faults.get(name, ""),
                )
                for name in sorted({*used, *faults, *waiting})
            ],
        )
