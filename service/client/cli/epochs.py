"""A log restored from an older copy: what its operator says, and a person who accepts it.

A device that has seen what is gone refuses (``log-epoch-began``) until a person runs
``breakglass login --accept-epoch``. What it had seen is kept: it proves what was given up. A leaf
that admits less than the device has seen explains nothing, and the log stays refused as rewound or
forked.
"""

from crypto.checkpoint import Checkpoint
from crypto.epoch import Epoch
from service.client.cli.invocation import Invocation
from service.client.device import memory
from service.client.device.memory import SeenLog
from service.client.device.unseen import forget_unseen, unseen
from service.client.foundation.errors import ClientRefusal

_HINT = (
    "ask the operator what happened, over a channel that you trust, and tell the auditor; only "
    "then go on, with 'breakglass login --accept-epoch'"
)


def accept(run: Invocation, server: str, seen: SeenLog, old: Checkpoint, epoch: Epoch) -> None:
    """Show what happened and have a person accept it; ``old`` is what ``seen`` holds, and is kept.

    The caller holds ``home.locked()``.

    Raises:
        ClientRefusal: ``log-epoch-began`` without ``--accept-epoch``; ``not-confirmed``.
    """
    happened = (
        f"{epoch.sentence}; this device has seen {old.size} entries. "
        f"{epoch.by} says why: {epoch.why}"
    )
    if not run.accept_epoch:
        raise ClientRefusal("log-epoch-began", happened, _HINT)
    run.terminal.warn(happened)
    run.terminal.note(
        "Entries that you saw may be gone: approvals, denials, releases. Change every password "
        "that may have been released. The checkpoint that this device had seen is kept."
    )
    run.terminal.confirm("Have you asked the operator, and do you want to go on with this log?")
    memory.keep_given_up(run.home, server, seen.checkpoint)
    memory.forget_ready(run.home)
    gone = [one.leaf for one in unseen(run.home, server) if one.leaf >= epoch.continues]
    forget_unseen(run.home, server, gone)
