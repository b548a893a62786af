"""Replaying the leaf that begins an epoch: nothing is given up silently.

Code: ``epoch-forged``: the leaf is malformed, or this log did not sign what it gives up. That it
names the root of the leaves before it is checked with the tree.
"""

from crypto.encoding import b64encode
from crypto.epoch import read_epoch
from crypto.errors import CryptoError
from crypto.note import parse_note
from service.client.audit.replay import rosters
from service.client.audit.replay.claim import Claim, demand_said
from service.client.audit.replay.unsigned import unsigned
from service.client.audit.replay.world import World
from service.client.foundation.errors import ClientRefusal
from service.domain.events import Event


def began(world: World, leaf: Claim) -> list[Event]:
    """Take the start of an epoch: open requests expire, and every release window ends.

    Raises:
        ClientRefusal: ``epoch-forged``.
    """
    if world.log_key is None:
        raise ClientRefusal("epoch-forged", "what it abandons cannot be checked without the key")
    try:
        epoch = read_epoch(leaf, world.log_key)
        _, signatures = parse_note(epoch.note)
    except CryptoError as refused:
        raise ClientRefusal("epoch-forged", str(refused)) from None
    if len(signatures) != 1:  # others are the operator's choice, and would vouch for nothing
        raise ClientRefusal("epoch-forged", "what it abandons has other signatures than the log's")
    world.given_up.epochs.append(epoch)
    world.remark(
        leaf,
        f"an older copy of the log was restored: {unsigned(leaf.actor)} gave up what was signed "
        f"up to leaf {epoch.abandoned.size - 1}. By the same word the log is unchanged up to leaf "
        f"{unsigned(epoch.continues - 1)}. Why: {unsigned(epoch.why)}",
    )
    demand_said(
        leaf,
        abandoned=epoch.note,
        abandoned_size=epoch.abandoned.size,
        root=b64encode(epoch.root),
        size=epoch.size,
    )
    return rosters.everything_ends(world, leaf)
