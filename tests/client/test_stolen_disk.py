"""A stolen disk: at no time in a request's life does it open the password without the phrase."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from crypto.encoding import b64decode, b64encode
from crypto.envelope import context, release_info
from crypto.phrase import check_phrase, phrase_keys
from crypto.recipient import RecipientKey
from crypto.secret import SecretBytes
from crypto.sharing import combine, read_share
from crypto.statement import parse
from crypto.suite import hkdf
from crypto.unlock import unwrap_root
from crypto.unseal import unseal
from service.client.cli import session
from service.client.device import requestkeys
from service.client.device.home import Home
from service.wire.requests import Released
from tests.cast import ACCOUNT, email
from tests.client.acting import SECRET, approve, ask, in_force, kept, revealed
from tests.client.conftest import Organisation
from tests.client.devices import Device
from tests.client.offline.conftest import Gone, silent
from tests.hunt.needles import Searcher


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with in_force(tmp_path_factory.mktemp("stolen")) as organisation:
        yield organisation


@dataclass
class Thief:
    """Who has the whole disk of a requester, and no phrase; searches as the hunt does."""

    device: Device

    def root(self, request: str) -> SecretBytes:
        """What only the phrase gives."""
        key = requestkeys.load(Home(self.device.home), request)
        [slot] = key.slots
        words = check_phrase(self.device.phrase_file.read_text())
        keys = phrase_keys(words, b64decode(slot.salt), slot.iterations)
        return unwrap_root(keys.slot_key, b64decode(slot.wrapped_root), key.person, slot.slot)

    def secrets(self, request: str) -> dict[str, bytes | str]:
        """All that would open something, made with the phrase that the thief does not have."""
        root = self.root(request)
        key = requestkeys.load(Home(self.device.home), request).open(root)
        words = check_phrase(self.device.phrase_file.read_text())
        found: dict[str, bytes | str] = {
            "root": root.reveal(),
            "signing seed": hkdf(root.reveal(), b"bg1 identity signing"),
            "encryption key": hkdf(root.reveal(), b"bg1 identity encryption"),
            "request's key": key.private.reveal(),
            "words": " ".join(words),
            "ten words": " ".join(words[:10]),
            "password": SECRET,
        }
        return found | self._released(request, key)

    def _released(self, request: str, key: RecipientKey) -> dict[str, bytes | str]:
        data = Home(self.device.home).read(f"requests/{request}.released")
        if data is None:
            return {}
        released = Released.model_validate_json(data)
        asked = parse(released.request.statement.model_dump_json().encode())
        if asked.payload["drill"]:
            return {}
        bound = context(parse(released.manifest.model_dump_json().encode()).payload)
        shares = {}
        for item in released.resealed_shares:
            info = release_info(asked.digest, bound, item.group, item.custodian)
            mnemonic = read_share(unseal(key.private, info, b64decode(item.resealed_share)))
            shares[f"share of {item.custodian}"] = mnemonic.mnemonic
        return {**shares, "content key": combine(shares.values()).reveal()}

    def searches(self, request: str, *more: Path) -> None:
        """Nothing of it is there; that the search sees something, the public key shows."""
        key = requestkeys.load(Home(self.device.home), request)
        secrets = self.secrets(request)
        searcher = Searcher({**secrets, "canary": key.public})
        found = set()
        for path in (*self.device.home.rglob("*"), *more):
            if path.is_file():
                found |= {one.secret for one in searcher.look(path.read_bytes())}
        assert found == {"canary"}
        assert len(key.wrapped) == len(b64encode(bytes(60)))


def test_at_every_stage_of_a_request_the_disk_opens_nothing(people: Organisation) -> None:
    gus = people["Gus"]
    thief = Thief(gus)
    number = ask(people)
    thief.searches(number)
    approve(people, number)
    gus.do("show", number)
    thief.searches(number)
    gus.do("release", number)
    assert "content key" in thief.secrets(number)
    thief.searches(number)
    assert revealed(gus, "reveal", number) == SECRET
    thief.searches(number)
    assert revealed(gus, "reveal", number, "--again") == SECRET
    thief.searches(number)
    gus.do("close", number, "--summary", "done")
    assert not any(name.startswith(number) for name in kept(gus))
    drill = gus.do("drill", ACCOUNT, "--reason", "the quarterly one")["id"]
    approve(people, drill)
    thief.searches(drill)
    gus.do("drill", "--release", drill)
    assert not any(name.startswith(drill) for name in kept(gus))


def test_an_offline_request_is_kept_no_less_well(people: Organisation, tmp_path: Path) -> None:
    people["Bob"].do("bundle", ACCOUNT, "--out", str(tmp_path / "account.bundle"))
    gone = Gone(people, tmp_path)
    gus, asked = gone["Gus"], gone.ask("stolen")
    number = json.loads(b64decode(json.loads(Path(asked).read_bytes())["request"]["payload"]))
    thief = Thief(gus)
    thief.searches(number["request"], *tmp_path.iterdir())
    given = gone.approve(asked, "Ann", "Bob", "Dea", "Eli")
    thief.searches(number["request"], *tmp_path.iterdir())
    case = gone.file("stolen.case")
    command = ("offline", "open", gone.bundle, asked, *given, "--case", case)
    assert revealed(gus, *command) == SECRET
    thief.searches(number["request"], *tmp_path.iterdir())
    people["Gus"].do("offline", "import", case, "--summary", "done")
    assert not any(name.startswith(number["request"]) for name in kept(gus))


# ---------------------------------------------------------------- unlocking


def test_each_act_unlocks_once(people: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked: list[Any] = []

    def counted(*given: Any) -> Any:
        unlocked.append(given)
        return phrase_keys(*given)

    monkeypatch.setattr(session, "phrase_keys", counted)

    def count(run: Any) -> int:
        unlocked.clear()
        run()
        return len(unlocked)

    gus = people["Gus"]
    number = ask(people)
    approve(people, number)
    assert count(lambda: gus.do("release", number)) == 1  # as before the key was wrapped
    assert count(lambda: revealed(gus, "reveal", number)) == 1
    assert count(lambda: revealed(gus, "reveal", number, "--again")) == 1
    assert count(lambda: gus.do("close", number, "--summary", "done")) == 1
    assert count(lambda: ask(people)) == 1
    drill = gus.do("drill", ACCOUNT, "--reason", "again")["id"]
    approve(people, drill)
    assert count(lambda: gus.do("drill", "--release", drill)) == 1


def released(people: Organisation) -> str:
    number = ask(people)
    approve(people, number)
    people["Gus"].do("release", number)
    return number


def without_service(device: Device) -> Device:
    return Device(device.name, device.home, httpx.MockTransport(silent), device.words)


def test_what_was_fetched_opens_without_the_service(people: Organisation) -> None:
    number = released(people)
    alone = without_service(people["Gus"])
    assert revealed(alone, "reveal", number) == SECRET
    ann = ["--phrase-file", str(people["Ann"].phrase_file), "--yes"]
    assert alone.refused("reveal", number, *ann) == "wrong-phrase"
    people["Gus"].do("close", number, "--summary", "done")


def test_a_new_phrase_keeps_the_root_and_the_old_one_opens_what_was_kept(
    people: Organisation, tmp_path: Path
) -> None:
    gus, number = people["Gus"], released(people)
    old = tmp_path / "old.phrase"
    old.write_text(gus.phrase_file.read_text())
    old.chmod(0o600)
    new = tmp_path / "new.phrase"
    gus.do("slots", "replace", "--phrase-out", str(new))
    gus.phrase_file.write_text(new.read_text())
    assert revealed(gus, "reveal", number) == SECRET  # by the slot of today
    assert revealed(without_service(gus), "reveal", number, "--phrase-file", str(old)) == SECRET
    assert without_service(gus).refused("reveal", number) == "wrong-phrase"
    assert revealed(gus, "reveal", number, "--again") == SECRET
    gus.do("close", number, "--summary", "done")


def test_a_new_identity_ends_fetching_and_not_opening_and_is_warned_of_before(
    people: Organisation, tmp_path: Path
) -> None:
    gus, number = people["Gus"], released(people)
    waiting = ask(people)
    old = tmp_path / "old.phrase"
    old.write_text(gus.phrase_file.read_text())
    old.chmod(0o600)
    link = people.operator.do("invite", email("Gus"), "Gus")["url"]
    new = tmp_path / "new.phrase"
    said = gus.run("enroll", "-", "--json", "--yes", "--phrase-out", str(new), piped=link)
    assert said.exit_code == 0, said.output
    warned = " ".join(said.stderr.split())
    assert "are still kept here, under your present keys" in warned
    assert number in warned
    assert waiting in warned
    gus.phrase_file.write_text(new.read_text())
    for device in (gus, without_service(gus)):
        assert revealed(device, "reveal", number, "--phrase-file", str(old), "--yes") == SECRET
    assert gus.refused("reveal", number, "--again") == "request-key-locked"
    assert gus.refused("reveal", number) == "request-key-locked"
    approve(people, waiting)
    assert gus.refused("release", waiting) == "request-key-locked"
    assert people["Ann"].do("show", waiting)["state"] == "approved"  # nothing was exposed
