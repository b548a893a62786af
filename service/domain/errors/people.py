"""Refusals at the door: links, sign-in, sessions, key slots."""

from service.domain.errors.base import Refusal


class BadLinkError(Refusal):
    """An enrolment link that is unknown, used, replaced or expired; we never say which."""

    code = "bad-link"
    default = "this enrolment link is not valid (any more); ask an operator for a new one"


class SignInFailedError(Refusal):
    """An unknown e-mail address or a wrong recovery phrase; we never say which."""

    code = "sign-in-failed"
    default = "this e-mail address and recovery phrase do not belong together"


class RateLimitedError(Refusal):
    """Too many failures lately. What is right would still have been let in."""

    code = "rate-limited"
    default = "this is wrong, and there were too many failures lately; wait a quarter of an hour"


class NotSignedInError(Refusal):
    """No session, or one that is over."""

    code = "not-signed-in"
    default = "sign in first"


class StaleSessionError(Refusal):
    """The act wants a session that was proven within the last five minutes."""

    code = "stale-session"
    default = "prove with your recovery phrase that it is you, and repeat"


class LastSlotError(Refusal):
    """The last slot, and the phrase of a person in a roster, can be replaced and not removed."""

    code = "last-slot"
    default = "this key slot can be replaced, not removed"


class SlotKindError(Refusal):
    """Only recovery phrases are taken: nothing here could sign in with another kind of slot."""

    code = "slot-kind"
    default = "only a recovery phrase can be a key slot here"


class TakenError(Refusal):
    """A key, an e-mail address or an account is in use by somebody else."""

    code = "taken"
    default = "this is in use already"
