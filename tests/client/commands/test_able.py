"""Who can act is counted from what people have signed, and not with keys that are lost."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cast import ACCOUNT
from tests.client.acting import ask, in_force
from tests.client.commands.test_custody import seal
from tests.client.conftest import MFA, Organisation
from tests.client.devices import Device, Lying

ENVELOPES = f"/accounts/{ACCOUNT}/envelopes"
SHOW = ("accounts", "show", ACCOUNT)


def heard(device: Device, *words: str) -> str:
    done = device.run(*words)
    assert done.exit_code == 0, done.output
    return " ".join((done.stdout + done.stderr).split())


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with in_force(tmp_path_factory.mktemp("able")) as organisation:
        yield organisation


def enrols_anew(people: Organisation, name: str, home: Path) -> Device:
    """Everything of hers is lost; the operator sends another link."""
    device = Device(name, home, people[name].transport)
    device.enrol(people.operator.do("invite", device.email, name)["url"])
    return device


def test_who_enrolled_anew_is_counted_by_nobody(people: Organisation, tmp_path: Path) -> None:
    said = heard(people["Bob"], *SHOW)
    assert "password group: 2 of 2 can act, and it takes 2" in said
    ann = enrols_anew(people, "Ann", tmp_path / "anew")
    said = heard(people["Bob"], *SHOW)
    assert "password group: 1 of 2 can act, and it takes 2" in said
    assert "Ann has new keys, and can act offline with the old phrase" in said
    assert "the password group cannot act: 1 of 2 can, and it takes 2" in said
    assert "MFA group: 2 of 2 can act" in said
    assert "Ann has new keys, by an operator's link of" in said  # the service says why
    assert "not counted" in heard(ann, *SHOW)  # she signed no roster with these keys

    number = ask(people)
    said = heard(people["Gus"], "show", number)
    assert "Ann: no answer, has new keys and cannot decide here" in said
    assert "Bob: no answer" in said
    waits = [item["act"] for item in ann.do()["waiting"]]
    assert waits == []
    assert [item["act"] for item in people["Bob"].do()["waiting"]] == ["request.decide"]
    people["Gus"].do("cancel", number, "--reason", "over")

    sealing = people["Gus"].run("seal", ACCOUNT, "--show", typed="n\n")
    said = " ".join(sealing.output.split())
    assert "Ann will not be able to open it: the roster names old keys" in said


def readiness(device: Device) -> Any:
    return device.do(*SHOW)["readiness"]


def test_the_count_is_in_json_too(people: Organisation) -> None:
    """Ann has new keys since the test before."""
    bob, shown = people["Bob"], people["Bob"].do(*SHOW)
    counted = shown["readiness"]
    assert (counted["roster"], counted["envelope"]) == (shown["roster"], shown["in_force"])
    mine, dea, eli = (people[name].do("whoami")["person"] for name in ("Bob", *MFA))
    assert counted["groups"]["mfa"] == {
        "needed": 2,
        "able": sorted([dea, eli]),
        "can_act": True,
        "people": {dea: "able", eli: "able"},
    }
    password = counted["groups"]["password"]
    assert sorted(password["people"].values()) == ["able", "new-keys"]
    assert (password["able"], password["can_act"]) == ([mine], False)
    lying = Device("Bob", bob.home, Lying(bob.transport, ENVELOPES, few_receipts), bob.words)
    mfa = readiness(lying)["groups"]["mfa"]
    assert (mfa["people"][eli], mfa["can_act"]) == ("never-confirmed", False)
    lie = Lying(bob.transport, ENVELOPES, a_receipt_of_another_envelope)
    assert readiness(Device("Bob", bob.home, lie, bob.words)) is None


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param(lambda got: got | {"in_force": "", "newest": ""}, id="none"),
        pytest.param(lambda got: got | {"in_force": got["roster"]}, id="one that is not shown"),
    ],
)
def test_what_this_device_verified_as_ready_is_counted_or_nothing(
    people: Organisation, lie: Any
) -> None:
    bob = people["Bob"]
    assert readiness(bob) is not None
    path = f"/accounts/{ACCOUNT}"
    lying = Device("Bob", bob.home, Lying(bob.transport, path, lie), bob.words)
    assert "[envelope-rewound]: who can act is not counted" in heard(lying, *SHOW)
    assert readiness(lying) is None


def test_another_of_the_version_that_this_device_verified_is_not_counted(
    people: Organisation, tmp_path: Path
) -> None:
    bob = people["Bob"]
    copied = Device("Bob", tmp_path / "bob", bob.transport, bob.words)
    shutil.copytree(bob.home, copied.home)
    path = copied.home / "memory.json"
    kept = json.loads(path.read_text())
    kept["ready"][ACCOUNT]["manifest"] = "0" * 64
    path.write_text(json.dumps(kept))
    assert "[envelope-rewound]: who can act is not counted" in heard(copied, *SHOW)


def test_a_newer_one_that_is_said_to_be_in_force_counts_by_its_receipts(tmp_path: Path) -> None:
    with in_force(tmp_path) as people:
        seal(people["Gus"])
        people["Bob"].do("confirm", ACCOUNT)
        lie = Lying(
            people["Ann"].transport,
            f"/accounts/{ACCOUNT}",
            lambda got: got | {"in_force": got["newest"]},
        )
        groups = readiness(Device("Ann", people["Ann"].home, lie))["groups"]
        assert [len(group["able"]) for group in groups.values()] == [1, 0]


def few_receipts(answer: Any) -> Any:
    envelopes = [one | {"receipts": one["receipts"][:3]} for one in answer["envelopes"]]
    return answer | {"envelopes": envelopes}


def a_receipt_of_another_envelope(answer: Any) -> Any:
    [one] = answer["envelopes"]
    return answer | {"envelopes": [one | {"receipts": [*one["receipts"], one["manifest"]]}]}


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        (few_receipts, "the MFA group cannot act: 1 of 2 can"),
        (a_receipt_of_another_envelope, "who can act is not counted"),
    ],
)
def test_the_count_is_that_of_signed_receipts(people: Organisation, lie: Any, words: str) -> None:
    bob = people["Bob"]
    lying = Lying(bob.transport, ENVELOPES, lie)
    assert words in heard(Device("Bob", bob.home, lying, bob.words), *SHOW)
