"""Sealing an account's password."""

from flask import Blueprint

from service.web.access import Role, requires
from service.web.page import Values, page
from service.web.pages.standing import account_for

bp = Blueprint("pages_sealing", __name__)


@bp.get("/accounts/<account:account>/seal")
@requires(Role.PERSON)
@page("seal")
def seal(account: str) -> Values:
    """Seal a new password; for sealers."""
    detail = account_for(account, "sealer", "the account's roster does not name you as a sealer")
    return {
        "detail": detail,
        "rotating": len(detail.rotating),
        "both": "requester" in detail.roles,
    }
