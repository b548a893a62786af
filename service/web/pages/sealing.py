"""Sealing an account's password."""

from flask import Blueprint

from service.domain.errors import NotInRosterError
from service.domain.roster import check_not_retired
from service.domain.successor import sealer_of
from service.usecases import accounts
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.web.pages.standing import newest

bp = Blueprint("pages_sealing", __name__)


@bp.get("/accounts/<account:account>/seal")
@requires(Role.PERSON)
@page("seal")
def seal(account: str) -> Values:
    """Seal a new password; for sealers, and where the roster lets them for requesters.

    Whether a requester has released anything is verified on their device, and at the act.
    """
    detail = accounts.show(ctx(), caller(), account)
    roster = newest(account)
    check_not_retired(roster)
    if sealer_of(roster, caller().person) is None:
        raise NotInRosterError("the account's roster does not name you as a sealer")
    return {
        "detail": detail,
        "rotating": len(detail.rotating),
        "both": "requester" in detail.roles,
    }
