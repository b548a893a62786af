"""What happened, and proof that nothing of it was changed."""

from http import HTTPStatus
from typing import Annotated

from flask import Blueprint
from pydantic import Field

from service.usecases import history
from service.web.access import Role, requires
from service.web.act import act
from service.web.current import caller, ctx
from service.wire.base import UUID, Shape
from service.wire.log import CheckpointAnswer, Export, Leaves, Proof, RawLeaves

bp = Blueprint("history", __name__)

_MOST = 200  # events in one answer
_MOST_LEAVES = 1000
_LAST = 2**53 - 1  # no log gets there
_INDEX = Field(ge=0, le=_LAST)
_TIME = Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$")


class EventsWanted(Shape):
    """Which events, and before which leaf; whatever is empty does not narrow the list."""

    before: Annotated[int, _INDEX] = _LAST
    limit: Annotated[int, Field(ge=1, le=_MOST)] = 50
    account: Annotated[str, Field(pattern=r"^([0-9]{12})?$")] = ""
    request: Annotated[str, Field(pattern=rf"^$|{UUID}")] = ""
    actor: Annotated[str, Field(pattern=r"^[A-Za-z0-9:._-]{0,64}$")] = ""
    action: Annotated[str, Field(pattern=r"^[a-z:-]{0,40}$")] = ""
    since: Annotated[str, _TIME] = ""
    until: Annotated[str, _TIME] = ""


class LeavesWanted(Shape):
    """Which leaves: ``count`` of them from ``start`` on."""

    start: Annotated[int, _INDEX] = 0
    count: Annotated[int, Field(ge=1, le=_MOST_LEAVES)] = _MOST_LEAVES


class Seen(Shape):
    """How many leaves the newest checkpoint had that the client has verified."""

    seen: Annotated[int, _INDEX] = 0


@bp.get("/events")
@requires(Role.PERSON)
@act("event.list")
def events(query: EventsWanted) -> Leaves:
    """Events of the accounts that I may see, newest first; auditors and operators see all."""
    return history.events(
        ctx(),
        caller(),
        before=query.before,
        limit=query.limit,
        account=query.account,
        request=query.request,
        actor=query.actor,
        action=query.action,
        since=query.since,
        until=query.until,
    )


@bp.get("/events/<leaf:seq>/proof")
@requires(Role.PERSON)
@act("event.proof")
def proof(seq: int) -> Proof:
    """Proof that an event stands in the log."""
    return history.proof(ctx(), caller(), seq)


@bp.post("/exports")
@requires(Role.PERSON)
@act("event.export", status=HTTPStatus.CREATED)
def export() -> Export:
    """Write down that I export the log."""
    return history.export(ctx(), caller())


@bp.get("/leaves")
@requires(Role.PERSON)
@act("leaf.list")
def leaves(query: LeavesWanted) -> RawLeaves:
    """Leaves as they were hashed, for an export."""
    return history.leaves(ctx(), caller(), start=query.start, count=query.count)


@bp.get("/checkpoint")
@requires(Role.PERSON)
@act("checkpoint.show")
def checkpoint(query: Seen) -> CheckpointAnswer:
    """The newest checkpoint, and proof that it continues the one I have seen."""
    return history.checkpoint(ctx(), seen=query.seen)
