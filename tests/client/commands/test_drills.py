"""A drill opens every share and shows nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from crypto import statement as statements
from crypto.encoding import b64encode, hex_digest
from crypto.envelope import DRILL_PLAINTEXT_LENGTH, drill_info
from crypto.randomness import random_bytes
from crypto.seal import seal as sealed_to
from service.client.cli.fetching import fetch_request
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.cli.session import unlock
from service.client.cli.signing import as_signed
from service.client.commands.decisions import check_approvable
from service.client.commands.release import sign_release
from service.client.device.home import Home
from service.client.link.api import Api
from service.wire.base import Done
from service.wire.requests import Decide
from tests.cast import ACCOUNT, NO_HEAD
from tests.client.acting import approve, ask, kept
from tests.client.conftest import Organisation
from tests.client.devices import Device


def test_a_drill_opens_every_share_and_shows_nothing(people: Organisation) -> None:
    gus = people["Gus"]
    number = gus.do("drill", ACCOUNT, "--reason", "the quarterly one")["id"]
    assert "A DRILL" in people["Ann"].says("show", number)
    assert "Your share opens. The drill goes on." in people["Ann"].says("approve", number)
    approve(people, number, "Bob", "Dea", "Eli")
    assert gus.refused("release", number) == "wrong-state"
    ended = gus.do("drill", "--release", number)
    assert sorted(ended["opened"]) == sorted(shares_of(people))
    assert ended["wrong"] == []
    assert gus.do("show", number)["state"] == "closed"
    assert not any(name.startswith(number) for name in kept(gus))


def test_a_drill_that_finds_a_wrong_share_names_its_custodian_and_fails(
    people: Organisation,
) -> None:
    gus, ann = people["Gus"], people["Ann"]
    number = gus.do("drill", ACCOUNT, "--reason", "the quarterly one")["id"]
    approve_with_noise(ann, number)
    approve(people, number, "Bob", "Dea", "Eli")
    ended = gus.run("drill", "--release", number, "--json", *gus.phrase_options(("drill",)))
    assert ended.exit_code == 1
    assert "breakglass: what Ann sent does not open [drill-failed]" in ended.stderr
    answer = json.loads(ended.stdout)
    wrong, *right = shares_of(people)
    assert answer["wrong"] == [wrong]
    assert sorted(answer["opened"]) == sorted(right)
    assert gus.do("show", number)["state"] == "closed"
    assert not any(name.startswith(number) for name in kept(gus))


def changed(data: bytes) -> bytes:
    return json.dumps(json.loads(data) | {"content": "A" * 720}).encode()


def lost(_: bytes) -> None:
    return None


@pytest.mark.parametrize(
    ("becomes", "code"),
    [
        pytest.param(changed, "content-replaced", id="changed"),
        pytest.param(lost, "drill-failed", id="lost"),
    ],
)
def test_a_drill_opens_what_lies_on_the_disk(
    people: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    becomes: Callable[[bytes], bytes | None],
    code: str,
) -> None:
    gus = people["Gus"]
    number = gus.do("drill", ACCOUNT, "--reason", "the quarterly one")["id"]
    approve(people, number)
    home, name = Home(gus.home), f"requests/{number}.released"

    def kept(run: Invocation, api: Api, mine: Any) -> Any:
        done = sign_release(run, api, mine)
        there = home.read(name)
        assert there is not None
        home.remove(name)
        if (data := becomes(there)) is not None:
            home.write(name, data)
        return done

    monkeypatch.setattr("service.client.commands.drill.sign_release", kept)
    assert gus.refused("drill", "--release", number) == code


def approve_with_noise(device: Device, number: str) -> None:
    """Approve a drill and sign for it, with noise of the right length in place of the proof."""
    run = Invocation(
        home=device.home, terminal=Terminal(interactive=False), transport=device.transport
    )
    run.set("phrase_file", str(device.phrase_file))
    with run.api() as api:
        me = unlock(run, api)
        about = (shown := fetch_request(run, api, number)).about.request
        holding = check_approvable(shown, run.config.person)
        place = {"group": holding.group.value, "custodian": holding.person}
        info = drill_info(about.digest, holding.context, *place.values())
        blob = sealed_to(about.recipient_key, info, random_bytes(DRILL_PLAINTEXT_LENGTH))
        said = {"request": about.digest, **place, "decision": "approve", "reason": "", **NO_HEAD}
        statement = statements.sign(
            "decision",
            {**said, "resealed_share_digest": hex_digest(blob), **NO_HEAD},
            identity=me,
            at=run.now(),
        )
        body = Decide(statement=as_signed(statement), resealed_share=b64encode(blob))
        api.post(f"/requests/{number}/decisions", body, Done)


def shares_of(people: Organisation) -> list[str]:
    return [people[name].do("whoami")["person"] for name in ("Ann", "Bob", "Dea", "Eli")]


def test_a_drill_is_opened_or_ended_and_never_both(people: Organisation) -> None:
    assert people["Gus"].run("drill").exit_code == 2
    assert people["Gus"].run("drill", ACCOUNT, "--release", "x").exit_code == 2
    real = ask(people)
    assert people["Gus"].refused("drill", "--release", real) == "no-drill"
    people["Gus"].do("cancel", real, "--reason", "done")
