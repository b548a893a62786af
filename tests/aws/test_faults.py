"""What an answer of SNS means: each code of the documentation, and what nobody has heard of."""

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
    SSLError,
)

from service.aws.notices.channel import ChannelFault, PermanentFault, TransientFault
from service.aws.notices.faults import PASSING, PERMANENT, fault_of


def answer(code: str, status: int = 400) -> ClientError:
    error = {"Code": code, "Message": "CANARY"}
    return ClientError(
        {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}},
        "Publish",
    )


PASS = [
    ("InternalError", 500),
    ("ServiceUnavailable", 503),
    ("Throttled", 429),
    ("Throttled", 400),
    ("Throttling", 400),
    ("ThrottledException", 400),
    ("KMSThrottling", 400),
    ("RequestTimeout", 408),
    ("503", 503),
    ("InvalidParameter", 500),  # an error of theirs, whatever it is called
]
MEND = [
    ("ExpiredToken", 403),
    ("RequestExpired", 400),
    ("KMSDisabled", 400),
    ("KMSInvalidState", 400),
    ("SomethingOfNextYear", 400),
    ("403", 403),
]
PARK = [
    ("AuthorizationError", 403),
    ("InvalidParameter", 400),
    ("ParameterValueInvalid", 400),
    ("InvalidParameterValue", 400),
    ("NotFound", 404),
    ("InvalidClientTokenId", 403),
    ("SignatureDoesNotMatch", 403),
    ("InvalidSecurity", 403),
    ("KMSAccessDenied", 400),
    ("KMSNotFound", 400),
    ("KMSOptInRequired", 403),
    ("EndpointDisabled", 400),
    ("ValidationException", 400),
]


def judged(fault: ChannelFault) -> tuple[type[ChannelFault], str, bool]:
    return type(fault), fault.code, fault.alarm


@pytest.mark.parametrize(("code", "status"), PASS)
def test_what_passes_by_itself_waits_quietly(code: str, status: int) -> None:
    assert judged(fault_of(answer(code, status))) == (TransientFault, code, False)


@pytest.mark.parametrize(("code", "status"), MEND)
def test_what_an_operator_can_mend_or_nobody_knows_waits_with_an_alarm(
    code: str, status: int
) -> None:
    assert judged(fault_of(answer(code, status))) == (TransientFault, code, True)


@pytest.mark.parametrize(("code", "status"), PARK)
def test_what_stays_until_somebody_acts_is_permanent(code: str, status: int) -> None:
    assert judged(fault_of(answer(code, status))) == (PermanentFault, code, True)


def test_no_code_stands_in_two_lists() -> None:
    assert not PERMANENT & PASSING


URL = "https://sns.example/?token=CANARY"


@pytest.mark.parametrize(
    ("error", "alarm"),
    [
        (EndpointConnectionError(endpoint_url=URL, error="CANARY"), False),
        (ConnectTimeoutError(endpoint_url=URL), False),
        (ReadTimeoutError(endpoint_url=URL), False),
        (ConnectionClosedError(endpoint_url=URL), False),
        (SSLError(endpoint_url=URL, error="CANARY"), True),
        (NoCredentialsError(), True),
    ],
)
def test_no_answer_is_transient(error: Exception, alarm: bool) -> None:
    assert isinstance(error, Exception)
    fault = fault_of(error)
    assert judged(fault) == (TransientFault, type(error).__name__, alarm)


def test_a_call_that_the_sdk_refuses_to_make_is_permanent() -> None:
    assert isinstance(fault_of(ParamValidationError(report="CANARY")), PermanentFault)


@pytest.mark.parametrize("code", ["", "two words", "x" * 81, "a\nb", "CANARY!"])
def test_a_code_that_is_no_word_is_not_repeated(code: str) -> None:
    fault = fault_of(answer(code))
    assert judged(fault) == (TransientFault, "Unreadable", True)
    assert str(fault) == "Unreadable"
