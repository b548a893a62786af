"""What the rules refuse.

``code`` is part of the API: clients match on it, so a code never changes its meaning. The message
is for the person who caused the refusal and may change. Neither ever contains a share, a key or a
password.
"""

from typing import ClassVar


class Refusal(Exception):
    """Base of every refusal. Safe to show to the signed-in person who caused it."""

    code: ClassVar[str] = "refused"
    default: ClassVar[str] = "the service refuses this"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.default)

    @property
    def message(self) -> str:
        """The sentence for people."""
        return str(self)


class NotFoundError(Refusal):
    """No such thing, or none that this person may see; we do not say which."""

    code = "not-found"
    default = "there is no such thing here, or you may not see it"


class NotAllowedError(Refusal):
    """The person's role does not permit the act."""

    code = "not-allowed"
    default = "your role does not permit this"


class WrongStateError(Refusal):
    """The thing is in a state from which the act leads nowhere."""

    code = "wrong-state"


class ConflictError(Refusal):
    """Somebody else changed the same row first; load it again and decide again."""

    code = "conflict"
    default = "somebody else changed this at the same moment; look again and repeat"


class ReplayedError(Refusal):
    """These exact signed bytes, or the id in them, were received before."""

    code = "replayed"
    default = "this statement was received before"


class ExpiredError(Refusal):
    """The request's lifetime is over; time decides on read."""

    code = "expired"
    default = "the request has expired; ask again"


class WindowOverError(Refusal):
    """The release window is over: nothing is handed out any more."""

    code = "window-over"
    default = "the window of this release is over"


class MismatchError(Refusal):
    """A signed field differs from the service's own fact. The subclasses name the field."""

    code = "mismatch"


class WrongAccountError(MismatchError):
    """The statement names another account."""

    code = "wrong-account"
    default = "the statement names another account"


class WrongEnvelopeError(MismatchError):
    """The statement names an envelope that is neither in force nor the newest unconfirmed one."""

    code = "wrong-envelope"
    default = "the statement names another envelope"


class WrongGroupError(MismatchError):
    """The statement names a group in which its signer does not stand."""

    code = "wrong-group"
    default = "the signer does not stand in that group"


class WrongRecipientError(MismatchError):
    """The recipient key was used by another request, or is not the one signed."""

    code = "wrong-recipient"
    default = "the recipient key belongs to another request"


class WrongRequestError(MismatchError):
    """The statement names another request."""

    code = "wrong-request"
    default = "the statement names another request"


class WrongPersonError(MismatchError):
    """The statement names a person who is not the one signed in."""

    code = "wrong-person"
    default = "the statement names somebody else"


class WrongVersionError(MismatchError):
    """``version`` is not the last plus one, or ``previous`` is not the last one's digest."""

    code = "wrong-version"
    default = "the version does not follow the newest one"


class WrongBlobError(MismatchError):
    """A blob's SHA-256 is not the digest that was signed, or a blob is missing or superfluous."""

    code = "wrong-blob"
    default = "a blob does not match the digest that was signed"


class WrongLengthError(MismatchError):
    """A resealed share is not as long as its kind must be; a drill demands exactly 133 bytes."""

    code = "wrong-length"
    default = "a resealed share has the wrong length"


class StaleRosterError(Refusal):
    """The statement was made under a roster that is not the newest."""

    code = "stale-roster"
    default = "this was made under an older roster; load the newest one and repeat"


class NotInRosterError(Refusal):
    """The signer is not named, in the needed part, by the roster that counts."""

    code = "not-in-roster"
    default = "the account's roster does not name you for this"


class NoRosterError(Refusal):
    """The account has no roster that custodians have signed."""

    code = "no-roster"
    default = "the account has no signed roster yet"


class NoEnvelopeError(Refusal):
    """Nothing is sealed for the account."""

    code = "no-envelope"
    default = "nothing is sealed for this account yet"


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
    default = "this was confirmed before"


class ReasonNeededError(Refusal):
    """A request, a denial and a cancellation need a reason."""

    code = "reason-needed"
    default = "give a reason"


class PolicyError(Refusal):
    """A number lies outside the bounds of the roster's policy or of the protocol."""

    code = "policy"


class RosterRuleError(Refusal):
    """The draft breaks a rule of who may stand where. The subclasses name the rule."""

    code = "roster-rule"


class BothGroupsError(RosterRuleError):
    """One person stands in both groups, and could release alone with one more person of each."""

    code = "both-groups"
    default = "nobody may stand in both groups"


class ThresholdError(RosterRuleError):
    """Not 1 <= threshold <= members <= 16."""

    code = "threshold"
    default = "a group needs 1 to 16 members and a threshold from 1 to as many as it has"


class RequesterIsCustodianError(RosterRuleError):
    """A custodian of the account is also its requester."""

    code = "requester-is-custodian"
    default = "a custodian cannot be a requester of the same account"


class OperatorInRosterError(RosterRuleError):
    """An operator stands in the roster."""

    code = "operator-in-roster"
    default = "an operator cannot be a custodian, requester or sealer"


class AuditorInRosterError(RosterRuleError):
    """An auditor stands in the roster."""

    code = "auditor-in-roster"
    default = "an auditor cannot be a custodian, requester or sealer"


class DuplicatePersonError(RosterRuleError):
    """A key or a name stands twice."""

    code = "duplicate-person"
    default = "no key and no name may stand twice"


class PeopleMismatchError(RosterRuleError):
    """``people`` is not exactly those who are named, or a key is not the enrolled one."""

    code = "people-mismatch"
    default = "the people listed are not exactly those who are named, with their enrolled keys"


class StrandsEnvelopeError(RosterRuleError):
    """Too few custodians of the envelope in force would be left to open it."""

    code = "strands-envelope"
    default = (
        "this roster would leave too few custodians who hold a share; "
        "add people, seal anew, then remove"
    )


class TooFewSignersError(Refusal):
    """A roster without the signatures it needs."""

    code = "too-few-signers"
    default = "the roster lacks signatures that it needs"


class NotAwaitedError(Refusal):
    """The signer's signature is not among those the draft waits for."""

    code = "not-awaited"
    default = "this draft does not wait for your signature"


class NoQuorumError(Refusal):
    """Not enough valid approvals in both groups."""

    code = "no-quorum"
    default = "the quorum of both groups is not met"


class CircularChannelError(Refusal):
    """The account's notifications would go through the very account that is protected."""

    code = "circular-channel"
    default = "the SNS topic stands in the protected account itself; use a topic of another account"


class LastSlotError(Refusal):
    """The last slot, and the phrase of a person in a roster, can be replaced and not removed."""

    code = "last-slot"
    default = "this key slot can be replaced, not removed"


class TakenError(Refusal):
    """A key, an e-mail address or an account is in use by somebody else."""

    code = "taken"
    default = "this is in use already"


class ClockBehindError(Refusal):
    """The clock is more than five minutes behind the last event: writing stops."""

    code = "clock-behind"
    default = (
        "the service's clock is more than five minutes behind its log; "
        "an operator must mend it or run 'breakglass-ops clock accept'"
    )


class SlotKindError(Refusal):
    """Only recovery phrases are taken: nothing here could sign in with another kind of slot."""

    code = "slot-kind"
    default = "only a recovery phrase can be a key slot here"


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


class BusyRefusalError(Refusal):
    """Other writers kept their locks for too long; nothing was done."""

    code = "busy"
    default = "the service is busy; nothing was done, try again"
