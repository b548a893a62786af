"""One account over a period: what was released, who answered, and what is still open.

Everything here comes from what the replay has proved; what is the service's word alone is marked,
and counts for nothing. A period is of whole days in UTC, first and last included, by the service's
clock; *open* means at the end of the export.
"""

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.client.audit.replay.unsigned import Shown
from service.client.audit.replay.world import AccountWorld
from service.client.audit.report.lines import beside, end_words, line_words
from service.client.audit.report.report import Report
from service.client.audit.report.story import Entry, RequestStory, Story
from service.client.foundation.errors import ClientRefusal
from service.domain.credential import EnvelopeState
from service.domain.duties import DRILL_EVERY
from service.domain.events import Action
from service.domain.request import State

_OPEN: Mapping[str, str] = {
    State.PENDING.value: "is still collecting approvals",
    State.APPROVED.value: "has its quorum but was not released",
    State.RELEASED.value: "is released: the password may be in use",
    State.ROTATION_DUE.value: "was released, but the password has not been changed since",
    State.REVIEW_DUE.value: "needs a review by both groups",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A sentence, and the leaf that it is about; -1 if it is about what is missing."""

    sentence: Shown
    seq: int = -1

    @property
    def proven(self) -> bool:
        """Whether it rests on more than the service's word."""
        return isinstance(self.sentence, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How often a custodian could have answered, and how often they did."""

    name: str
    asked: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReport:
    """An account's part of a verified export; ``first`` and ``last`` are the period's days."""

    report: Report
    story: Story
    account: str
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        """Refuse an account that the log does not have.

        Raises:
            ClientRefusal: ``account-unknown``.
        """
        if self.account not in self.report.world.accounts:
            raise ClientRefusal("account-unknown", f"account {self.account} is not in this export")

    def within(self, at: datetime) -> bool:
        """Return whether a moment is in the period."""
        day = at.date()
        return (not self.first or self.first <= day) and (not self.last or day <= self.last)

    @property
    def world(self) -> AccountWorld:
        """What the whole log has led to in the account."""
        return self.report.world.accounts[self.account]

    @property
    def name(self) -> str:
        """The account's name, as its newest roster has it."""
        roster = self.world.roster
        return roster.name if roster else "no roster yet"

    def lines(self) -> list[tuple[str, str]]:
        """Return that its people have ended it, and its other lines: label and value."""
        ended = [("this line of the account", end_words(self.world))]
        others = beside(self.report.world, self.account)
        found = [("another line of this AWS account", line_words(one)) for one in others]
        return [*(ended if self.world.retired >= 0 else []), *found]

    @property
    def requests(self) -> list[RequestStory]:
        """Requests and drills of which anything lies in the period."""
        return [
            r
            for r in self.story.requests.values()
            if r.account == self.account and any(self.within(e.at) for e in r.entries)
        ]

    @property
    def releases(self) -> list[RequestStory]:
        """Requests that were released in the period, drills left out."""
        return [r for r in self.requests if not r.drill and r.release and self.within(r.release.at)]

    @property
    def drills(self) -> list[RequestStory]:
        """Drills of the period."""
        return [r for r in self.requests if r.drill]

    @property
    def unreleased(self) -> list[RequestStory]:
        """Requests of the period that were not released."""
        return [r for r in self.requests if not r.drill and not r.release]

    def events(self, *actions: Action) -> list[Entry]:
        """Return what is about the account in the period and has one of these actions."""
        of_requests = (e for r in self.requests for e in r.entries)
        of_account = iter(self.story.accounts.get(self.account, ()))
        found = [e for part in (of_requests, of_account) for e in part if self.within(e.at)]
        return sorted((e for e in found if e.action in actions), key=lambda e: e.seq)

    def times_to_quorum(self) -> list[timedelta]:
        """Return how long each request and drill took, from its entry to its first quorum."""
        return sorted(
            r.quorum_at - r.opened_at
            for r in self.requests
            if r.quorum_at is not None and self.within(r.opened_at)
        )

    def median_to_quorum(self) -> timedelta | None:
        """Return the median of these times in whole seconds; None if there are none."""
        times = self.times_to_quorum()
        seconds = [time.total_seconds() for time in times]
        return timedelta(seconds=round(statistics.median(seconds))) if seconds else None

    def answers(self) -> Sequence[Answers]:
        """Count, for each custodian, requests of the period that asked them and their answers."""
        asked: dict[str, list[int]] = {}
        names: dict[str, str] = {}
        for request in self.requests:
            if request.offline or not self.within(request.opened_at):
                continue
            for person, name in request.asked.items():
                names[person] = name
                asked.setdefault(person, []).append(person in request.answered)
        found = [
            Answers(name=names[person], asked=len(times), answered=sum(times))
            for person, times in asked.items()
        ]
        return sorted(found, key=lambda answers: (answers.answered / answers.asked, answers.name))

    def silent(self) -> list[str]:
        """Return the names of custodians who were asked and never answered."""
        return [answers.name for answers in self.answers() if not answers.answered]

    def together(self) -> Sequence[tuple[tuple[str, ...], int]]:
        """Return whose approvals were counted together, and how often; the most frequent first."""
        quorums = Counter(
            tuple(sorted(name for group in request.counted for name in group.names))
            for request in self.requests
            if request.counted
        )
        return sorted(quorums.items(), key=lambda pair: (-pair[1], pair[0]))

    def exceptions(self) -> Sequence[Finding]:
        """Return what is open at the end of the export, and what was unusual in the period."""
        return [*self._open(), *self._envelope(), *self._unusual(), *self._no_drill()]

    def _open(self) -> Iterator[Finding]:
        for request in self.story.requests.values():
            if request.account != self.account:
                continue
            last = [entry for entry in request.entries if entry.proven][-1]
            if request.state in _OPEN:
                yield Finding(sentence=f"request {request.id} {_OPEN[request.state]}", seq=last.seq)
            closed = request.first(Action.REQUEST_CLOSED)
            if request.release and not request.drill and not closed:
                yield Finding(
                    sentence=f"request {request.id} has no closure: what was done is not recorded",
                    seq=request.release.seq,
                )

    def _envelope(self) -> Iterator[Finding]:
        envelope = self.world.in_force
        if envelope is None and self.world.retired < 0:
            yield Finding(sentence="no envelope is in force: no one can get the password")
        elif envelope is not None and envelope.state is EnvelopeState.EXPOSED:
            yield Finding(
                sentence=f"envelope version {envelope.version} is exposed and was not replaced",
                seq=envelope.seq,
            )

    def _unusual(self) -> Iterator[Finding]:
        actions = (
            Action.REQUEST_IMPORTED,
            Action.OFFLINE_PAPERS,
            Action.SHARE_PRINTED,
            Action.BUNDLE_FETCHED,
            Action.LINE_REGISTERED,
        )
        ends = (e for e in self.events(Action.ROSTER_ACCEPTED) if e.seq == self.world.retired)
        own = (e for e in self.story.service if self.within(e.at))
        for end in ends:
            yield Finding(sentence="its people retired this line of the account", seq=end.seq)
        for entry in [*self.events(*actions), *own]:
            if entry.action is not Action.LOG_STARTED:
                yield Finding(sentence=entry.dated, seq=entry.seq)

    def _no_drill(self) -> Iterator[Finding]:
        until = self.report.world.last_at
        if self.world.retired >= 0:
            return  # it takes no drill
        ended = [
            entry.at
            for request in self.story.requests.values()
            if request.account == self.account
            for entry in request.all_of(Action.REQUEST_DRILL_OVER)
        ]
        if until is not None and (not ended or until - ended[-1] > DRILL_EVERY):
            yield Finding(
                sentence="by the service's clock, no drill was completed in the "
                f"{DRILL_EVERY.days} days before the export"
            )
