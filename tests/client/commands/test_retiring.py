"""Its own people end a line: drafted, signed, and what each command then does and refuses."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.usecases import envelopes, requests
from tests.cast import ACCOUNT
from tests.client.acting import SECRET, approve, ask, in_force, revealed
from tests.client.conftest import MFA, PASSWORD, Organisation
from tests.client.devices import Device, Lying

DRAFT = ("roster", "draft", ACCOUNT, "--retire")
REASON = ("--task", "billing", "--reason", "the invoice run is stuck")


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A password is in force."""
    with in_force(tmp_path_factory.mktemp("line")) as people:
        yield people


@pytest.mark.parametrize("options", [("--name", "Another"), ("--mfa-threshold", "1")])
def test_an_end_changes_nothing_else(line: Organisation, options: tuple[str, ...]) -> None:
    said = line.operator.run(*DRAFT, *options)
    assert said.exit_code == 2
    assert "changes nothing else" in said.stderr
    assert line.operator.do("roster", "show", ACCOUNT)["draft"] is None


def test_a_line_ends_and_what_was_asked_before_goes_on(line: Organisation) -> None:
    released, pending = ask(line), ask(line)
    approve(line, pending, *PASSWORD)
    approve(line, released)
    line["Gus"].do("release", released)
    assert revealed(line["Gus"], "reveal", released) == SECRET
    line["Gus"].do("close", released, "--summary", "mended it")
    said = line.operator.says(*DRAFT)
    assert "1 released request(s) wait for a new password" in said
    assert "ENDS THIS LINE OF THE ACCOUNT" in said
    line.sign(*PASSWORD, *MFA)
    shown = line["Ann"].says("roster", "show", ACCOUNT)
    assert "no request or password is taken in this line any more" in shown
    assert "retired since 20" in line["Ann"].says("accounts")
    shown = line["Ann"].says("accounts", "show", ACCOUNT)
    assert "retired since 20" in shown
    assert "due  " not in shown
    assert "ended     by its people" in shown
    ended_as_its_people_say(line)
    approve(line, pending, *MFA)
    line["Gus"].do("release", pending)
    assert revealed(line["Gus"], "reveal", pending) == SECRET
    done = line["Gus"].do("close", pending, "--summary", "mended it")
    assert done["state"] == "rotation_due"
    nothing_new(line)


def ended_as_its_people_say(line: Organisation) -> None:
    """Whether a line is retired is not the service's word, and in one no group can act."""
    ann, path = line["Ann"], f"/accounts/{ACCOUNT}"
    counted = ann.do("accounts", "show", ACCOUNT)["readiness"]
    assert counted["retired"]
    assert [group["can_act"] for group in counted["groups"].values()] == [False, False]
    revived = Lying(ann.transport, path, lambda got: got | {"retired_since": ""})
    said = Device("Ann", ann.home, revived, ann.words).says("accounts", "show", ACCOUNT)
    assert "its people have ended this line, and the service does not say so" in said


def test_an_end_that_its_people_never_signed_is_no_end(tmp_path: Path) -> None:
    with in_force(tmp_path) as people:
        ann, since = people["Ann"], {"retired_since": "2026-11-23T09:00:00Z"}
        assert "retired" not in ann.says("accounts", "show", ACCOUNT)
        lie = Lying(ann.transport, f"/accounts/{ACCOUNT}", lambda got: got | since)
        said = Device("Ann", ann.home, lie, ann.words).says("accounts", "show", ACCOUNT)
        assert "says that this line is retired, and its people have not" in said
        groups = ann.do("accounts", "show", ACCOUNT)["readiness"]["groups"]
        assert all(group["can_act"] for group in groups.values())


def nothing_new(line: Organisation) -> None:
    """Each is refused on the device: nothing is posted."""

    def refused(*args: str) -> str:
        return line["Gus"].told(lambda shown: shown, f"/accounts/{ACCOUNT}/rosters", *args)

    assert refused("request", ACCOUNT, *REASON) == "line-retired"
    assert refused("drill", ACCOUNT, "--reason", "a drill") == "line-retired"
    assert refused("seal", ACCOUNT, "--out-fd", "1") == "line-retired"
    for options in ((), ("--retire",), ("--name", "Another")):
        code = line.operator.refused("roster", "draft", ACCOUNT, *options)
        assert code == "line-retired"


def new_password(sealer: Device, *options: str) -> None:
    out, into = os.pipe()
    sealer.do("seal", ACCOUNT, "--out-fd", str(into), *options)
    os.close(into)
    os.close(out)


def hidden_from(device: Device) -> Device:
    """The same device, which is shown the chain without its end."""

    def lie(shown: Any) -> Any:
        return shown | {"chain": shown["chain"][:-1]}

    lying = Lying(device.transport, f"/accounts/{ACCOUNT}/rosters", lie)
    return Device(device.name, device.home, lying, device.words)


def test_what_a_service_took_after_the_end_gets_nothing_from_a_device_that_knows_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gus, from whom the end was hidden, asks and seals; the service takes both."""
    with in_force(tmp_path) as people:
        new_password(people["Gus"])  # no one confirms it but by approving
        before = ask(people, "--newest")
        people.draft("--retire")
        people.sign(*PASSWORD, *MFA)
        monkeypatch.setattr(requests, "check_opening", lambda *_, **__: None)
        monkeypatch.setattr(envelopes, "check_manifest", lambda *_, **__: None)
        gus = hidden_from(people["Gus"])
        request = gus.do("request", ACCOUNT, *REASON, "--heard")["id"]
        assert people["Ann"].refused("approve", request) == "line-retired"
        new_password(gus, "--heard")
        assert people["Dea"].refused("confirm", ACCOUNT) == "line-retired"
        approve(people, before)
        people["Gus"].do("release", before)
