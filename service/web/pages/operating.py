"""The operator's page: people, accounts, and whether anyone outside is notified."""

from flask import Blueprint

from crypto.wordlist import words_of
from service.usecases import accounts, channels, people
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page

bp = Blueprint("pages_operating", __name__)


@bp.get("/operate")
@requires(Role.OPERATOR)
@page("operate")
def operate() -> Values:
    """Invite, register, and see what is not well."""
    everybody = people.everybody(ctx(), caller()).people
    found = channels.health(ctx(), caller())
    return {
        "people": everybody,
        "words": {
            person.person: words_of(bytes.fromhex(person.fingerprint))
            for person in everybody
            if person.fingerprint
        },
        "invited": sum(1 for person in everybody if not person.fingerprint),
        "accounts": accounts.listing(ctx(), caller()).accounts,
        "told": found.outside,
        "channels": found.channels,
    }
