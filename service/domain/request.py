"""A request's life as two tables: one for requests, one for drills.

The rules, in plain words (protocol, "Request, decisions, release"):

* a request needs a reason, lives within the roster's policy, and names the newest roster and an
  envelope that is in force or the newest unconfirmed one;
* the requester never decides; a custodian's last word counts; a denial needs a reason and comes
  before the release;
* a denial ends the request at once, or when a group can no longer reach its threshold, as the
  roster's policy says; one that takes the quorum away leads back to *pending*;
* released only by its requester, with the quorum, before it expires;
* out of *released* leads only rotation and review; a drill closes at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from service.domain import errors
from service.domain.people import GroupName
from service.domain.quorum import Decision
from service.domain.words import plain


class State(StrEnum):
    """The state of a request. *denied*, *cancelled*, *expired* and *closed* are never left."""

    PENDING = "pending"
    APPROVED = "approved"
    RELEASED = "released"
    ROTATION_DUE = "rotation_due"
    REVIEW_DUE = "review_due"
    CLOSED = "closed"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Step(StrEnum):
    """What moves a request from one state to another."""

    MEET_QUORUM = "meet-quorum"
    LOSE_QUORUM = "lose-quorum"
    DENY = "deny"
    CANCEL = "cancel"
    EXPIRE = "expire"
    RELEASE = "release"
    END_USE = "end-use"
    ROTATE = "rotate"
    NOT_ROTATED = "not-rotated"
    CLOSE = "close"


_COLLECTING: Mapping[tuple[State, Step], State] = {
    (State.PENDING, Step.MEET_QUORUM): State.APPROVED,
    (State.APPROVED, Step.LOSE_QUORUM): State.PENDING,
    (State.APPROVED, Step.RELEASE): State.RELEASED,
    **{
        (state, step): final
        for state in (State.PENDING, State.APPROVED)
        for step, final in (
            (Step.DENY, State.DENIED),
            (Step.CANCEL, State.CANCELLED),
            (Step.EXPIRE, State.EXPIRED),
        )
    },
}

TRANSITIONS: Mapping[tuple[State, Step], State] = {
    **_COLLECTING,
    (State.RELEASED, Step.END_USE): State.ROTATION_DUE,
    (State.ROTATION_DUE, Step.ROTATE): State.REVIEW_DUE,
    (State.REVIEW_DUE, Step.NOT_ROTATED): State.ROTATION_DUE,
    (State.REVIEW_DUE, Step.CLOSE): State.CLOSED,
}

DRILL_TRANSITIONS: Mapping[tuple[State, Step], State] = {
    **_COLLECTING,
    (State.RELEASED, Step.CLOSE): State.CLOSED,
}

CLOCK_SLACK = timedelta(minutes=10)  # between a signer's clock and the log's

COLLECTING = frozenset({State.PENDING, State.APPROVED})
FINAL = frozenset({State.CLOSED, State.DENIED, State.CANCELLED, State.EXPIRED})
AWAITING_ROTATION = frozenset({State.RELEASED, State.ROTATION_DUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One case of asking for root access.

    ``digest`` is that of the signed statement; ``roster`` and ``manifest`` are digests, so nothing
    changes under it. ``released_seq`` is the leaf index of the release, ``due_seq`` that since
    which a new password is due: the release's, or that of the last review that said it was not
    changed. ``reviewed`` are the groups that have looked at what happened in this round,
    ``reviewers`` the people who did. ``revision`` moves on every save.
    """

    id: str
    digest: str
    account: str
    roster: str
    manifest: str
    requester: str
    recipient_key: bytes
    task: str
    task_text: str
    reason: str
    ticket: str
    lifetime: int
    window: int
    drill: bool
    offline: bool
    entered_at: datetime
    state: State = State.PENDING
    released_at: datetime | None = None
    released_seq: int = -1
    due_seq: int = -1
    summarised: bool = False
    reviewed: frozenset[GroupName] = field(default_factory=frozenset)
    reviewers: frozenset[str] = field(default_factory=frozenset)
    decisions: tuple[Decision, ...] = ()
    revision: int = 0

    @property
    def expires_at(self) -> datetime:
        """The first instant at which the request is no longer alive."""
        return self.entered_at + timedelta(seconds=self.lifetime)

    @property
    def window_ends_at(self) -> datetime | None:
        """The first instant at which nothing is handed out any more, once released."""
        if self.released_at is None:
            return None
        return self.released_at + timedelta(seconds=self.window)

    def after(self, step: Step) -> State:
        """The state to which ``step`` leads.

        Raises:
            WrongStateError: it leads nowhere from here.
        """
        table = DRILL_TRANSITIONS if self.drill else TRANSITIONS
        try:
            return table[self.state, step]
        except KeyError:
            raise wrong_state(self) from None

    def moved(self, step: Step) -> "Request":
        """The request after ``step``; a round of reviews starts empty."""
        after = replace(self, state=self.after(step))
        if step in {Step.ROTATE, Step.NOT_ROTATED}:
            return replace(after, reviewed=frozenset(), reviewers=frozenset())
        return after

    @classmethod
    def from_payload(
        cls, payload: Mapping[str, Any], digest: str, *, recipient_key: bytes, entered_at: datetime
    ) -> "Request":
        """Build from a payload whose keys and types were checked."""
        names = ("account", "roster", "manifest", "requester", "task", "task_text", "reason")
        numbers = ("ticket", "lifetime", "window", "drill", "offline")
        return cls(
            id=payload["request"],
            digest=digest,
            recipient_key=recipient_key,
            entered_at=entered_at,
            **{name: payload[name] for name in names + numbers},
        )


def fits_clock(signed_at: datetime, entered_at: datetime) -> bool:
    """Return whether a request's signed time lies within ten minutes of its entry."""
    return abs(signed_at - entered_at) <= CLOCK_SLACK


def wrong_state(request: Request) -> errors.Refusal:
    """The refusal for an act that the request's state does not take."""
    if request.state is State.EXPIRED:
        return errors.ExpiredError()
    return errors.WrongStateError(f"the request is {plain(request.state.value)}")
