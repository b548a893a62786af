"""A request together with the facts it names, and the acts of people on it.

Each function returns the next request and the events that say so. Callers have verified every
signature, compared every field with the service's own facts, and settled time first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain import errors
from service.domain.credential import IN_FORCE, Envelope
from service.domain.events import SERVICE, Action, Detail, Event
from service.domain.people import GroupName
from service.domain.quorum import Decision, Quorum, last_words, quorum
from service.domain.request import COLLECTING, Request, State, Step, wrong_state
from service.domain.roster import Denials, Roster, common_custodians, needed

# Above every leaf index: a decision that is being taken has none yet, and is the newest.
NEXT_SEQ = 2**53 - 2
AFTER_ALL = 2**53 - 1

# One custodian's changes of mind must not make a request too long to read.
MOST_APPROVALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request, the roster and the envelope that it names, and that envelope's own roster."""

    request: Request
    roster: Roster
    envelope: Envelope
    envelope_roster: Roster

    def quorum(self, until_seq: int = AFTER_ALL) -> Quorum:
        """The count for a release at leaf index ``until_seq``; by default for one right now."""
        return quorum(
            roster=self.roster,
            manifest_roster=self.envelope_roster,
            manifest=self.envelope,
            request=self.request,
            entered_at=self.request.entered_at,
            decisions=self.request.decisions,
            until_seq=until_seq,
        )

    def with_request(self, request: Request) -> "Case":
        """The same case with the next request."""
        return replace(self, request=request)


def event(
    action: Action,
    request: Request,
    *,
    actor: str = SERVICE,
    statement: bytes = b"",
    details: Mapping[str, Detail] | None = None,
) -> Event:
    """An event about a request, with the state in which it now is."""
    return Event(
        action=action,
        actor=actor,
        subject=request.account,
        request=request.id,
        details={"state": request.state.value, "drill": request.drill, **(details or {})},
        statement=statement,
    )


def settle(case: Case, now: datetime) -> tuple[Request, list[Event]]:
    """What time alone has done to the request: it expired, or its window ended."""
    request = case.request
    if request.state in COLLECTING and now >= request.expires_at:
        request = request.moved(Step.EXPIRE)
        return request, [event(Action.REQUEST_EXPIRED, request)]
    ends = request.window_ends_at
    if request.state is State.RELEASED and ends is not None and now >= ends:
        request = request.moved(Step.END_USE)
        return request, [event(Action.REQUEST_WINDOW_ENDED, request)]
    return request, []


def restart_clock(request: Request) -> tuple[Request, list[Event]]:
    """What a clock that was set back does: no lifetime and no window means anything any more."""
    if request.state in COLLECTING:
        after = request.moved(Step.EXPIRE)
        return after, [event(Action.REQUEST_EXPIRED, after)]
    if request.state is State.RELEASED:
        after = request.moved(Step.END_USE)
        return after, [event(Action.REQUEST_WINDOW_ENDED, after)]
    return request, []


def decide(case: Case, decision: Decision) -> tuple[Request, list[Decision]]:
    """Record a custodian's decision; returns the next request and the decisions it withdraws.

    Raises:
        WrongStateError, ExpiredError: approvals come while it collects or its window is open,
            denials while it collects.
        SelfApprovalError: the requester decides.
        WrongGroupError, NotInRosterError: the custodian has no say, or no share, in that group.
        AlreadyDecidedError: the same answer was their last word.
        ReasonNeededError: a denial without one.
    """
    request = case.request
    _check_may_decide(case, decision)
    taking = COLLECTING | {State.RELEASED} if decision.approves else COLLECTING
    if request.state not in taking:
        raise wrong_state(request)
    approvals = [d for d in request.decisions if d.custodian == decision.custodian and d.approves]
    if decision.approves and len(approvals) >= MOST_APPROVALS:
        raise errors.WrongStateError("you have approved and denied this too often")
    earlier = last_words(request.decisions, until_seq=NEXT_SEQ).get(decision.custodian)
    if earlier is not None and earlier.approves == decision.approves:
        raise errors.AlreadyDecidedError
    if not decision.approves and not decision.reason.strip():
        raise errors.ReasonNeededError
    after = replace(request, decisions=(*request.decisions, decision))
    withdrawn = [earlier] if earlier is not None and earlier.approves else []
    return _counted(case.with_request(after), decision), withdrawn


def _check_may_decide(case: Case, decision: Decision) -> None:
    if decision.custodian == case.request.requester:
        raise errors.SelfApprovalError
    if case.roster.custodian(decision.custodian, decision.group) is None:
        if decision.custodian in case.roster.custodians:
            raise errors.WrongGroupError
        raise errors.NotInRosterError
    if not decision.approves:
        return
    eligible = common_custodians(case.roster, case.envelope_roster, decision.group)
    if decision.custodian not in eligible:
        raise errors.NotInRosterError("the envelope holds no share that you can open")


def _counted(case: Case, decision: Decision) -> Request:
    """Move between *pending*, *approved* and *denied* as the count now says; *released* stays."""
    request = case.request
    if not decision.approves and (
        case.roster.policy.denials is Denials.FIRST or not reachable(case)
    ):
        return request.moved(Step.DENY)
    met = case.quorum().met
    if met and request.state is State.PENDING:
        return request.moved(Step.MEET_QUORUM)
    if not met and request.state is State.APPROVED:
        return request.moved(Step.LOSE_QUORUM)
    return request


def reachable(case: Case) -> bool:
    """Whether both groups could still reach what is needed if all who have not denied approve."""
    last = last_words(case.request.decisions, until_seq=AFTER_ALL)
    for group in GroupName:
        eligible = common_custodians(case.roster, case.envelope_roster, group)
        willing = {p for p in eligible if p not in last or last[p].approves}
        if len(willing) < needed(case.roster, case.envelope_roster, group):
            return False
    return True


def release(case: Case, *, now: datetime) -> Request:
    """Hand over. A drill never rests here: the caller closes it in the same transaction.

    Raises:
        WrongStateError, ExpiredError, NoQuorumError: it is not *approved*, or no longer.
    """
    request = case.request
    if request.state is State.PENDING:
        raise errors.NoQuorumError
    after = replace(request.moved(Step.RELEASE), released_at=now)
    if not case.quorum().met:
        raise errors.NoQuorumError
    return after


def close(request: Request) -> Request:
    """Take the requester's closure: their use ends now, or had ended before.

    Raises:
        WrongStateError: nothing was released, or it is over.
        AlreadyConfirmedError: the closure is there already.
    """
    if request.drill or request.state not in {
        State.RELEASED,
        State.ROTATION_DUE,
        State.REVIEW_DUE,
    }:
        raise wrong_state(request)
    if request.summarised:
        raise errors.AlreadyConfirmedError
    if request.state is State.RELEASED:
        request = request.moved(Step.END_USE)
    return replace(request, summarised=True)


def rotate(request: Request, envelope: Envelope) -> tuple[Request, list[Event]]:
    """A newer envelope became ready: a request that it names, and that waits for it, moves on."""
    if (
        request.drill
        or request.digest not in envelope.after_requests
        or envelope.state not in IN_FORCE
        or envelope.seq <= request.due_seq
    ):
        return request, []
    done: list[Event] = []
    if request.state is State.RELEASED:
        request = request.moved(Step.END_USE)
        done.append(event(Action.REQUEST_WINDOW_ENDED, request))
    if request.state is not State.ROTATION_DUE:
        return request, []
    request = request.moved(Step.ROTATE)
    done.append(event(Action.REQUEST_ROTATED, request, details={"manifest": envelope.digest}))
    return request, done


def review(
    request: Request, *, roster: Roster, group: GroupName, reviewer: str, rotated: bool
) -> Request:
    """Take one group's look afterwards; the second closes, "not changed" leads back.

    ``roster`` is the account's newest.

    Raises:
        WrongStateError: no review is due.
        SelfApprovalError, WrongGroupError, NotInRosterError: the reviewer has no say there.
        AlreadyConfirmedError: that group has reviewed in this round, or the reviewer has for the
            other one, in which an older roster had them: it takes two people.
    """
    if reviewer == request.requester:
        raise errors.SelfApprovalError
    if roster.custodian(reviewer, group) is None:
        if reviewer in roster.custodians:
            raise errors.WrongGroupError
        raise errors.NotInRosterError
    if request.state is not State.REVIEW_DUE:
        raise wrong_state(request)
    if group in request.reviewed or reviewer in request.reviewers:
        raise errors.AlreadyConfirmedError
    if not rotated:
        return request.moved(Step.NOT_ROTATED)
    after = replace(
        request,
        reviewed=request.reviewed | {group},
        reviewers=request.reviewers | {reviewer},
    )
    return after.moved(Step.CLOSE) if after.reviewed == frozenset(GroupName) else after


def cancel(request: Request, *, why: str) -> tuple[Request, list[Event]]:
    """End a collecting request because the ground under it changed (roster or envelope)."""
    after = request.moved(Step.CANCEL)
    return after, [event(Action.REQUEST_CANCELLED, after, details={"why": why})]
