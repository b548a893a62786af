"""A requester's seal: every lie of ``tests.client.trust.test_lies_successor``."""

from tests.client.successors import TOLD, told
from tests.js.lies.case import Case, chained


def cases() -> list[Case]:
    found = []
    for name, changes, lie, code in TOLD:
        shown = told(changes, lie)
        given = chained(*shown.chain, manifest=shown.manifest, successor=shown.successor)
        found.append(Case(name, "verifyManifest", given, code))
    return found
