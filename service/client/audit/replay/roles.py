"""Replaying who is operator or auditor: roles that invitations give and operators withdraw.

Nothing is known of someone whom no invitation in the log names, so nothing of theirs is refused.
What auditors read and export is only counted (``tree.plain``): that they had the role is not
checked.
"""

from service.client.audit.replay.claim import Claim, demand_said
from service.client.audit.replay.world import World
from service.client.audit.tree.plain import COUNTED
from service.client.foundation.errors import ClientRefusal
from service.domain.events import ACTIONS, Action, Event
from service.domain.roles import Role, check_withdrawal

_NEEDS = {role.value: role for role in Role}


def invited(world: World, leaf: Claim) -> list[Event]:
    """Take an invitation: it gives roles; for someone who has enrolled it repeats them."""
    roles = frozenset(role for role in Role if leaf.details.get(role.value) is True)
    if leaf.subject in world.keys and world.roles.get(leaf.subject, roles) != roles:
        raise ClientRefusal("taken", "it gives another role to someone who has enrolled")
    demand_said(leaf, replaces=leaf.subject in world.keys)
    world.roles[leaf.subject] = roles
    return []


def withdrawn(world: World, leaf: Claim) -> list[Event]:
    """Take the withdrawal of a role; by the service's rule, an operator must be left."""
    said = leaf.details.get("role")
    if said not in _NEEDS:
        raise ClientRefusal("details-differ", f"it says role is {said!r}, which is not a role")
    role = _NEEDS[str(said)]
    if leaf.subject in world.roles:
        holders = {person for person, roles in world.roles.items() if role in roles}
        check_withdrawal(role, leaf.subject, holders=holders, enrolled=world.keys)
        world.roles[leaf.subject] -= {role}
    return []


def demand_role(world: World, leaf: Claim, action: Action) -> None:
    """Check that the actor of what only operators or auditors may do was one at that moment.

    Raises:
        ClientRefusal: ``not-allowed``.
    """
    needed = _NEEDS.get(ACTIONS[action].by)
    if needed is None or action in COUNTED or leaf.actor not in world.roles:
        return
    if needed not in world.roles[leaf.actor]:
        raise ClientRefusal("not-allowed", f"its actor was not an {needed.value} at that moment")
