"""How requests end, in the log's own actions: to look for, and to count a year by."""

from collections.abc import Mapping
from enum import StrEnum

from service.domain.events import Action


class Outcome(StrEnum):
    """What became of a request. A release is closed by what its people and time do afterwards."""

    RELEASED = "released"
    DENIED = "denied"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    DRILL = "drill"


# A drill's shares are handed out too: both its release and its end are in the log.
SHOWN_BY: Mapping[Outcome, tuple[Action, ...]] = {
    Outcome.RELEASED: (Action.REQUEST_RELEASED, Action.REQUEST_IMPORTED),
    Outcome.DENIED: (Action.REQUEST_ENDED_BY_DENIAL,),
    Outcome.EXPIRED: (Action.REQUEST_EXPIRED,),
    Outcome.CANCELLED: (Action.REQUEST_CANCELLED,),
    Outcome.CLOSED: (
        Action.REQUEST_CLOSED,
        Action.REQUEST_WINDOW_ENDED,
        Action.REQUEST_ROTATED,
        Action.REQUEST_REVIEWED,
    ),
    Outcome.DRILL: (Action.REQUEST_DRILL_OVER,),
}
