"""Replaying imports of offline releases: same statements, same count, no clock.

An import is one run of leaves: the request, its decisions, perhaps release and closure, and then
what follows from it. Approvals are counted when the run is over.
"""

from dataclasses import replace

from crypto.statement import Statement
from service.client.audit.replay.claim import Claim, demand_said
from service.client.audit.replay.requests import asked, decision_of, requesters_word
from service.client.audit.replay.world import World
from service.client.foundation.errors import ClientRefusal
from service.domain.case import close
from service.domain.events import Action, Event
from service.domain.opening import check_words_and_policy
from service.domain.request import State
from service.domain.roster import check_not_retired
from service.domain.tasks import check_task

_PARTS = frozenset(
    {
        Action.REQUEST_APPROVED,
        Action.REQUEST_DENIED,
        Action.REQUEST_RELEASED,
        Action.REQUEST_CLOSED,
    }
)


def imported(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take an imported request: it enters at *rotation due*, if its quorum was met."""
    account = world.account_of(leaf)
    if not statement.payload["offline"] or statement.payload["drill"]:
        raise ClientRefusal("wrong-state", "it imports a drill, or a request made for the service")
    # Anyone with the files may import it: the statement itself says whose request it is.
    request = asked(account, leaf, statement)
    if account.roster is None or leaf.actor not in account.roster.members:
        raise ClientRefusal("wrong-actor", "its actor is not in the account's roster")
    check_not_retired(account.rosters[request.roster])
    check_task(request.task, drill=False)
    check_words_and_policy(request, account.rosters[request.roster])
    account.put(replace(request, state=State.ROTATION_DUE, released_at=leaf.at, due_seq=leaf.seq))
    demand_said(leaf, state="rotation_due", offline=True, drill=False)
    if statement.digest in account.imported:
        raise ClientRefusal("replayed", "the request was imported before")
    account.imported.add(statement.digest)
    world.importing = leaf.request
    world.tally["offline releases"] += 1
    world.remark(leaf, "a release was made without the service")
    return []


def is_part(world: World, leaf: Claim) -> bool:
    """Return whether a leaf belongs to the import that is being replayed."""
    return (
        world.importing != ""
        and leaf.request == world.importing
        and leaf.action in _PARTS
        and leaf.details.get("offline") is True
    )


def take_part(world: World, leaf: Claim, statement: Statement) -> None:
    """Take one further statement of the import."""
    account, request = world.request_of(leaf)
    demand_said(leaf, state="rotation_due", offline=True, drill=False)
    if statement.kind == "decision":
        decision = decision_of(account, request, leaf, statement)
        demand_said(leaf, group=decision.group.value)
        account.put(replace(request, decisions=(*request.decisions, decision)))
        return
    requesters_word(account, request, leaf, statement)
    if statement.kind == "release":
        account.put(replace(request, released_seq=leaf.seq, due_seq=leaf.seq))
    else:
        account.put(close(request))


def finish(world: World) -> list[Event]:
    """Count the approvals of the import.

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
            raise ClientRefusal("no-quorum", f"request {number} was imported without a quorum")
        world.met(case.request, count)
        return account.expose_opened(case.envelope.digest, why="offline-release")
    return []
