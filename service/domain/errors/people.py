"""Refusals at the door: links, sign-in, sessions, key slots."""

from service.domain.errors.base import Refusal


class BadLinkError(Refusal):
    """An enrolment link that is unknown, used, replaced or expired; we never say which."""

    code = "bad-link"
    default = "this enrolment link is not valid; ask an operator for a new one"


class SignInFailedError(Refusal):
    """An unknown address or a wrong phrase, an unknown passkey or a wrong answer: never which."""

    code = "sign-in-failed"
    default = "this e-mail address and recovery phrase do not match"


class BadPasskeyError(Refusal):
    """A new passkey's answer is not one to our challenge, from our page, by a verified user."""

    code = "bad-passkey"
    default = "this passkey's answer does not match the challenge; start again"


class RateLimitedError(Refusal):
    """Too many failures lately. What is right would still have been let in."""

    code = "rate-limited"
    default = "this is wrong, and there were too many failed attempts; wait 15 minutes"


class NotSignedInError(Refusal):
    """No session, or one that is over."""

    code = "not-signed-in"
    default = "sign in first"


class StaleSessionError(Refusal):
    """The act wants a session that was proven within the last five minutes."""

    code = "stale-session"
    default = "sign in again with your passkey or recovery phrase, then repeat this"


class LastSlotError(Refusal):
    """The last slot that unlocks, and the phrase of a person in a roster, are not removed."""

    code = "last-slot"
    default = "this key slot can be replaced, not removed"


class LastOperatorError(Refusal):
    """No operator would be left who can sign in."""

    code = "last-operator"
    default = "no operator would be left; enrol another one first"


class SlotKindError(Refusal):
    """Only a recovery phrase is replaced, and a slot is removed as what it is."""

    code = "slot-kind"
    default = "only a recovery phrase can be replaced; add another passkey, then remove the old one"


class TakenError(Refusal):
    """A key, a passkey, an e-mail address or an account is in use."""

    code = "taken"
    default = "this is already in use"
