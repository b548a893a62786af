"""Replaying requests: every act by the same rules as the service, every quorum at its own leaf."""

from dataclasses import replace

from crypto.encoding import b64decode, parse_time
from crypto.statement import Statement
from service.client.audit.replay.claim import Claim, demand_actor, demand_said, matches
from service.client.audit.replay.signers import signed_by_custodian, signed_in_role
from service.client.audit.replay.world import AccountWorld, World, hear
from service.client.foundation.errors import ClientRefusal
from service.domain import case as rules
from service.domain.case import Case, event, settle
from service.domain.events import Action, Event
from service.domain.opening import check_opening
from service.domain.people import GroupName
from service.domain.quorum import Decision
from service.domain.request import Request, State, Step, fits_clock
from service.domain.tasks import check_task


def opened(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take a requester's statement: under the newest roster, for an envelope that may be used."""
    account = world.account_of(leaf)
    request = asked(account, leaf, statement)
    demand_actor(leaf, request.requester)
    if request.offline:
        raise ClientRefusal(
            "wrong-state", "it opens an offline request, which can only be imported"
        )
    if not fits_clock(parse_time(statement.payload["at"]), leaf.at):
        raise ClientRefusal(
            "clock-differs", "its signed time is more than ten minutes from that of its entry"
        )
    check_opening(
        request,
        roster=account.roster,
        in_force=account.in_force,
        newest=account.newest,
        collecting=account.collecting(),
    )
    check_task(request.task, drill=request.drill)
    demand_said(leaf, state="pending", drill=request.drill)
    world.tally["drills" if request.drill else "requests"] += 1
    return account.put(request)


def asked(account: AccountWorld, leaf: Claim, statement: Statement) -> Request:
    """Verify a request's statement by the roster that it names; each counts once."""
    payload = statement.payload
    roster = account.rosters.get(payload["roster"])
    if roster is None or payload["manifest"] not in account.envelopes:
        raise ClientRefusal(
            "wrong-envelope", "it names a roster or envelope that is not in the log"
        )
    signed_in_role(
        statement,
        roster,
        payload["requester"],
        "a requester",
        roster.requesters,
        code="request-forged",
        what="the request",
    )
    if (payload["request"], payload["account"]) != (leaf.request, leaf.subject):
        raise ClientRefusal("details-differ", "the leaf names another request or account")
    leaf.proven.update(("subject", "request"))
    once = {payload["request"], statement.digest, payload["recipient_key"]}
    known = account.known.setdefault(payload["manifest"], set())
    if once & known:
        raise ClientRefusal("replayed", "the request or its key was used before")
    known |= once
    return Request.from_payload(
        payload,
        statement.digest,
        recipient_key=b64decode(payload["recipient_key"]),
        entered_at=leaf.at,
    )


def _live(world: World, leaf: Claim) -> tuple[AccountWorld, Case]:
    """Return a request's case, unless its time is over."""
    account, request = world.request_of(leaf)
    case = account.case_of(request)
    if settle(case, leaf.at)[1]:
        raise ClientRefusal(
            "wrong-state", "the request's time was over, and no leaf before says so"
        )
    return account, case


def decided(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take a custodian's decision on an open request; it may end it."""
    account, case = _live(world, leaf)
    decision = decision_of(account, case.request, leaf, statement)
    after, _ = rules.decide(case, decision)
    count = case.with_request(after).quorum()
    demand_said(
        leaf,
        state=after.state.value,
        drill=after.drill,
        group=decision.group.value,
        counted=len(count.counted[decision.group]),
        needed=count.needed[decision.group],
    )
    ended = account.put(after)
    if after.state is State.DENIED:
        return [event(Action.REQUEST_ENDED_BY_DENIAL, after), *ended]
    return ended


def decision_of(
    account: AccountWorld, request: Request, leaf: Claim, statement: Statement
) -> Decision:
    """Verify a decision by the roster that its request names; each counts once."""
    payload = statement.payload
    _demand_request(payload["request"], request)
    roster = account.rosters[request.roster]
    signed_by_custodian(
        statement, roster, payload["custodian"], code="decision-forged", what="the decision"
    )
    demand_actor(leaf, payload["custodian"])
    hear(account, request, statement)
    approves = payload["decision"] == "approve"
    if approves != (leaf.action == Action.REQUEST_APPROVED):
        raise ClientRefusal("details-differ", "the leaf says another decision than was signed")
    return Decision.from_payload(payload, statement.digest, seq=leaf.seq, at=leaf.at)


def requesters_word(
    account: AccountWorld, request: Request, leaf: Claim, statement: Statement
) -> None:
    """Verify a further statement of the requester; each counts once."""
    _demand_request(statement.payload["request"], request)
    if statement.payload["requester"] != request.requester:
        raise ClientRefusal("word-forged", f"the {statement.kind} names another requester")
    roster = account.rosters[request.roster]
    signed_in_role(
        statement,
        roster,
        request.requester,
        "a requester",
        roster.requesters,
        code="word-forged",
        what=f"the {statement.kind}",
    )
    demand_actor(leaf, request.requester)
    hear(account, request, statement)


def cancelled(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take the requester's cancellation."""
    account, case = _live(world, leaf)
    requesters_word(account, case.request, leaf, statement)
    after = case.request.moved(Step.CANCEL)
    demand_said(leaf, state=after.state.value, drill=after.drill)
    return account.put(after)


def released(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take a release of the shares: only with a quorum, counted at this very leaf."""
    account, case = _live(world, leaf)
    requesters_word(account, case.request, leaf, statement)
    count = case.quorum(until_seq=leaf.seq)
    for group in GroupName:
        if not count.met_in(group):
            raise ClientRefusal(
                "no-quorum",
                f"the {group.value} group had {len(count.counted[group])} of the "
                f"{count.needed[group]} approvals it needs",
            )
    after = replace(rules.release(case, now=leaf.at), released_seq=leaf.seq, due_seq=leaf.seq)
    demand_said(leaf, state=after.state.value, drill=after.drill)
    world.met(case.request, count)
    if after.drill:
        over = after.moved(Step.CLOSE)
        return [event(Action.REQUEST_DRILL_OVER, over), *account.put(over)]
    world.tally["releases"] += 1
    account.put(after)
    return account.expose(after.manifest, why="released")


def fetched(world: World, leaf: Claim) -> list[Event]:
    """Take another fetch by the requester, while the window was open."""
    _, case = _live(world, leaf)
    demand_actor(leaf, case.request.requester)
    if case.request.state is not State.RELEASED:
        raise ClientRefusal("wrong-state", "no shares are released in this state")
    demand_said(leaf, state=case.request.state.value, drill=case.request.drill)
    return []


def closed(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take the requester's closure."""
    account, case = _live(world, leaf)
    requesters_word(account, case.request, leaf, statement)
    after = rules.close(case.request)
    demand_said(leaf, state=after.state.value, drill=after.drill)
    if after.offline:
        demand_said(leaf, offline=True)
    return account.put(after)


def reviewed(world: World, leaf: Claim, statement: Statement) -> list[Event]:
    """Take a review by a custodian of the newest roster."""
    account, case = _live(world, leaf)
    payload, roster = statement.payload, account.roster or case.roster
    _demand_request(payload["request"], case.request)
    group = signed_by_custodian(
        statement, roster, payload["reviewer"], code="word-forged", what="the review"
    )
    demand_actor(leaf, payload["reviewer"])
    hear(account, case.request, statement)
    after = rules.review(
        case.request,
        roster=roster,
        group=group,
        reviewer=payload["reviewer"],
        rotated=payload["rotated"],
    )
    if not payload["rotated"]:
        after = replace(after, due_seq=leaf.seq)
    demand_said(
        leaf,
        state=after.state.value,
        drill=after.drill,
        group=group.value,
        rotated=payload["rotated"],
    )
    return account.put(after)


def timed(world: World, leaf: Claim) -> list[Event]:
    """Take the end of a request or window: only when its time had come."""
    account, request = world.request_of(leaf)
    after, events = settle(account.case_of(request), leaf.at)
    if not events or not matches(events[0], leaf):
        raise ClientRefusal("wrong-state", "its time had not come yet")
    return account.put(after)


def _demand_request(digest: str, request: Request) -> None:
    if digest != request.digest:
        raise ClientRefusal("wrong-request", "its statement is about another request")
