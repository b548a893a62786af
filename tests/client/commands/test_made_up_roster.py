"""A service that makes up everybody else: what it says of me must not waive my own signature."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.spoken import roster_words
from crypto.statement import Statement, merge, parse, payload_body, sign, sign_body
from service import clock
from service.client.cli.fetching import fetch_chain
from service.client.cli.invocation import Invocation
from service.client.device import memory
from service.wire.base import Dsse
from tests.cast import ACCOUNT
from tests.client.conftest import EVERYBODY, Organisation
from tests.client.devices import URL, Device

ROSTERS = f"/api/v1/accounts/{ACCOUNT}/rosters"
ME = "/api/v1/people/me"


class MadeUp(httpx.BaseTransport):
    """Answers some paths with other JSON; ``posted`` is what reached the service by POST."""

    def __init__(self, honest: httpx.BaseTransport, answers: Mapping[str, Any]) -> None:
        self.honest = honest
        self.answers = answers
        self.posted: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.posted.append(request.url.path)
        answer = self.honest.handle_request(request)
        if request.method != "GET" or request.url.path not in self.answers:
            return answer
        lie = self.answers[request.url.path]
        return httpx.Response(200, json=lie(json.loads(answer.read())))


def made_up_chain(shown: Any) -> Any:
    """The same people and rules, and other keys for every one of them, well signed by those."""
    honest = parse(Dsse.model_validate(shown["chain"][0]).model_dump_json().encode())
    keys = {p["person"]: Identity.generate() for p in honest.payload["people"]}
    enrolled = {person: identity_of(person, identity) for person, identity in keys.items()}
    people = [
        entry | {"identity": enrolled[entry["person"]].digest} for entry in honest.payload["people"]
    ]
    further = {
        name: value
        for name, value in ({**honest.payload, "people": people}).items()
        if name not in {"kind", "suite", "at"}
    }
    content = payload_body("roster", further, clock.now())
    signed = merge([sign_body("roster", content, identity) for identity in keys.values()])
    identities = [json.loads(identity.raw) for identity in enrolled.values()]
    return {"chain": [json.loads(signed.raw)], "identities": identities, "draft": None, "lines": []}


def identity_of(person: str, identity: Identity) -> Statement:
    """The statement by which the service made these keys someone's."""
    fields = {
        "person": person,
        "encryption_key": b64encode(identity.public.encryption_key),
        "signing_key": b64encode(identity.public.signing_key),
    }
    return sign("identity", fields, identity=identity, at=clock.now())


LIES = {
    "a made-up roster": {ROSTERS: made_up_chain},
    "and that I am an operator": {
        ROSTERS: made_up_chain,
        ME: lambda me: me | {"operator": True},
    },
    "and that I am an auditor": {ROSTERS: made_up_chain, ME: lambda me: me | {"auditor": True}},
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize(
    "command",
    [
        ("seal", ACCOUNT, "--out-fd", "1"),
        ("confirm", ACCOUNT),
        ("request", ACCOUNT, "--task", "billing", "--reason", "now"),
        ("paper", ACCOUNT, "--out-fd", "1"),
    ],
)
def test_a_device_without_memory_seals_and_signs_nothing_for_a_roster_that_is_not_its_own(
    signed: Organisation, tmp_path: Path, lie: str, command: tuple[str, ...]
) -> None:
    name = "Gus" if command[0] in {"seal", "request"} else EVERYBODY[0]
    transport = MadeUp(signed[name].transport, LIES[lie])
    fresh = Device(name, tmp_path / "fresh", transport)
    fresh.phrase_file.write_text(signed[name].phrase_file.read_text())
    fresh.phrase_file.chmod(0o600)
    fresh.do("login", "--server", URL, "--email", fresh.email)
    transport.posted.clear()
    more = ["--digest-words", " ".join(roster_words("0" * 64))] if command[0] == "seal" else []
    assert fresh.refused(*command, *more) == "roster-not-mine"
    acts = [path for path in transport.posted if "/sessions" not in path]
    assert acts == []


def test_looking_at_what_nobody_anchored_does_not_make_a_device_refuse_the_real_roster(
    signed: Organisation, tmp_path: Path
) -> None:
    name = EVERYBODY[0]
    transport = MadeUp(signed[name].transport, LIES["and that I am an operator"])
    run = Invocation(home=tmp_path / "fresh", transport=transport)
    fresh = Device(name, tmp_path / "fresh", transport)
    fresh.phrase_file.write_text(signed[name].phrase_file.read_text())
    fresh.phrase_file.chmod(0o600)
    fresh.do("login", "--server", URL, "--email", fresh.email)
    with run.api() as api:
        made_up = fetch_chain(run, api, ACCOUNT, looking=True)
        assert memory.seen_roster(run.home, ACCOUNT) is None
        transport.answers = {}
        assert fetch_chain(run, api, ACCOUNT).newest.digest != made_up.newest.digest
