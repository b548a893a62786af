"""Delivering notices: the worker's step, from due outbox rows to what a channel took.

Text and checkpoint are made when a notice is sent, since the checkpoint does not exist inside the
transaction of the act. Nothing is sent inside a transaction, and no act waits for any of this.
Which one goes first, and how long a channel or a notice is left alone that failed, is for
``service.domain.turns`` to say. A notice that is not taken waits for ever: longer each time up to
five minutes, or an hour when someone must act first. The first alarming fault of a channel is an
event; the next such event comes only after the channel has recovered, so notices about a failure
cannot multiply.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from service.aws.notices.channel import Channel, ChannelFault, PermanentFault
from service.domain import errors
from service.domain.events import SERVICE, Action, Event
from service.domain.notices import Notice, render
from service.domain.turns import hold_after, own_wait, takes_oldest, wait_after
from service.storage import outbox
from service.storage.errors import StorageError
from service.storage.outbox import Claimed
from service.usecases.context import Context
from service.usecases.cosigned import cosigned
from service.usecases.notice_facts import notice_facts
from service.usecases.settling import settle_due

LEASE = timedelta(seconds=90)  # longer than one send can last
PARKED_WAIT = timedelta(hours=1)
ALARM_AFTER = 6  # tries, about two minutes: then a fault that passes has not passed


class ChannelBook(Protocol):
    """Finds the channel of a name."""

    def of(self, name: str) -> Channel:
        """The channel; PermanentFault if there is none of that name."""


def step(ctx: Context, channels: ChannelBook, *, limit: int = 100) -> int:
    """Send what is due, then write down what time has done; returns how much there was to do.

    In this order, since people must hear and the writing can wait: every read computes it anyway.
    """
    tried = 0
    while tried < limit and tell_next(ctx, channels, turn=tried):
        tried += 1
    return tried + settle_due(ctx)


def tell_next(ctx: Context, channels: ChannelBook, *, turn: int = 0) -> bool:
    """Try the notice whose turn it is, of those that are due; False when there is none."""
    with ctx.database.read() as session:
        if not outbox.any_due(session, ctx.clock()):
            return False  # the usual case costs no writer's lock
    with ctx.database.write() as session:
        claimed = outbox.claim(session, ctx.clock(), LEASE, oldest=takes_oldest(turn))
    if claimed is None:
        return False
    try:
        channels.of(claimed.channel).send(_notice(ctx, claimed))
    except ChannelFault as fault:
        _not_taken(ctx, claimed, fault)
    else:
        _taken(ctx, claimed)
    return True


def _notice(ctx: Context, claimed: Claimed) -> Notice:
    """Render; the checkpoint is signed after the leaf was committed, and covers it."""
    note = checkpoint(ctx)
    with ctx.database.read() as session:
        return render(notice_facts(session, claimed.leaf, url=ctx.url, checkpoint=note))


def checkpoint(ctx: Context) -> str:
    """A signed note of the log, or nothing: people must hear also when it cannot be signed."""
    try:
        return cosigned(ctx, ctx.signer.checkpoint(ctx.database))
    except (StorageError, OSError):
        return ""


def _taken(ctx: Context, claimed: Claimed) -> None:
    with ctx.database.write() as session:
        outbox.finish(session, claimed)
        outbox.took(session, claimed.channel)
        if not outbox.is_failing(session, claimed.channel):
            return
    _recovered(ctx, claimed.channel)


def _recovered(ctx: Context, channel: str) -> None:
    """Say so once nothing is left that the channel had not taken."""
    with suppress(errors.Refusal), ctx.write() as unit:  # refused: the next notice tries again
        if outbox.mark_recovered(unit.session, channel):
            unit.record(_event(Action.CHANNEL_RECOVERED, channel))


def _not_taken(ctx: Context, claimed: Claimed, fault: ChannelFault) -> None:
    parked = isinstance(fault, PermanentFault)
    now = ctx.clock()
    with ctx.database.write() as session:
        known = outbox.is_failing(session, claimed.channel)
        if parked or claimed.own_fault:
            wait = PARKED_WAIT if parked else wait_after(claimed.attempt)
        else:
            failed = 1 + outbox.failed(session, claimed.channel, besides=claimed.id)
            wait = own_wait(claimed.attempt, failed)
            outbox.hold_back(session, claimed.channel, until=now + hold_after(failed))
        outbox.put_back(session, claimed, until=now + wait, fault=fault.code, parked=parked)
    if not known and (fault.alarm or claimed.attempt >= ALARM_AFTER):
        _failed(ctx, claimed.channel, fault.code)


def _failed(ctx: Context, channel: str, fault: str) -> None:
    with suppress(errors.Refusal), ctx.write() as unit:  # refused: the next try that fails says it
        if outbox.mark_failing(unit.session, channel, fault=fault, now=unit.now):
            unit.record(_event(Action.CHANNEL_FAILED, channel, fault=fault))


def _event(action: Action, channel: str, **details: str) -> Event:
    """About the service, so that it goes through the default channel."""
    return Event(
        action=action, actor=SERVICE, subject=SERVICE, details={"channel": channel, **details}
    )
