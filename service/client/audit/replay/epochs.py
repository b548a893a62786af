"""Replaying the leaf that begins an epoch: nothing is given up silently.

Code: ``epoch-forged``: the leaf is none, or what it gives up was not signed by this log. That it
names the root of the leaves before it is checked with the tree.
"""

from crypto.epoch import read_epoch
from crypto.errors import CryptoError
from crypto.leaf import Leaf
from service.client.audit.replay import rosters
from service.client.audit.replay.world import World
from service.client.foundation.errors import ClientRefusal
from service.domain.events import Event


def began(world: World, leaf: Leaf) -> list[Event]:
    """An older copy was put back: whatever collects expires, and every window ends.

    Raises:
        ClientRefusal: ``epoch-forged``.
    """
    if world.log_key is None:
        raise ClientRefusal("epoch-forged", "without the log's key nothing shows what it gives up")
    try:
        epoch = read_epoch(leaf, world.log_key)
    except CryptoError as refused:
        raise ClientRefusal("epoch-forged", str(refused)) from None
    world.given_up.epochs.append(epoch)
    world.remark(leaf, f"{leaf.actor}: {epoch.sentence}. Why: {epoch.why}")
    due = rosters.everything_ends(world)
    expired = sum(event.action.value == "request:expired" for event in due)
    if leaf.details["expired"] != expired:
        raise ClientRefusal("details-differ", "it counts other requests than expired")
    return due
