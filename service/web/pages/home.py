"""Home: what waits for me, what is due, and the state of my accounts."""

from collections.abc import Mapping, Sequence

from flask import Blueprint

from service.domain.words import one_line
from service.usecases import accounts, home
from service.web import duty_words
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.web.pages import words

bp = Blueprint("pages_home", __name__)


@bp.get("/")
@requires(Role.PERSON)
@page("home")
def show() -> Values:
    """What waits for me."""
    found = home.due(ctx(), caller())
    mine = accounts.listing(ctx(), caller()).accounts
    asks = [one.account for one in mine if "requester" in one.roles and one.state != "no-roster"]
    return {
        "waiting": [duty_words.shape(duty) for duty in found.duties],
        "heading": heading(len(found.duties)),
        "warnings": warnings(
            duty_words.warnings(found.findings), {one.account: one.name for one in mine}
        ),
        "accounts": mine,
        "asks": asks[0] if len(asks) == 1 else "",
    }


def warnings(found: Sequence[tuple[str, str]], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong, each with the account's name instead of its number."""
    return [(one_line(names.get(id_) or words.spaced(id_)), said) for id_, said in found]


def heading(waiting: int) -> str:
    """How much waits, in one sentence."""
    if waiting == 0:
        return "Nothing waits for you"
    verb = "waits" if waiting == 1 else "wait"
    return words.sentence(f"{words.count(waiting, 'thing', 'things')} {verb} for you")
