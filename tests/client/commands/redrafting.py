"""A draft that a service changes on its way, and the words of the true one."""

from collections.abc import Callable
from typing import Any

from crypto.encoding import b64decode, b64encode, canonical, parse_canonical
from crypto.identity import Identity
from crypto.spoken import roster_words
from crypto.statement import unsigned
from tests.cast import ACCOUNT

ROSTERS = f"/accounts/{ACCOUNT}/rosters"


SIGN = ("roster", "sign", ACCOUNT)


def redrafted(change: Callable[[dict[str, Any]], object]) -> Callable[[Any], Any]:
    """A lie: the draft says something else, and its digest fits."""

    def lie(shown: Any) -> Any:
        payload = parse_canonical(b64decode(shown["draft"]["payload"]))
        change(payload)
        body = canonical(payload)
        digest = unsigned("roster", body).digest
        return shown | {"draft": shown["draft"] | {"payload": b64encode(body), "digest": digest}}

    return lie


def keys_of_mallory(name: str) -> Callable[[dict[str, Any]], None]:
    def change(payload: dict[str, Any]) -> None:
        mallory = Identity.generate().public
        entry = next(entry for entry in payload["people"] if entry["name"] == name)
        entry["encryption_key"] = b64encode(mallory.encryption_key)
        entry["signing_key"] = b64encode(mallory.signing_key)

    return change


def words(digest: str) -> str:
    return " ".join(roster_words(digest))
