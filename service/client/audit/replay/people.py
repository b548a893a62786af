"""Replaying identities and key slots."""

from crypto import statement as statements
from crypto.encoding import b64decode
from crypto.enrolled import read_identity
from crypto.statement import Statement
from service.client.audit.replay.claim import Claim, demand_actor, demand_said
from service.client.audit.replay.world import World
from service.client.foundation.errors import ClientRefusal
from service.domain.events import Event
from service.domain.people import IdentityKeys
from service.domain.slots import SlotKind, Way, check_addition, removable, replaced_by


def enrolled(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take a person's first or new keys: signed by these keys, and never enrolled before."""
    payload = statement.payload
    demand_actor(leaf, payload["person"])
    keys = read_identity(statement).keys
    replaces = leaf.action == "identity:replaced"
    if replaces != (payload["person"] in world.keys):
        raise ClientRefusal(
            "wrong-state",
            "it replaces keys of someone who has none"
            if replaces
            else "its actor has keys already",
        )
    if keys.keyid in world.signing_keys:
        raise ClientRefusal("replayed", "these keys were enrolled before")
    demand_said(leaf, fingerprint=keys.keyid)
    if replaces:
        demand_said(leaf, replaces=world.keys[payload["person"]].keyid)
    world.signing_keys[keys.keyid] = keys.signing_key
    world.keys[payload["person"]] = keys
    world.enrolled[payload["person"]] = statement.digest
    world.identities[statement.digest] = IdentityKeys.from_payload(payload)
    world.slots[payload["person"]] = []
    return []


def slot_changed(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take a key slot that its owner added, replaced or removed as the rules allow."""
    person = statement.payload["person"]
    demand_actor(leaf, person)
    if person not in world.keys:
        raise ClientRefusal("wrong-actor", "the owner of the key slot has not enrolled")
    statements.verify(statement, world.keys[person].signing_key)
    wanted = {"slot:added": "add", "slot:replaced": "replace", "slot:removed": "remove"}
    if statement.payload["action"] != wanted[leaf.action]:
        raise ClientRefusal("details-differ", "its statement is about another kind of change")
    demand_said(leaf, slot=statement.payload["slot"], kind=statement.payload["slot_kind"])
    _change(world, leaf, statement)
    return []


def _change(world: World, leaf: Claim, statement: Statement) -> None:
    """Apply the change by the same functions as the service."""
    payload = statement.payload
    named = Way(
        id=payload["slot"],
        kind=SlotKind(payload["slot_kind"]),
        credential=b64decode(payload["credential"]),
    )
    live = world.slots[payload["person"]]
    if payload["action"] == "remove":
        roster = world.in_a_roster(payload["person"])
        live.remove(removable(live, named, in_a_roster=roster))
        return
    _check_unused(world, named)
    if payload["action"] == "replace":
        old = replaced_by(live, named.kind)
        demand_said(leaf, replaces=old.id)
        live.remove(old)
    else:
        check_addition(live, named.kind)
    live.append(named)


def _check_unused(world: World, named: Way) -> None:
    in_use = [slot for live in world.slots.values() for slot in live]
    if named.id in {slot.id for slot in in_use}:
        raise ClientRefusal("replayed", "the key slot's id is in use")
    if named.credential and named.credential in {slot.credential for slot in in_use}:
        raise ClientRefusal("taken", "the passkey is in use already")
