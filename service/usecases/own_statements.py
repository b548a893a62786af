"""A person's own newest word on the log: for a device of theirs that has not seen it before."""

from sqlalchemy.orm import Session

from crypto.leaf import parse_leaf
from crypto.schema import HEADLESS
from crypto.statement import parse
from service.domain.events import ACTIONS
from service.storage import last_acts, people
from service.usecases.signing import dsse
from service.wire.base import Dsse

_NAMING = frozenset(
    action
    for action, about in ACTIONS.items()
    if about.statement and about.statement not in HEADLESS
)


def newest_with_head(session: Session, person: str) -> Dsse | None:
    """Return the person's newest statement in the log that names a head of it, if there is one.

    Only what they signed with the keys that they have now: another they could not verify.
    """
    keyid = people.keys_of(session, person).keyid
    for leaf in last_acts.newest_leaves(session, person, _NAMING):
        statement = parse(parse_leaf(leaf).statement)
        named = statement.payload["log_size"] > 0
        if named and statement.signatures[0].keyid == keyid:
            return dsse(statement)
    return None
