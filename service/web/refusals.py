"""What the HTTP edge itself refuses, before a use case has been asked."""

from service.domain.errors import Refusal


class MalformedCallError(Refusal):
    """Body or query is not exactly what the route takes."""

    code = "malformed"
    default = "the call does not have the form that the route takes"


class UnknownSuiteError(Refusal):
    """A statement of a suite that this release does not have."""

    code = "unknown-suite"
    default = "this statement is of an unknown suite: a newer release is needed"


class WrongMediaTypeError(Refusal):
    """The body is not declared as plain ``application/json``."""

    code = "wrong-media-type"
    default = "send application/json, in UTF-8, without compression"


class TooLargeError(Refusal):
    """The body is larger than the limit, declared or not."""

    code = "too-large"
    default = "the body is larger than 256 KiB"


class ForbiddenOriginError(Refusal):
    """A page of another site sent the call, or a cookie came without an ``Origin``."""

    code = "forbidden-origin"
    default = "the call does not come from a page of this service"


class WrongHostError(Refusal):
    """``Host`` names another host: a rebound name, or a proxy that is not set up."""

    code = "wrong-host"
    default = "this service does not answer under that name; see BREAKGLASS_URL"


class MethodNotAllowedError(Refusal):
    """The route exists and does not take this method."""

    code = "method-not-allowed"
    default = "this route does not allow that method"


class LogNotSignedError(Refusal):
    """The log's signer will not sign: what is wrong is a finding for the operator."""

    code = "log-not-signed"
    default = "the log cannot be signed at the moment; an operator must run 'breakglass-ops status'"


class InternalError(Refusal):
    """Our own fault. The answer says nothing more; the log has the place in the code."""

    code = "internal"
    default = "the service failed; its log says where"
