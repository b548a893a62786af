"""A custodian's own share: confirming that it opens, and having it on paper."""

from flask import Blueprint

from service.domain import errors
from service.usecases import accounts
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.web.pages.standing import group_in, newest

bp = Blueprint("pages_custody", __name__)


@bp.get("/accounts/<account:account>/confirm")
@requires(Role.PERSON)
@page("confirm")
def confirm(account: str) -> Values:
    """Open my share of the newest envelope, and sign that it opens."""
    return _share(account)


@bp.get("/accounts/<account:account>/paper")
@requires(Role.PERSON)
@page("paper")
def paper(account: str) -> Values:
    """Print my share as words; this is announced."""
    return _share(account)


def _share(account: str) -> Values:
    detail = accounts.show(ctx(), caller(), account)
    group = group_in(detail)
    if not detail.newest:
        raise errors.NoEnvelopeError
    called = {person: member.name for person, member in newest(account).members.items()}
    missing = [
        called.get(person, "somebody of an older roster") for person in detail.missing_receipts
    ]
    return {"detail": detail, "group": group, "missing": missing}
