"""A draft that a service changes on its way, and the words of the true one."""

import json
from collections.abc import Callable
from typing import Any

from crypto.encoding import b64decode, b64encode, canonical, parse_canonical, parse_time
from crypto.identity import Identity
from crypto.spoken import roster_words
from crypto.statement import sign, unsigned
from tests.cast import ACCOUNT

ROSTERS = f"/accounts/{ACCOUNT}/rosters"


SIGN = ("roster", "sign", ACCOUNT)


def redrafted(change: Callable[[dict[str, Any]], object]) -> Callable[[Any], Any]:
    """A lie: the draft says something else, and its digest fits.

    ``change`` may return identities that the changed draft names.
    """

    def lie(shown: Any) -> Any:
        payload = parse_canonical(b64decode(shown["draft"]["payload"]))
        brought = change(payload) or []
        assert isinstance(brought, list)
        body = canonical(payload)
        digest = unsigned("roster", body).digest
        return shown | {
            "identities": [*shown["identities"], *brought],
            "draft": shown["draft"] | {"payload": b64encode(body), "digest": digest},
        }

    return lie


def keys_of_mallory(name: str) -> Callable[[dict[str, Any]], list[Any]]:
    def change(payload: dict[str, Any]) -> list[Any]:
        mallory = Identity.generate()
        entry = next(entry for entry in payload["people"] if entry["name"] == name)
        fields = {
            "person": entry["person"],
            "encryption_key": b64encode(mallory.public.encryption_key),
            "signing_key": b64encode(mallory.public.signing_key),
        }
        statement = sign("identity", fields, identity=mallory, at=parse_time(payload["at"]))
        entry["identity"] = statement.digest
        return [json.loads(statement.raw)]

    return change


def words(digest: str) -> str:
    return " ".join(roster_words(digest))
