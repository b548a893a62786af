"""A signer reads all that a version changes: what is left out of the sentences is signed unread."""

from dataclasses import fields
from typing import Any

import pytest

from service.client.foundation.words.rosters import changes
from service.domain.roster import Policy, Roster
from tests.cast import MFA, PASSWORD, log_key, witness_key
from tests.unit.domain.builders import next_roster, roster, roster_payload

FIRST = roster()
POLICY = roster_payload()["policy"]
WITNESSES = sorted(witness_key(name) for name in ("wit.example/a", "wit.example/b"))
SEEN = roster(witnesses=WITNESSES, cosigned_by=1)


def renamed(person: str, name: str) -> list[dict[str, str]]:
    return [
        one | {"name": name} if one["person"] == person else one
        for one in roster_payload()["people"]
    ]


def policy(**changed: Any) -> dict[str, Any]:
    return {"policy": POLICY | changed}


TOLD: list[tuple[str, dict[str, Any], str]] = [
    ("groups", {"thresholds": (1, 2)}, "the password group needs 1 instead of 2"),
    ("groups", {"thresholds": (2, 3)}, "the MFA group needs 3 instead of 2"),
    ("groups", {"password": (*PASSWORD, "mel")}, "new: Mel — in the password group"),
    ("groups", {"mfa": MFA[:-1]}, f"no longer: {MFA[-1].title()} — in the MFA group"),
    ("requesters", {"requesters": ["eve", "gus"]}, "new: Eve — may ask for root access"),
    ("sealers", {"sealers": ["gus", "sam"]}, "new: Gus — may seal passwords"),
    ("members", {"keys": {"ann": "2"}}, "Ann has new keys"),
    ("members", {"people": renamed("ann", "Anna")}, "Ann is now called Anna"),
    ("name", {"name": "billing"}, f"the account's name: billing (was: {FIRST.name})"),
    ("root_email", {"root_email": "x@corp.example"}, "the root e-mail: x@corp.example (was: "),
    ("type", {"type": "member"}, f"the account's type: member (was: {FIRST.type})"),
    ("policy", policy(request_lifetime=60), "the policy: a request is open for at most 1 minute,"),
    ("policy", policy(release_window=60), "a release for 1 minute; "),
    ("policy", policy(denials="first"), "; the first denial ends a request"),
    ("policy", policy(requester_seals=True), "; a requester may seal the password after their rel"),
    ("log_key", {"log_key": log_key("other.example/log")}, "the log's key: other.example/log+"),
    ("witnesses", {"witnesses": WITNESSES, "cosigned_by": 1}, "the witnesses: 1 of 2 cosign: wit"),
    ("retired", {"retired": True}, "ENDS THIS LINE OF THE ACCOUNT"),
]
# The chain itself, which the client verifies; and what has one value in this suite.
ELSEWHERE = {"digest", "account", "version", "previous", "cause", "cosigned_by"}


@pytest.mark.parametrize(("field", "changed", "said"), TOLD)
def test_every_change_of_a_roster_is_one_sentence(
    field: str, changed: dict[str, Any], said: str
) -> None:
    after = next_roster(FIRST, **changed)
    assert getattr(after, field) != getattr(FIRST, field)
    [line] = changes(FIRST, after)
    assert said in line


def test_how_many_witnesses_are_wanted_is_a_change_too() -> None:
    after = next_roster(SEEN, witnesses=WITNESSES, cosigned_by=2)
    [line] = changes(SEEN, after)
    assert line.startswith("the witnesses: 2 of 2 cosign")


def test_no_field_of_a_roster_was_forgotten() -> None:
    assert {field for field, _, _ in TOLD} == {f.name for f in fields(Roster)} - ELSEWHERE
    told = {name for field, changed, _ in TOLD if field == "policy" for name in _differing(changed)}
    assert told == {f.name for f in fields(Policy)} - {"least_suite"}
    assert changes(FIRST, next_roster(FIRST)) == []


def _differing(changed: dict[str, Any]) -> set[str]:
    return {name for name, value in changed["policy"].items() if POLICY[name] != value}
