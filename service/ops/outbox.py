"""Notices that wait: which, why, and trying them again."""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.leaf import parse_leaf
from service.storage import log, outbox
from service.usecases.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A notice that needs an operator."""

    leaf: int
    action: str
    subject: str
    channel: str
    fault: str


def parked(ctx: Context) -> Sequence[Parked]:
    """All of them, in the order of the log."""
    with ctx.database.read() as session:
        found = []
        for row in outbox.parked(session):
            leaf = parse_leaf(log.read_leaves(session, row.leaf, 1)[0])
            found.append(
                Parked(
                    leaf=row.leaf,
                    action=leaf.action,
                    subject=leaf.subject,
                    channel=row.channel,
                    fault=row.fault,
                )
            )
        return found


def retry(ctx: Context) -> int:
    """Make everything due now, each by the channel that is set for its account today."""
    with ctx.database.write() as session:
        for row in outbox.waiting(session):
            leaf = parse_leaf(log.read_leaves(session, row.leaf, 1)[0])
            outbox.move(
                session, row, to=outbox.channel_of(session, leaf.subject, ctx.default_channel)
            )
        outbox.forget_unused_faults(session)
        return outbox.wake(session)
