"""Random walks of people and time over one request: what must hold at every step.

The walk settles time before each act, as every caller of the rules does, and keeps its own plain
record of who said what when, against which it holds each release.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from service.domain import errors
from service.domain.case import (
    Case,
    cancel,
    close,
    decide,
    release,
    restart_clock,
    review,
    rotate,
    settle,
)
from service.domain.credential import EnvelopeState
from service.domain.people import GroupName
from service.domain.quorum import Decision
from service.domain.request import (
    COLLECTING,
    DRILL_TRANSITIONS,
    FINAL,
    TRANSITIONS,
    Request,
    State,
    Step,
)
from tests.cast import CUSTODIANS, POLICY
from tests.unit.domain.builders import (
    LIFETIME,
    START,
    WINDOW,
    case,
    decision,
    envelope,
    group_of,
    next_envelope,
    roster,
)

PEOPLE = (*CUSTODIANS, "gus", "eve")
WORDS = ("id", "digest", "account", "roster", "manifest", "requester", "recipient_key", "task")
# What an act may be refused with; that a request names another roster or envelope is not among it.
REFUSALS = (
    errors.WrongStateError,
    errors.ExpiredError,
    errors.NoQuorumError,
    errors.SelfApprovalError,
    errors.NotInRosterError,
    errors.WrongGroupError,
    errors.AlreadyDecidedError,
    errors.AlreadyConfirmedError,
    errors.ReasonNeededError,
)
FIXED = (*WORDS, "lifetime", "window", "drill", "offline", "entered_at", "revision")
MOSTLY = st.sampled_from([True, True, True, False])


class Walk(RuleBasedStateMachine):
    """One request, from its entry on."""

    case: Case

    @initialize(
        drill=st.booleans(),
        denials=st.sampled_from(["unreachable", "first"]),
        thresholds=st.tuples(st.integers(1, 3), st.integers(1, 3)),
        requester=st.sampled_from(["gus", "gus", "ann"]),
    )
    def ask(self, drill: bool, denials: str, thresholds: tuple[int, int], requester: str) -> None:
        bounds = {"request_lifetime": LIFETIME, "release_window": WINDOW, "denials": denials}
        policy = POLICY | bounds
        self.case = case(
            roster(thresholds=thresholds, policy=policy), drill=drill, requester=requester
        )
        self.first = self.case.request
        self.now = START
        self.seq = 10
        self.heard: dict[str, Decision] = {}
        self.path = [State.PENDING]

    # --- what happens ---

    @rule(seconds=st.sampled_from([1, 1, 1, 60, 60, WINDOW - 1, WINDOW, LIFETIME - 61]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(
        person=st.sampled_from(PEOPLE),
        approves=MOSTLY,
        elsewhere=MOSTLY.map(lambda likely: not likely),
        reason=st.sampled_from(["not now", "not now", " "]),
    )
    def somebody_decides(self, person: str, approves: bool, elsewhere: bool, reason: str) -> None:
        group = next(g for g in GroupName if (g is group_of(person)) != elsewhere)
        given = decision(
            person, seq=self.seq, approves=approves, group=group, reason=reason, at=self.now
        )

        def act(now: Case) -> Request:
            after, withdrawn = decide(now, given)
            earlier = self.heard.get(person)
            assert withdrawn == ([earlier] if earlier and earlier.approves else [])
            self.heard[person] = given
            return after

        self.attempt(act)

    @rule()
    def everybody_approves(self) -> None:
        for person in CUSTODIANS:
            self.somebody_decides(person, approves=True, elsewhere=False, reason="")

    @rule()
    def the_requester_releases(self) -> None:
        def act(now: Case) -> Request:
            after = release(now, now=self.now)
            self.check_released()
            return after

        if self.attempt(act) and self.first.drill:
            self.attempt(lambda now: now.request.moved(Step.CLOSE))

    @rule()
    def the_requester_closes(self) -> None:
        self.attempt(lambda now: close(now.request))

    @rule()
    @precondition(lambda self: len(self.path) > 2)
    def the_ground_changes(self) -> None:
        self.attempt(lambda now: cancel(now.request, why="roster-changed")[0])

    @rule(seconds=st.integers(301, 9999))
    @precondition(lambda self: len(self.path) > 3)
    def the_clock_is_set_back(self, seconds: int) -> None:
        self.now -= timedelta(seconds=seconds)
        self.attempt(lambda now: restart_clock(now.request)[0])
        assert self.case.request.state not in {*COLLECTING, State.RELEASED}

    @rule(named=MOSTLY, ready=MOSTLY, early=MOSTLY.map(lambda likely: not likely))
    def an_envelope_is_sealed(self, named: bool, ready: bool, early: bool) -> None:
        newer = next_envelope(
            envelope(),
            after_requests=[self.first.digest] if named else [],
            state=EnvelopeState.READY if ready else EnvelopeState.UNCONFIRMED,
            seq=self.case.request.due_seq if early else self.seq,
        )

        def act(now: Case) -> Request:
            after, events = rotate(now.request, newer)
            assert (after == now.request) == (not events)
            return after

        if self.attempt(act):
            assert named
            assert ready
            assert not early

    @rule(person=st.sampled_from(PEOPLE), rotated=MOSTLY)
    def somebody_reviews(self, person: str, rotated: bool) -> None:
        self.attempt(
            lambda now: review(
                now.request,
                roster=now.roster,
                group=group_of(person),
                reviewer=person,
                rotated=rotated,
            )
        )

    @rule()
    def all_is_done_well(self) -> None:
        self.everybody_approves()
        self.the_requester_releases()
        self.an_envelope_is_sealed(named=True, ready=True, early=False)

    @rule()
    @precondition(lambda self: self.case.request.state is State.REVIEW_DUE)
    def both_groups_review(self) -> None:
        for person in ("bob", "eli"):
            self.somebody_reviews(person, rotated=True)
        assert self.case.request.state is State.CLOSED

    # --- how it is taken ---

    def attempt(self, act: Callable[[Case], Request]) -> bool:
        """Settle, act, and follow the move; True if the act was taken and changed something."""
        self.follow(settle(self.case, self.now)[0])
        before = self.case.request
        try:
            after = act(self.case)
        except REFUSALS:
            return False
        self.follow(after)
        return after != before

    def follow(self, after: Request) -> None:
        """Hold a move against the graph; as storage does, give what is due its place in the log."""
        before = self.case.request
        if after.state is not before.state:
            self.check_edge(before.state, after.state)
            self.path.append(after.state)
            if after.state in {State.RELEASED, State.ROTATION_DUE}:
                after = replace(after, due_seq=self.seq)
        self.seq += 1
        self.case = self.case.with_request(after)

    def check_edge(self, before: State, after: State) -> None:
        table = DRILL_TRANSITIONS if self.first.drill else TRANSITIONS
        edges = {(state, then) for (state, _), then in table.items()}
        through = {(a, d) for a, b in edges for c, d in edges if b is c is State.ROTATION_DUE}
        assert before not in FINAL
        assert (before, after) in edges | through

    def check_released(self) -> None:
        """The plain count: last words, once each, in time, in their own group, not the asker's."""
        assert self.now < self.first.expires_at
        for group in GroupName:
            behind = {
                person
                for person, said in self.heard.items()
                if said.approves
                and person in self.case.roster.groups[group].custodians
                and person != self.first.requester
                and START <= said.at < self.first.expires_at
            }
            assert len(behind) >= self.case.roster.groups[group].threshold

    # --- what always holds ---

    @invariant()
    def what_was_signed_never_changes(self) -> None:
        for name in FIXED:
            assert getattr(self.case.request, name) == getattr(self.first, name)

    @invariant()
    def only_custodians_are_heard_and_never_the_requester(self) -> None:
        heard = {said.custodian for said in self.case.request.decisions}
        assert heard <= set(CUSTODIANS) - {self.first.requester}
        assert all(said.group is group_of(said.custodian) for said in self.case.request.decisions)
        assert heard == self.heard.keys()

    @invariant()
    def approved_is_the_quorum_and_nothing_else(self) -> None:
        if self.case.request.state in COLLECTING:
            assert self.case.quorum().met == (self.case.request.state is State.APPROVED)

    @invariant()
    def what_was_released_stands_behind_an_approval_and_pays_its_debts(self) -> None:
        released = State.RELEASED in self.path
        assert released == (self.case.request.released_at is not None)
        if released:
            assert self.path[self.path.index(State.RELEASED) - 1] is State.APPROVED
        if self.case.request.state is State.CLOSED and not self.first.drill:
            assert self.case.request.reviewed == set(GroupName)
            assert len(self.case.request.reviewers) == len(GroupName)
            assert State.REVIEW_DUE in self.path

    @invariant()
    def a_drill_owes_nothing(self) -> None:
        if self.first.drill:
            assert not {State.ROTATION_DUE, State.REVIEW_DUE} & set(self.path)
            assert self.case.request.state is not State.RELEASED


Walk.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestWalk = Walk.TestCase
