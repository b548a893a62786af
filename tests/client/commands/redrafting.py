"""A draft that a service changes on its way, and the words of the true one."""

import json
from collections.abc import Callable
from typing import Any

from crypto.encoding import b64decode, b64encode, canonical, parse_canonical
from crypto.identity import Identity
from crypto.spoken import roster_words
from crypto.statement import Statement, sign, unsigned
from tests.cast import ACCOUNT, ENROLLED_AT

ROSTERS = f"/accounts/{ACCOUNT}/rosters"


SIGN = ("roster", "sign", ACCOUNT)


def redrafted(change: Callable[[dict[str, Any]], object]) -> Callable[[Any], Any]:
    """A lie: the draft says something else, and its digest fits."""

    def lie(shown: Any) -> Any:
        payload = parse_canonical(b64decode(shown["draft"]["payload"]))
        more = change(payload)
        body = canonical(payload)
        digest = unsigned("roster", body).digest
        draft = shown["draft"] | {"payload": b64encode(body), "digest": digest}
        brought = [json.loads(more.raw)] if isinstance(more, Statement) else []
        return shown | {"draft": draft, "identities": [*shown["identities"], *brought]}

    return lie


def keys_of_mallory(name: str) -> Callable[[dict[str, Any]], Statement]:
    """Someone's place, under an identity that Mallory made; the service brings that too."""

    def change(payload: dict[str, Any]) -> Statement:
        mallory = Identity.generate()
        entry = next(entry for entry in payload["people"] if entry["name"] == name)
        fields = {
            "person": entry["person"],
            "encryption_key": b64encode(mallory.public.encryption_key),
            "signing_key": b64encode(mallory.public.signing_key),
        }
        made_up = sign("identity", fields, identity=mallory, at=ENROLLED_AT)
        entry["identity"] = made_up.digest
        return made_up

    return change


def words(digest: str) -> str:
    return " ".join(roster_words(digest))
