"""What is decided by the log itself: whether the actor still has the role, and the budget.

Asked once the log is locked and the act is in it. Whatever was written before is committed
then, so no act of a role follows its withdrawal, and two acts at one moment count as two. A refusal
ends the transaction, and the act with it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from service.domain import errors
from service.domain.budgets import HOUR, budgets_of
from service.domain.events import ACTIONS, SERVICE, Action, Event
from service.storage import last_acts, people

_SHELL = "ops:"
# Decided under the locks of all operators, who may withdraw their own: ``service.usecases.roles``.
_DECIDED = frozenset({Action.ROLE_WITHDRAWN})


def check(session: Session, events: Iterable[Event], now: datetime) -> None:
    """Refuse acts of a role that the actor has no longer, and one act too many within an hour.

    Raises:
        NotAllowedError: the role was withdrawn.
        TooManyActsError: see ``service.domain.budgets``.
    """
    acts: dict[str, set[Action]] = {}
    for event in events:
        if event.actor != SERVICE and not event.actor.startswith(_SHELL):
            acts.setdefault(event.actor, set()).add(event.action)
    _check_roles(session, acts)
    for actor, actions in acts.items():
        for budget in budgets_of(actions):
            done = last_acts.count(session, actor, budget.actions, since=now - HOUR, until=now)
            budget.check(done)


def _check_roles(session: Session, acts: Mapping[str, Iterable[Action]]) -> None:
    for actor, actions in acts.items():
        needed = {ACTIONS[action].by for action in actions if action not in _DECIDED}
        if not needed & {"operator", "auditor"}:
            continue
        person = people.find(session, actor)
        if person is None:
            continue  # no session is of a person who is not there
        if "operator" in needed and not person.operator:
            raise errors.NotAllowedError
        if not person.auditor and not person.operator:  # operators may watch too
            raise errors.NotAllowedError
