"""Whatever goes wrong is a problem document with a stable code."""

from collections.abc import Iterator

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from crypto.errors import MalformedError, UnknownSuiteError, VerificationError
from service.domain import errors, tasks
from service.storage import errors as storage
from service.usecases.context import Context
from service.web import refusals
from service.web.access import Role, requires
from service.web.problems import STATUS, status_of
from tests.usecases.people.acts import rows
from tests.web.calling import PARAMETERS, Calls, code_of

CANARY = "canary-77aa"
_ = tasks, refusals  # they define refusals of their own


def below(refusal: type[errors.Refusal]) -> Iterator[type[errors.Refusal]]:
    for further in refusal.__subclasses__():
        yield further
        yield from below(further)


FAMILIES = {errors.MismatchError, errors.RosterRuleError}  # without a code: only raised as others
REFUSALS = sorted(set(below(errors.Refusal)) - FAMILIES, key=lambda refusal: refusal.__name__)


def test_every_refusal_has_its_row() -> None:
    assert set(STATUS) == {r for r in REFUSALS if r.__module__.startswith("service.")}


def test_a_family_of_refusals_has_members_and_no_code() -> None:
    assert {refusal for refusal in STATUS if "code" not in vars(refusal)} == set()
    for family in FAMILIES:
        assert family.code == errors.Refusal.code
        assert family.__subclasses__()
        assert status_of(family()) == 500


def test_no_code_stands_for_two_refusals() -> None:
    codes = [refusal.code for refusal in STATUS]
    assert len(codes) == len(set(codes))
    assert "bad-signature" not in codes


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: str(refusal.code))
def test_a_refusal_is_answered_with_its_code_and_sentence(
    app: Flask, calls: Calls, refusal: type[errors.Refusal]
) -> None:
    raised = refusal("a sentence")
    app.add_url_rule("/probe", "probe", requires(Role.PUBLIC)(raising(raised)))
    answer = calls("GET", "/probe")
    assert answer.status_code == STATUS[refusal]
    assert code_of(answer) == refusal.code
    assert answer.json is not None
    assert answer.json["title"] == refusal.code.replace("-", " ")
    if refusal is not refusals.InternalError:
        assert answer.json["detail"] == "a sentence"


def raising(error: Exception):  # type: ignore[no-untyped-def] # noqa: ANN201 - a view
    def view() -> str:
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (MalformedError("a sentence"), 400, "malformed"),
        (UnknownSuiteError(), 400, "unknown-suite"),
        (VerificationError("a sentence"), 403, "bad-signature"),
        (storage.BusyError(), 503, "busy"),
        (storage.KeyMissingError("log.key"), 503, "log-not-signed"),
        (storage.LogDamagedError(CANARY), 503, "log-not-signed"),
    ],
)
def test_what_is_below_the_edge_is_answered_too(
    app: Flask, calls: Calls, error: Exception, status: int, code: str
) -> None:
    app.add_url_rule("/probe", "probe", requires(Role.PUBLIC)(raising(error)))
    answer = calls("GET", "/probe")
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(CANARY),
        ValueError(CANARY),
        KeyError(CANARY),
        RecursionError(CANARY),
        OperationalError(CANARY, {"token": CANARY}, Exception(CANARY)),
        errors.Refusal(CANARY),
    ],
    ids=lambda error: type(error).__name__,
)
def test_our_own_fault_says_nothing(
    app: Flask,
    calls: Calls,
    error: Exception,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    app.add_url_rule("/probe", "probe", requires(Role.PUBLIC)(raising(error)))
    answer = calls("GET", "/probe")
    assert (answer.status_code, code_of(answer)) == (500, "internal")
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text
    printed = capsys.readouterr()
    assert CANARY not in printed.out + printed.err + caplog.text


def test_a_refusal_without_a_row_is_our_own_fault() -> None:
    class NewRefusal(errors.WrongStateError):
        pass

    assert status_of(NewRefusal()) == 500


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v1/people/me/",
        "/api/v1//people/me",
        "/api/v1/people/../people/me",
        "/static/x",
        "/api/v1/accounts/12345678901",
        "/api/v1/accounts/1234567890123",
        "/api/v1/accounts/١٢٣٤٥٦٧٨٩٠١٢",
        "/api/v1/requests/00000000-0000-4000-8000-00000000000A",
        "/api/v1/requests/00000000-0000-1000-8000-000000000000",
        "/api/v1/events/01/proof",
        "/api/v1/events/-1/proof",
        "/api/v1/accounts/111122223333%0a",
    ],
)
def test_an_unknown_path_is_a_problem_and_no_redirect(calls: Calls, path: str) -> None:
    answer = calls("GET", path, token=calls.enrol())
    assert (answer.status_code, code_of(answer)) == (404, "not-found")
    assert "Location" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_a_method_that_a_route_does_not_take_is_a_problem(calls: Calls, method: str) -> None:
    answer = calls(method, PARAMETERS)
    assert (answer.status_code, code_of(answer)) == (405, "method-not-allowed")
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "malformed"), (404, "not-found"), (418, "malformed"), (501, "internal")],
)
def test_what_the_framework_raises_is_a_problem(
    app: Flask, calls: Calls, status: int, code: str
) -> None:
    app.add_url_rule("/probe", "probe", requires(Role.PUBLIC)(lambda: abort(status)))
    assert code_of(calls("GET", "/probe")) == code


def test_a_refused_call_leaves_nothing_behind(ctx: Context, calls: Calls) -> None:
    token = calls.enrol()
    before = rows(ctx.database)
    calls("POST", "/api/v1/requests", token=token, body={"statement": 1})
    calls("POST", "/api/v1/accounts", token=token, body={"account": "1" * 12})
    calls("POST", "/api/v1/requests", body={})
    calls("POST", "/api/v1/requests", token=token, headers={"Host": "evil.example"}, body={})
    assert rows(ctx.database) == before
