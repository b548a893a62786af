"""Who I am here: my keys' words, my key slots, and where I am signed in."""

from flask import Blueprint

from crypto.encoding import b64decode
from crypto.identity import PublicKeys
from service.usecases import people, sessions
from service.web.access import Role, requires
from service.web.current import caller, ctx
from service.web.page import Values, page
from service.wire.people import Person

bp = Blueprint("pages_me", __name__)


@bp.get("/me")
@requires(Role.PERSON)
@page("me")
def show() -> Values:
    """My keys, slots and sessions."""
    found = people.me(ctx(), caller())
    return {
        "person": found,
        "words": words(found),
        "sessions": sessions.mine(ctx(), caller()).sessions,
    }


def words(person: Person) -> tuple[str, ...]:
    """The eight words of a person's keys; none before they have enrolled."""
    if not person.fingerprint:
        return ()
    keys = PublicKeys(
        encryption_key=b64decode(person.encryption_key), signing_key=b64decode(person.signing_key)
    )
    return tuple(keys.words)
