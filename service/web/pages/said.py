"""What a signed statement says, for pages that show several of them again and again."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from crypto.encoding import b64decode, parse_canonical
from crypto.statement import unsigned
from service.domain.people import Identities, IdentityKeys
from service.domain.roster import Roster
from service.wire.base import Dsse


@lru_cache(maxsize=1024)
def said(payload: str) -> Mapping[str, Any]:
    """Read a payload as the API passes it on. The same text says the same for ever.

    Only what the service has stored is read here, after it was checked; no one changes the values.
    """
    found: Mapping[str, Any] = parse_canonical(b64decode(payload))
    return found


def rosters(chain: Sequence[Dsse], identities: Sequence[Dsse]) -> list[Roster]:
    """Rosters as the API passes them on, with the identities that they name."""
    known = _known(identities)
    signed = [unsigned("roster", b64decode(dsse.payload)) for dsse in chain]
    return [Roster.from_payload(one.payload, one.digest, known) for one in signed]


def _known(identities: Sequence[Dsse]) -> Identities:
    signed = [unsigned("identity", b64decode(dsse.payload)) for dsse in identities]
    return {one.digest: IdentityKeys.from_payload(one.payload) for one in signed}
