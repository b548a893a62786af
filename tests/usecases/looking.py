"""What a test looks up in a world after an act."""

from service.storage import envelopes, reseals
from tests.usecases.world import World


def envelope_state(world: World, name: str = "newest") -> str:
    with world.ctx.read() as unit:
        return envelopes.by_manifest(unit.session, world.manifests[name].digest).envelope.state


def kept(world: World, request: str) -> set[str]:
    """Whose resealed shares the service holds for a request."""
    with world.ctx.read() as unit:
        found = reseals.of_request(unit.session, world.ctx.at_rest, request)
    return {person for _, person, _, _ in found}


def tail(world: World, count: int) -> list[str]:
    return world.actions()[-count:]
