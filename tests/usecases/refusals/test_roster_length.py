"""How long a draft may be: with the signature of everyone who may sign, it is still a roster."""

from typing import Any

from crypto import statement as statements
from crypto.statement import SIGNATURE_TEXT, Statement, size_limit
from tests.cast import CUSTODIANS, REQUESTER
from tests.usecases.refusals.conftest import refused
from tests.usecases.world import World

SIGNERS = (*CUSTODIANS, REQUESTER)  # everyone who is named


def filled(world: World, size: int) -> dict[str, Any]:
    """The changes of a draft with long names, and with an address of so many bytes."""
    people = world.roster_fields()["people"]
    return {
        "name": "\U0001f511" * 1000,
        "root_email": "\U0001f511" * (size // 4) + "x" * (size % 4),
        "people": [p | {"name": f"{n}" + "\U0001f511" * 900} for n, p in enumerate(people)],
    }


def unsigned(world: World, size: int) -> Statement:
    fields = world.roster_fields(**filled(world, size))
    return statements.unsigned("roster", statements.payload_body("roster", fields, world.clock()))


def test_a_draft_leaves_room_for_everyone_who_may_sign(ready: World) -> None:
    room = size_limit("roster") - len(SIGNERS) * SIGNATURE_TEXT
    longest = next(n for n in range(3990, 0, -1) if len(unsigned(ready, n).raw) <= room)
    refused(ready, "roster-too-long", lambda w: w.draft(**filled(w, longest + 1)))
    body = ready.draft(**filled(ready, longest)).body
    signed = [statements.sign_body("roster", body, ready.who(name).identity) for name in SIGNERS]
    assert len(statements.merge(signed).signatures) == len(SIGNERS)
