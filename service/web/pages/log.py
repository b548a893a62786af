"""The log for those who check it: one entry with its proof, and the log itself."""

from collections.abc import Mapping

from flask import Blueprint

from service.usecases import accounts, cosigned, entries
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.web.pages.words import Tag

bp = Blueprint("pages_log", __name__)

# The state of a witness, as the service has it.
WITNESSES: Mapping[str, Tag] = {
    "cosigning": Tag("cosigns", "ok"),
    "waiting": Tag("not asked yet", "plain"),
    "silent": Tag("silent", "wait"),
    "refuses": Tag("refuses", "bad"),
}


@bp.get("/history/<leaf:seq>")
@requires(Role.PERSON)
@page("history_entry")
def entry(seq: int) -> Values:
    """One entry of the log; my device fetches its proof and verifies it."""
    return {
        "entry": entries.entry(ctx(), caller(), seq),
        "accounts": accounts.names(ctx(), caller()),
    }


@bp.get("/history/log")
@requires(Role.PERSON)
@page("history_log")
def log() -> Values:
    """The log's newest checkpoint, its key and its witnesses, and what I kept held against it."""
    return {"log": cosigned.log_head(ctx()), "states": WITNESSES}
