"""All that one view shows, of one moment and in one answer."""

from service.wire.accounts import AccountDetail, EnvelopeFacts, Rosters
from service.wire.base import Shape
from service.wire.log import Leaf, LogView
from service.wire.people import Person
from service.wire.requests import RequestDetail, RequestSummary


class Case(Shape):
    """A request as ``request.show``, ``roster.show`` and ``person.me`` answer.

    ``log`` proves what theirs prove, and theirs are null here. What is signed in ``detail`` and
    ``rosters`` a client verifies as in those answers; the rest is the service's word.
    """

    me: Person
    detail: RequestDetail
    rosters: Rosters
    log: LogView | None = None


class Whole(Shape):
    """An account as its page shows it.

    ``log`` proves what it proves of ``roster.show`` and ``envelope.list``. What is signed in
    ``rosters`` and ``envelopes`` a client verifies as in their answers; ``detail``, ``open``
    (requests that are not over, newest first) and ``events`` (the ten newest, newest first) are
    the service's word.
    """

    me: Person
    detail: AccountDetail
    rosters: Rosters
    envelopes: list[EnvelopeFacts]
    open: list[RequestSummary]
    events: list[Leaf]
    log: LogView | None = None
