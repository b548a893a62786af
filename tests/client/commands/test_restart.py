"""A restart needs nobody of the version before: whoever signs afterwards compares everybody anew.

An operator restarts a roster with friends under the custodians' names, and then drafts an ordinary
change whose only new person is the true sealer.
"""

import json
import os
from pathlib import Path

import pytest

from crypto.wordlist import words_of
from service.usecases.context import Context
from tests.cast import ACCOUNT
from tests.client.conftest import EVERYBODY, MFA, PASSWORD, Organisation, organise
from tests.client.devices import Device


class Friends:
    """The operator's friends, enrolled under everybody's names."""

    def __init__(self, org: Organisation, folder: Path) -> None:
        self.org = org
        self.devices = {name: self._enrol(name, folder) for name in EVERYBODY}
        self.words = folder / "friends.json"
        self.hear()

    def _enrol(self, name: str, folder: Path) -> Device:
        device = Device(f"{name}2", folder / f"friend-{name}", self.org.operator.transport)
        device.enrol(self.org.operator.do("invite", device.email, name)["url"])
        return device

    def hear(self, **true: Device) -> None:
        heard = {name: " ".join(device.words) for name, device in self.devices.items()}
        heard |= {name: " ".join(device.words) for name, device in true.items()}
        self.words.write_text(json.dumps(heard))

    def sign(self, *names: str) -> str:
        state = ""
        for name in names:
            shown = self.devices[name].do("roster", "show", ACCOUNT)
            words = " ".join(words_of(bytes.fromhex(shown["draft"]["digest"])))
            options = ["--words-file", str(self.words), "--digest-words", words]
            state = self.devices[name].do("roster", "sign", ACCOUNT, *options)["state"]
        return state

    def restart(self) -> None:
        options = ["--restart"]
        for name in PASSWORD:
            options += ["--password", self.devices[name].email]
        for name in MFA:
            options += ["--mfa", self.devices[name].email]
        gus = self.devices["Gus"].email
        self.org.draft(*options, "--requester", gus, "--sealer", gus)
        assert self.sign(*EVERYBODY) == "accepted"


def seal(device: Device) -> str:
    """Seal a generated password; returns the refusal's code, or nothing."""
    out, into = os.pipe()
    try:
        options = ["--out-fd", str(into), "--yes", "--phrase-file", str(device.phrase_file)]
        result = device.run("seal", ACCOUNT, *options)
    finally:
        os.close(into)
        os.close(out)
    lines = [line for line in result.stderr.splitlines() if line.startswith("breakglass: ")]
    return lines[-1].rpartition("[")[2][:-1] if result.exit_code else ""


@pytest.fixture
def attacked(service: Context, tmp_path: Path) -> tuple[Organisation, Friends]:
    """Version 1 is everybody's, 2 the operator's restart, 3 wants the true Gus."""
    org = organise(service, tmp_path)
    org.sign(*EVERYBODY)
    friends = Friends(org, tmp_path)
    friends.restart()
    gus = org["Gus"].email
    org.draft("--requester", gus, "--sealer", gus)
    friends.hear(Gus=org["Gus"])
    return org, friends


def test_signing_after_a_foreign_restart_wants_everybodys_words_and_the_drafts(
    attacked: tuple[Organisation, Friends],
) -> None:
    org, _ = attacked
    gus = org["Gus"]
    assert gus.refused("roster", "sign", ACCOUNT) == "needs-answer"  # the draft's words
    shown = gus.do("roster", "show", ACCOUNT)
    draft = ["--digest-words", " ".join(words_of(bytes.fromhex(shown["draft"]["digest"])))]
    assert gus.refused("roster", "sign", ACCOUNT, *draft) == "needs-answer"  # each person's
    # The true custodians read their words out; the draft has other keys under their names.
    known = ["--words-file", str(org.words_file)]
    assert gus.refused("roster", "sign", ACCOUNT, *draft, *known) == "words-differ"
    told = gus.run("roster", "sign", ACCOUNT, *draft, *known, *gus.phrase_options(("seal",)))
    assert "replaced version 1 without its quorum" in told.output.replace("\n", " ")


def test_sealing_after_a_foreign_restart_wants_the_rosters_words_again(
    attacked: tuple[Organisation, Friends],
) -> None:
    org, friends = attacked
    gus = org["Gus"]
    shown = gus.do("roster", "show", ACCOUNT)
    words = " ".join(words_of(bytes.fromhex(shown["draft"]["digest"])))
    # Somebody has made her sign all the same, on another device of hers.
    other = Device("Gus", gus.home.parent / "other", gus.transport)
    other.phrase_file.write_text(gus.phrase_file.read_text())
    other.phrase_file.chmod(0o600)
    other.do("login", "--server", "http://localhost:8420", "--email", gus.email)
    signing = ["--words-file", str(friends.words), "--digest-words", words]
    other.do("roster", "sign", ACCOUNT, *signing)
    assert friends.sign(*PASSWORD, *MFA) == "accepted"
    assert seal(gus) == "needs-answer"
