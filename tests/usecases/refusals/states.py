"""A world in which some request stands in every state."""

from tests.cast import CUSTODIANS, OTHER_ACCOUNT
from tests.usecases.world import World

STATES = (
    "pending",
    "approved",
    "released",
    "rotation_due",
    "review_due",
    "closed",
    "denied",
    "cancelled",
    "expired",
    "drill",
    "drill closed",
)
NAMED: dict[str, str] = {}


def every_state(empty: World) -> World:
    """Let one request stand in every state; their ids stand in ``NAMED``."""
    empty.enrol_everybody()
    empty.register()
    empty.register(OTHER_ACCOUNT)
    empty.manifests["first roster"] = empty.accept_roster()
    empty.seal()
    empty.confirm(*CUSTODIANS)
    for name in ("review_due", "closed"):
        NAMED[name] = done(empty, name)
    empty.rotate(NAMED["review_due"], NAMED["closed"])
    empty.manifests["superseded"] = next(iter(empty.manifests.values()))
    for name in ("ann", "dea"):
        empty.review(name, NAMED["closed"])
    NAMED["rotation_due"] = done(empty, "rotation_due")
    NAMED["denied"] = empty.ask()
    for name in ("ann", "bob"):
        empty.deny(name, NAMED["denied"])
    NAMED["cancelled"] = empty.ask()
    empty.cancel(NAMED["cancelled"])
    NAMED["drill closed"] = empty.ask(drill=True)
    empty.approve_all(NAMED["drill closed"])
    empty.release(NAMED["drill closed"])
    NAMED["expired"] = empty.ask(lifetime=1)
    empty.clock.advance(seconds=1)
    for name in ("pending", "approved", "released"):
        NAMED[name] = empty.ask()
    NAMED["drill"] = empty.ask(drill=True)
    empty.approve("ann", NAMED["pending"])
    for name in ("approved", "released"):
        empty.approve_all(NAMED[name])
    empty.release(NAMED["released"])
    return empty


def digest_of(world: World, name: str) -> str:
    """What a statement on the request in that state must name."""
    return world.asked[NAMED[name]].digest


def done(world: World, _name: str) -> str:
    """A request that was released and closed by its requester."""
    request = world.ask()
    world.approve_all(request)
    world.release(request)
    world.close(request)
    return request
