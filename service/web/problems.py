"""One table from refusals to HTTP: problem documents (RFC 9457) for programs, pages for people."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from crypto.errors import MalformedError, UnknownSuiteError, VerificationError
from service.domain import errors, tasks
from service.storage import errors as storage
from service.web import lines, refusals, shell
from service.web.page import render_refusal, wants_page
from service.wire.base import Problem

MEDIA_TYPE = "application/problem+json"

_ROWS: Mapping[HTTPStatus, tuple[type[errors.Refusal], ...]] = {
    HTTPStatus.BAD_REQUEST: (refusals.MalformedCallError, refusals.UnknownSuiteError),
    HTTPStatus.UNAUTHORIZED: (errors.NotSignedInError, errors.SignInFailedError),
    HTTPStatus.FORBIDDEN: (
        errors.NotAllowedError,
        errors.NotInRosterError,
        errors.SelfApprovalError,
        errors.WrongPersonError,
        errors.StaleSessionError,
        refusals.ForbiddenOriginError,
    ),
    HTTPStatus.NOT_FOUND: (errors.BadLinkError, errors.NotFoundError),
    HTTPStatus.METHOD_NOT_ALLOWED: (refusals.MethodNotAllowedError,),
    HTTPStatus.CONFLICT: (
        errors.AlreadyConfirmedError,
        errors.AlreadyDecidedError,
        errors.ConflictError,
        errors.ExpiredError,
        errors.TooManyOpenError,
        errors.TooManyReportsError,
        errors.LastOperatorError,
        errors.LastSlotError,
        errors.LineOrderError,
        errors.LineRetiredError,
        errors.LineTooSoonError,
        errors.NoEnvelopeError,
        errors.NoQuorumError,
        errors.NoRosterError,
        errors.NotAwaitedError,
        errors.NotSuccessorError,
        errors.ReplayedError,
        errors.StaleRosterError,
        errors.StrandsEnvelopeError,
        errors.TakenError,
        errors.TooFewSignersError,
        errors.WindowOverError,
        errors.WrongStateError,
        errors.WrongVersionError,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (refusals.TooLargeError,),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (refusals.WrongMediaTypeError,),
    HTTPStatus.MISDIRECTED_REQUEST: (refusals.WrongHostError,),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        errors.AuditorInRosterError,
        errors.BadPasskeyError,
        errors.BothGroupsError,
        errors.CircularChannelError,
        errors.ClockDiffersError,
        errors.DuplicatePersonError,
        errors.IdentityMissingError,
        errors.LogForkedError,
        errors.OperatorInRosterError,
        errors.PeopleMismatchError,
        errors.PolicyError,
        errors.ReasonNeededError,
        errors.RequesterIsCustodianError,
        errors.RetiringChangesError,
        errors.RosterTooLongError,
        errors.SlotKindError,
        errors.ThresholdError,
        tasks.UnknownTaskError,
        errors.WrongAccountError,
        errors.WrongBlobError,
        errors.WrongEnvelopeError,
        errors.WrongGroupError,
        errors.WrongLengthError,
        errors.WrongLogKeyError,
        errors.WrongRecipientError,
        errors.WrongRequestError,
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (errors.RateLimitedError, errors.TooManyActsError),
    HTTPStatus.INTERNAL_SERVER_ERROR: (refusals.InternalError,),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        errors.BusyRefusalError,
        errors.ClockBehindError,
        errors.SharesLostError,
        refusals.LogNotSignedError,
    ),
}
STATUS: Mapping[type[errors.Refusal], HTTPStatus] = {
    refusal: status for status, row in _ROWS.items() for refusal in row
}


def status_of(refusal: errors.Refusal) -> HTTPStatus:
    """The refusal's row. What the table does not know is our own fault: 500."""
    return STATUS.get(type(refusal), HTTPStatus.INTERNAL_SERVER_ERROR)


def problem(status: HTTPStatus, code: str, detail: str) -> Response:
    """A problem document; ``code`` is also noted for the log line and the counters."""
    g.code = code
    if status is HTTPStatus.NOT_FOUND and shell.is_page_address():
        return shell.respond(status)
    if wants_page():
        return _page(status, code, detail)
    document = Problem(
        type=f"urn:breakglass:{code}",
        title=code.replace("-", " "),
        status=status.value,
        detail=detail,
    )
    response = Response(document.model_dump_json(), status=status.value, content_type=MEDIA_TYPE)
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _page(status: HTTPStatus, code: str, detail: str) -> Response:
    """The same refusal for people; a user who is not signed in is led to sign in."""
    if code == errors.NotSignedInError.code and request.method in {"GET", "HEAD"}:
        wanted = request.full_path.removesuffix("?")
        location = f"/sign-in?{urlencode({'next': wanted})}"
        return Response(status=HTTPStatus.SEE_OTHER.value, headers={"Location": location})
    return render_refusal(status, code, detail)


def refuse(refusal: errors.Refusal) -> Response:
    """The refusal's own sentence, or nothing at all where it has no row."""
    status = status_of(refusal)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return fail(refusal)
    return problem(status, refusal.code, refusal.message)


def fail(fault: Exception) -> Response:
    """500 that says nothing. The log gets the fault's type and place, never its arguments."""
    lines.fault(fault)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        refusals.InternalError.code,
        refusals.InternalError.default,
    )


# What Flask and Werkzeug raise by themselves; everything else of theirs is malformed or our fault.
_RAISED: Mapping[int, type[errors.Refusal]] = {
    HTTPStatus.NOT_FOUND: errors.NotFoundError,
    HTTPStatus.METHOD_NOT_ALLOWED: refusals.MethodNotAllowedError,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: refusals.TooLargeError,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: refusals.WrongMediaTypeError,
}


def _http(raised: HTTPException) -> Response:
    if raised.code is None or not 400 <= raised.code < 500:  # noqa: PLR2004 - RFC 9110, 15.5
        return fail(raised)
    response = refuse(_RAISED.get(raised.code, refusals.MalformedCallError)())
    if isinstance(raised, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(raised.valid_methods or ()))
    return response


def _malformed(error: MalformedError) -> Response:
    return refuse(refusals.MalformedCallError(str(error)))


def _unknown_suite(_: UnknownSuiteError) -> Response:
    return refuse(refusals.UnknownSuiteError())


def _bad_signature(error: VerificationError) -> Response:
    return problem(HTTPStatus.FORBIDDEN, "bad-signature", str(error))


def _busy(_: storage.BusyError) -> Response:
    return refuse(errors.BusyRefusalError())


def _not_signed(error: storage.StorageError) -> Response:
    lines.fault(error)
    return refuse(refusals.LogNotSignedError())


def register(app: Flask) -> None:
    """Answer everything that is raised with a problem document."""
    app.register_error_handler(errors.Refusal, refuse)
    app.register_error_handler(UnknownSuiteError, _unknown_suite)
    app.register_error_handler(MalformedError, _malformed)
    app.register_error_handler(VerificationError, _bad_signature)
    app.register_error_handler(storage.BusyError, _busy)
    for fault in (storage.SignerError, storage.LogDamagedError, storage.LogMissingError):
        app.register_error_handler(fault, _not_signed)
    app.register_error_handler(HTTPException, _http)
    # Without this one Flask would write the traceback, with whatever the error holds, to the log.
    app.register_error_handler(Exception, fail)
