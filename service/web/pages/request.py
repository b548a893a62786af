"""One request: who asks for what, who has said what, and what comes next."""

from collections.abc import Mapping, Sequence

from flask import Blueprint

from service.domain.errors import NotAllowedError, NotFoundError
from service.domain.request import COLLECTING, State
from service.domain.words import one_line
from service.usecases import accounts, requests
from service.usecases.able import new_keys
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, now, page
from service.web.pages import life, progress
from service.web.pages.words import spaced
from service.wire.requests import RequestDetail, RequestSummary

bp = Blueprint("pages_request", __name__)


@bp.get("/requests/<id:request>")
@requires(Role.PERSON)
@page("request")
def show(request: str) -> Values:
    """A request, and what the person who looks may do about it."""
    detail = requests.show(ctx(), caller(), request)
    me, known = caller().person, life.steps(detail)
    lost = new_keys(ctx(), detail.account)
    return {
        "detail": detail,
        "heading": heading(detail),
        "waits": progress.waiting_for(detail),
        "columns": progress.columns(detail, known, me, lost),
        "line": life.line(detail, known, now()),
        "steps": [(step, life.in_words(step, detail.names)) for step in known],
        "may": (set() if me in lost else may(detail, known, me)) | _may_seal(detail),
        "word": progress.my_word(known, me),
        "mine": detail.requester == me,
        "signed": asked(detail),
    }


@bp.get("/requests/<id:request>/release")
@requires(Role.PERSON)
@page("release")
def release(request: str) -> Values:
    """Where the requester opens what the quorum hands over.

    Raises:
        NotAllowedError: someone else's request.
    """
    detail = requests.show(ctx(), caller(), request)
    if detail.requester != caller().person:
        raise NotAllowedError
    return {
        "detail": detail,
        "name": name_of(detail),
        "signed": asked(detail),
        "seals": "seal" in _may_seal(detail, State.APPROVED, State.RELEASED),
    }


def asked(detail: RequestDetail) -> Mapping[str, object]:
    """What the requester's statement says, as the service has it."""
    return life.payload(detail.request)


def name_of(detail: RequestSummary) -> str:
    """The account's name, or its id."""
    return one_line(detail.account_name) or spaced(detail.account)


def heading(detail: RequestSummary) -> str:
    """The one thing to know about a request, in one sentence."""
    who, where = one_line(detail.requester_name or detail.requester), name_of(detail)
    if detail.drill:
        if detail.state in COLLECTING:
            return f"{who} asks for a drill of {where}"
        return f"A drill of {where}, asked for by {who}"
    words = {
        State.PENDING: f"{who} asks to be root of {where}",
        State.APPROVED: f"{who} may be root of {where}",
        State.RELEASED: f"{who} is root of {where}",
        State.ROTATION_DUE: f"The root password of {where} must be changed",
        State.REVIEW_DUE: f"Both groups are to look at what {who} did in {where}",
        State.CLOSED: f"{who} was root of {where}",
        State.DENIED: f"{who} asked to be root of {where}, and was denied",
        State.CANCELLED: f"{who} asked to be root of {where}, and took it back",
        State.EXPIRED: f"{who} asked to be root of {where}; time ran out",
    }
    return words[State(detail.state)]


def may(detail: RequestDetail, known: Sequence[life.Step], me: str) -> set[str]:
    """What this person may do about the request now, as far as the service knows."""
    group = progress.my_group(detail, me)
    if detail.requester == me:
        return _requester_may(detail, known)
    if group and detail.state in COLLECTING:
        return {"approve", "deny"} - {progress.my_word(known, me)}
    if group and detail.state == State.REVIEW_DUE and not progress.reviewed(known, group):
        return {"review"}
    return set()


def _requester_may(detail: RequestDetail, known: Sequence[life.Step]) -> set[str]:
    closed = any(step.kind == "closure" for step in known)
    found = {
        State.PENDING: {"cancel", "again"},
        State.APPROVED: {"cancel", "again", "release"},
        State.RELEASED: {"release"},
        State.ROTATION_DUE: set() if closed else {"close"},
        State.DENIED: {"again"},
        State.CANCELLED: {"again"},
        State.EXPIRED: {"again"},
    }
    return found.get(State(detail.state), set())


def _may_seal(detail: RequestDetail, *states: State) -> set[str]:
    """Whether the caller seals the account's next password, asked only where one is due."""
    if detail.state not in (states or {State.ROTATION_DUE}) or detail.drill:
        return set()
    try:
        found = accounts.show(ctx(), caller(), detail.account)
    except NotFoundError:  # they have left the account since
        return set()
    return {"seal"} if "sealer" in found.roles else set()
