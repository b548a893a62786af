"""Heads that others' statements name: whether they are of the log that this device has verified.

A device that was shown another log names that one's head in whatever it signs. Its approval, or its
receipt, is left out of the count, and its signer is named. A denial counts all the same: left out,
it would bring back the approval before it.
"""

from collections.abc import Sequence

from crypto.checkpoint import Checkpoint
from crypto.statement import Statement
from service.client.trust.entries import View, entry_of
from service.domain.events import Action

_SAID_ON_REQUESTS = frozenset(
    {
        Action.REQUEST_OPENED.value,
        Action.REQUEST_IMPORTED.value,
        Action.REQUEST_APPROVED.value,
        Action.REQUEST_DENIED.value,
    }
)


def is_foreign(statement: Statement, views: Sequence[View], place: int | None = None) -> bool:
    """Whether a statement names a head that none of the views shows to be of this log.

    ``views`` are those in which what the statement is about is proved; where there is none, nothing
    is known, and an act asks for that reason already. ``place`` is the statement's own leaf, None
    where a checkpoint is known to cover it. A head that no checkpoint covers is not yet in the log,
    as its statement is; one above its own leaf is of another log. One that an epoch gives up is
    known.
    """
    size = statement.payload["log_size"]
    if size == 0 or not views:
        return False
    root = bytes.fromhex(statement.payload["log_root"])
    if any(_knows(view, size, root) for view in views):
        return False
    covered = max(view.checkpoint.size for view in views)
    return size <= covered or place is None or size > place


def is_foreign_where_proved(
    statement: Statement, views: Sequence[View], account: str, request: str
) -> bool:
    """Whether the log has a request, or a decision on it, that names a head of another log.

    Where it stands the log says, and not the service; whichever of the views shows it, one of them
    has to show its head too.
    """
    entry = entry_of(views, _SAID_ON_REQUESTS, account, request, statement)
    return entry is not None and is_foreign(statement, views, entry.seq)


def _knows(view: View, size: int, root: bytes) -> bool:
    if view.roots.get(size) == root:
        return True
    return any(
        epoch.admits(Checkpoint(origin=epoch.abandoned.origin, size=size, root=root))
        for epoch in view.epochs
    )
