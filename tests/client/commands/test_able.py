"""Who can act is counted from what people have signed, and not with keys that are lost."""

from pathlib import Path
from typing import Any

import pytest

from tests.cast import ACCOUNT
from tests.client.acting import ask, in_force
from tests.client.conftest import Organisation
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
    assert "Ann will not be able to open what you seal" in " ".join(sealing.output.split())


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
