"""Refusals of statements whose signed fields differ from the service's own facts."""

from service.domain.errors.base import Refusal


class MismatchError(Refusal):
    """A signed field differs from the service's own fact. The subclasses name the field."""


class WrongAccountError(MismatchError):
    """The statement names another account."""

    code = "wrong-account"
    default = "the statement names another account"


class WrongEnvelopeError(MismatchError):
    """The statement names an envelope that is neither in force nor the newest unconfirmed one."""

    code = "wrong-envelope"
    default = "the statement names another envelope"


class WrongGroupError(MismatchError):
    """The statement names a group that its signer is not in."""

    code = "wrong-group"
    default = "the signer is not in that group"


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
    default = "the statement names another person"


class ClockDiffersError(MismatchError):
    """The signed time of a request and the log's are more than ten minutes apart."""

    code = "clock-differs"
    default = "the request's signed time and the service's clock are more than ten minutes apart"


class LogForkedError(MismatchError):
    """A statement names a head of the log that this log never had."""

    code = "log-forked"
    default = (
        "the statement names a head that this log never had: your device was shown another log; "
        "keep it as it is, and warn the auditor and the other custodians"
    )


class WrongVersionError(MismatchError):
    """``version`` is not the last plus one, or ``previous`` is not the last one's digest."""

    code = "wrong-version"
    default = "the version does not follow the newest one"


class WrongBlobError(MismatchError):
    """A blob's SHA-256 is not the digest that was signed, or a blob is missing or superfluous."""

    code = "wrong-blob"
    default = "a blob does not match the signed digest"


class WrongLengthError(MismatchError):
    """A resealed share is not as long as its kind must be; a drill demands exactly 133 bytes."""

    code = "wrong-length"
    default = "a resealed share has the wrong length"
