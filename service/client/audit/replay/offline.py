"""Replaying what was brought in after the service was gone: same statements, same count, no clock.

An import is one run of leaves: the request, its decisions, perhaps release and closure, and then
what it causes. The count is taken when the run is over.
"""

from dataclasses import replace

from crypto.leaf import Leaf
from crypto.statement import Statement
from service.client.audit.replay.requests import asked, decision_of, requesters_word
from service.client.audit.replay.world import World, demand_said
from service.client.foundation.errors import ClientRefusal
from service.domain.events import Action, Event
from service.domain.opening import check_words_and_policy
from service.domain.request import State
from service.domain.tasks import check_task

_PARTS = frozenset(
    {
        Action.REQUEST_APPROVED,
        Action.REQUEST_DENIED,
        Action.REQUEST_RELEASED,
        Action.REQUEST_CLOSED,
    }
)


def imported(world: World, leaf: Leaf, statement: Statement) -> list[Event]:
    """The request itself: it enters at *rotation due*, if its quorum was met."""
    account = world.account_of(leaf)
    if not statement.payload["offline"] or statement.payload["drill"]:
        raise ClientRefusal(
            "wrong-state", "only an offline request that is not a drill can be imported"
        )
    # Whoever brings it in need not be the requester: the statement itself says whose it is.
    request = asked(account, replace(leaf, actor=statement.payload["requester"]), statement)
    check_task(request.task, drill=False)
    check_words_and_policy(request, account.rosters[request.roster])
    account.put(replace(request, state=State.ROTATION_DUE, released_at=leaf.at, due_seq=leaf.seq))
    demand_said(leaf, state="rotation_due", offline=True)
    if statement.digest in account.imported:
        raise ClientRefusal("replayed", "the request was brought in before")
    account.imported.add(statement.digest)
    world.importing = leaf.request
    world.tally["offline releases"] += 1
    world.remark(leaf, "a release was made while the service was down")
    return []


def is_part(world: World, leaf: Leaf) -> bool:
    """Whether a leaf belongs to the import that is being replayed."""
    return (
        world.importing != ""
        and leaf.request == world.importing
        and leaf.action in _PARTS
        and leaf.details.get("offline") is True
    )


def take_part(world: World, leaf: Leaf, statement: Statement) -> None:
    """One further statement of the import."""
    account, request = world.request_of(leaf)
    demand_said(leaf, state="rotation_due", offline=True)
    if statement.kind == "decision":
        decision = decision_of(account, request, leaf, statement)
        account.put(replace(request, decisions=(*request.decisions, decision)))
        return
    requesters_word(account, request, leaf, statement)
    if statement.kind == "release":
        account.put(replace(request, due_seq=leaf.seq))


def finish(world: World) -> list[Event]:
    """Count what was brought in.

    Raises:
        ClientRefusal: ``no-quorum``.
    """
    number, world.importing = world.importing, ""
    for account in world.accounts.values():
        if number not in account.requests:
            continue
        case = account.case_of(account.requests[number])
        count = case.quorum()
        if not count.met:
            raise ClientRefusal("no-quorum", f"request {number} was brought in without a quorum")
        world.met(case.request, count)
        return account.expose(case.envelope.digest, why="offline-release")
    return []
