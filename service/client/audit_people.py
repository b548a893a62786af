"""Replaying what people do with their own keys: identities and key slots."""

from crypto import statement as statements
from crypto.encoding import b64decode
from crypto.identity import PublicKeys
from crypto.leaf import Leaf
from crypto.statement import Statement
from service.client.audit_world import World, demand_actor
from service.client.errors import ClientRefusal
from service.domain.events import Event


def enrolled(world: World, leaf: Leaf, statement: Statement) -> list[Event]:
    """A person's first keys, or new ones: signed by themselves, and never used before."""
    payload = statement.payload
    keys = PublicKeys(
        encryption_key=b64decode(payload["encryption_key"]),
        signing_key=b64decode(payload["signing_key"]),
    )
    demand_actor(leaf, payload["person"])
    statements.verify(statement, keys.signing_key)
    replaces = leaf.action == "identity:replaced"
    if replaces != (payload["person"] in world.keys):
        raise ClientRefusal("wrong-state", "keys are replaced if there are some, and only then")
    if keys.keyid in world.identities:
        raise ClientRefusal("replayed", "these keys were enrolled before")
    world.identities.add(keys.keyid)
    world.keys[payload["person"]] = keys
    return []


def slot_changed(world: World, leaf: Leaf, statement: Statement) -> list[Event]:
    """A key slot was added, replaced or removed, by its owner."""
    person = statement.payload["person"]
    demand_actor(leaf, person)
    if person not in world.keys:
        raise ClientRefusal("wrong-actor", "the owner of the key slot has not enrolled")
    statements.verify(statement, world.keys[person].signing_key)
    wanted = {"slot:added": "add", "slot:replaced": "replace", "slot:removed": "remove"}
    if statement.payload["action"] != wanted[leaf.action]:
        raise ClientRefusal("details-differ", "the statement says another change than the leaf")
    return []
