"""What an answer of Amazon SNS means for a notice: wait and retry, or someone must act.

Judged by the error code and the HTTP status, not by the exception's class: several codes surface
as a plain ``ClientError``. The SDK itself does not repeat ``KMSThrottling`` in any mode, so the
queue must. What is not known counts as transient, with an alarm: no notice is given up for a word
that is new.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    ParamValidationError,
    SSLError,
)
from botocore.exceptions import (
    ConnectionError as ConnectionFault,
)

from service.aws.notices.channel import ChannelFault, PermanentFault, TransientFault

PERMANENT = frozenset(
    {
        "AuthorizationError",
        "EndpointDisabled",
        "InvalidClientTokenId",
        "InvalidParameter",
        "InvalidParameterValue",
        "InvalidSecurity",
        "KMSAccessDenied",
        "KMSNotFound",
        "KMSOptInRequired",
        "NotFound",
        "ParameterValueInvalid",
        "SignatureDoesNotMatch",
        "ValidationError",
        "ValidationException",
    }
)
# Pass by themselves. Any answer of 429 or 5xx does too, whatever its code.
PASSING = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "KMSThrottling",
        "RequestTimeout",
        "ServiceUnavailable",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
    }
)


def fault_of(error: BotoCoreError | ClientError) -> ChannelFault:
    """Name the fault. The error's own message is left behind."""
    if isinstance(error, ClientError):
        return _answered(error.response)
    code = type(error).__name__
    if isinstance(error, ParamValidationError):
        return PermanentFault(code)
    # No connection or no answer in time passes; bad TLS or no credentials is for an operator.
    passing = isinstance(error, ConnectionFault | HTTPClientError)
    return TransientFault(code, alarm=not passing or isinstance(error, SSLError))


def _answered(response: Mapping[str, Any]) -> ChannelFault:
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return TransientFault(code)
    if code in PERMANENT:
        return PermanentFault(code)
    # What passes once an operator has mended a key, the credentials or the clock (KMSDisabled,
    # ExpiredToken, RequestExpired), and what is unknown: raise it at once.
    return TransientFault(code, alarm=code not in PASSING)
