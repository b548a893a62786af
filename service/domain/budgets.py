"""How many announced acts one person may do in an hour.

Each of them sends a notice, and none has another bound: without one, a single person could bury the
notice of a release among a thousand of theirs. An emergency takes none of these acts. Requests,
decisions, releases and what follows a release are not counted; they are bounded by the request they
are about. Each budget is its own, so that a file taken too often stops no one from sealing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from service.domain import errors
from service.domain.events import Action

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most ``most`` of ``actions``, counted together, by one person within an hour."""

    most: int
    actions: frozenset[Action]

    def check(self, done: int) -> None:
        """Accept an act of which so many are in the log within the hour, itself included.

        Raises:
            TooManyActsError: it is one too many.
        """
        if done > self.most:
            raise errors.TooManyActsError


OWN = Budget(
    most=60,
    actions=frozenset(
        {
            Action.BUNDLE_FETCHED,
            Action.SHARE_PRINTED,
            Action.SLOT_ADDED,
            Action.SLOT_REPLACED,
            Action.SLOT_REMOVED,
            Action.EVENTS_EXPORTED,
        }
    ),
)
SEALING = Budget(most=120, actions=frozenset({Action.ENVELOPE_SEALED}))
OPERATING = Budget(
    most=600,
    actions=frozenset(
        {
            Action.INVITATION_CREATED,
            Action.ACCOUNT_REGISTERED,
            Action.ACCOUNT_CHANNEL_SET,
            Action.ROSTER_DRAFTED,
        }
    ),
)
BUDGETS = (OWN, SEALING, OPERATING)


def budgets_of(actions: Iterable[Action]) -> list[Budget]:
    """The budgets out of which these acts are paid."""
    done = set(actions)
    return [budget for budget in BUDGETS if budget.actions & done]
