"""Replaying the leaf that begins an epoch: nothing is given up silently.

Code: ``epoch-forged``: the leaf is malformed, or this log did not sign what it gives up. That it
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
    """Take the start of an epoch: open requests expire, and every release window ends.

    Raises:
        ClientRefusal: ``epoch-forged``.
    """
    if world.log_key is None:
        raise ClientRefusal("epoch-forged", "what it abandons cannot be checked without the key")
    try:
        epoch = read_epoch(leaf, world.log_key)
    except CryptoError as refused:
        raise ClientRefusal("epoch-forged", str(refused)) from None
    world.given_up.epochs.append(epoch)
    world.remark(leaf, f"{leaf.actor}: {epoch.sentence}. Why: {epoch.why}")
    due = rosters.everything_ends(world)
    expired = sum(event.action.value == "request:expired" for event in due)
    if leaf.details["expired"] != expired:
        raise ClientRefusal(
            "details-differ",
            f"it says that {leaf.details['expired']} requests expired, but {expired} did",
        )
    return due
