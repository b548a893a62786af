"""Refusals of acts on envelopes and requests, and of the service as a whole."""

from service.domain.errors.base import Refusal


class NotFoundError(Refusal):
    """No such thing, or none that this person may see; we do not say which."""

    code = "not-found"
    default = "this does not exist, or you may not see it"


class NotAllowedError(Refusal):
    """The person's role does not permit the act."""

    code = "not-allowed"
    default = "your role does not permit this"


class WrongStateError(Refusal):
    """The thing is in a state from which the act leads nowhere."""

    code = "wrong-state"


class ConflictError(Refusal):
    """Someone else changed the same row first; load it again and decide again."""

    code = "conflict"
    default = "someone else changed this at the same time; reload it and try again"


class ReplayedError(Refusal):
    """These exact signed bytes, or the id in them, were received before."""

    code = "replayed"
    default = "this statement was already received"


class ExpiredError(Refusal):
    """The request's lifetime is over; time decides on read."""

    code = "expired"
    default = "the request has expired; ask again"


class WindowOverError(Refusal):
    """The release window is over: nothing is handed out any more."""

    code = "window-over"
    default = "the release window is over"


class TooManyReportsError(Refusal):
    """Three reports already say that this envelope was opened with papers."""

    code = "too-many-reports"
    default = "three reports already say that this password was opened with papers; change it"


class NoEnvelopeError(Refusal):
    """Nothing is sealed for the account."""

    code = "no-envelope"
    default = "no password is sealed for this account yet"


class SelfApprovalError(Refusal):
    """The requester never counts toward the quorum."""

    code = "self-approval"
    default = "you cannot decide on your own request"


class AlreadyDecidedError(Refusal):
    """The custodian's last word on this request is the same already."""

    code = "already-decided"
    default = "you have already given this decision"


class AlreadyConfirmedError(Refusal):
    """The custodian's receipt for this envelope, or review in this round, is there already."""

    code = "already-confirmed"
    default = "this is already confirmed"


class ReasonNeededError(Refusal):
    """A request and a denial need a reason; a task 'other' needs its words."""

    code = "reason-needed"
    default = "give a reason"


class PolicyError(Refusal):
    """A number lies outside the bounds of the roster's policy or of the protocol."""

    code = "policy"


class NotSuccessorError(Refusal):
    """A requester seals what does not follow their own release; the message names the rule."""

    code = "not-successor"
    default = "a requester seals only the password that follows their own release"


class NoQuorumError(Refusal):
    """Not enough valid approvals in both groups."""

    code = "no-quorum"
    default = "not enough approvals yet: both groups must reach their threshold"


class CircularChannelError(Refusal):
    """The account's notifications would go through the very account that is protected."""

    code = "circular-channel"
    default = "the SNS topic is in the protected account itself; use a topic in another account"


class LineOrderError(Refusal):
    """A further line of an account whose line before it is not registered."""

    code = "line-order"
    default = "the lines of an account follow one another: the one before this is not registered"


class LineTooSoonError(Refusal):
    """A further line of an account that got one within the last seven days."""

    code = "line-too-soon"
    default = "this account got a further line within the last seven days; everyone is warned first"


class ClockBehindError(Refusal):
    """The clock is more than five minutes behind the last event: writing stops."""

    code = "clock-behind"
    default = (
        "the service's clock is more than five minutes behind its log; an operator must "
        "correct it or run 'breakglass-ops clock accept'"
    )


class BusyRefusalError(Refusal):
    """Other writers kept their locks for too long; nothing was done."""

    code = "busy"
    default = "the service is busy; nothing was done, try again"


class SharesLostError(Refusal):
    """Resealed shares lie under an at-rest key that the service no longer has."""

    code = "shares-lost"
    default = "the shares of this request can no longer be read; cancel it and ask again"


class TooManyActsError(Refusal):
    """One person did this too often within an hour; each time is announced."""

    code = "too-many-acts"
    default = (
        "you have done this too often within an hour, and each time is announced; try again later"
    )


class TooManyOpenError(Refusal):
    """The requester has five requests in the account that wait for approvals."""

    code = "too-many-open"
    default = "five of your requests already wait for approvals here; cancel one you do not need"
