"""A sealer who splits otherwise than the roster says, against the whole program and a service.

Each custodian sees their own share alone, so one envelope tries as many splits as it has
custodians: everyone is handed their share of another split.
"""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from crypto.envelope import custody_info
from crypto.identity import Identity
from crypto.sharing import Share
from crypto.unseal import unseal
from service.client.shares.opening import Holding, OpenedShare
from tests.cast import ACCOUNT
from tests.client.acting import ask, in_force
from tests.client.commands.test_custody import honest, seal
from tests.client.conftest import EVERYBODY, MFA, PASSWORD, Organisation, organise, running
from tests.client.offline.conftest import Gone
from tests.hostile import ROWS, Deal, Dealt, Groups, Row, hostile_seal

HOLDERS = (*PASSWORD, *MFA)
SEALING = "service.client.shares.sealing.seal_envelope"
TO_ONE = next(row for row in ROWS if row.name == "both groups to one")
Wave = Mapping[str, Row]


def found(row: Row, name: str) -> bool:
    """Whether this custodian's own share of the split shows what the sealer did."""
    groups: Groups = [(2, PASSWORD), (2, MFA)]
    return name not in row.pass_(groups)


def waves() -> list[Wave]:
    """Every split that fits two custodians a group, each for someone who can see it."""
    left = [row for row in ROWS if row.fits_two and row.sent]
    made: list[Wave] = []
    while left:
        wave = {}
        for name in HOLDERS:
            row = next((row for row in left if found(row, name)), None)
            if row is not None:
                left.remove(row)
            wave[name] = row or TO_ONE
        made.append(wave)
    return made


def mixing(wave: Wave) -> Deal:
    """Hand each custodian their share of the split that the wave has for them."""
    names = dict(enumerate(HOLDERS))

    def deal(secret: bytes, groups: Groups) -> Dealt:
        people = [person for _, group in groups for person in group]
        return {
            person: wave[names[place]].deal(secret, groups)[person]
            for place, person in enumerate(people)
        }

    return deal


def sealed_by(people: Organisation, patch: pytest.MonkeyPatch, deal: Deal) -> None:
    with patch.context() as hostile:
        hostile.setattr(SEALING, partial(hostile_seal, deal=deal))
        seal(people["Gus"])


def told(people: Organisation, wave: Wave, *args: str) -> None:
    """Every custodian refuses, with the code of their split, and posts nothing."""
    ends = {name: people[name].told(honest, "/nothing", *args) for name in HOLDERS}
    assert ends == {name: row.code for name, row in wave.items()}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    folder = tmp_path_factory.mktemp("hostile")
    with running(folder) as ctx:
        organisation = organise(ctx, folder)
        organisation.sign(*EVERYBODY)
        yield organisation


def gone(people: Organisation, disk: Path) -> Gone:
    """The same people without the service, with a bundle that the requester took."""
    disk.mkdir()
    people["Gus"].do("bundle", ACCOUNT, "--out", str(disk / "account.bundle"))
    return Gone(people, disk)


@pytest.mark.parametrize("wave", waves(), ids=lambda wave: ", ".join(map(str, wave.values())))
def test_no_custodian_signs_for_a_share_that_the_roster_did_not_ask_for(
    people: Organisation, wave: Wave, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sealed_by(people, monkeypatch, mixing(wave))
    told(people, wave, "confirm", ACCOUNT)
    told(people, wave, "paper", ACCOUNT, "--out-fd", "1")  # there, and not reached
    for number in (
        ask(people, "--newest"),
        people["Gus"].do("drill", ACCOUNT, "--reason", "x")["id"],
    ):
        told(people, wave, "approve", number)
        people["Gus"].do("cancel", number, "--reason", "done")
    without = gone(people, tmp_path / "disk")
    asked = without.ask("first", "--newest")
    # As if each had confirmed with an older program: the share is looked at all the same.
    monkeypatch.setattr("service.client.offline.asking.check_custody_receipt", lambda *_: None)
    for name, row in wave.items():
        out = tmp_path / name
        command = ("offline", "approve", without.bundle, asked, "--out", str(out))
        assert without[name].refused(*command) == row.code
        assert not out.exists()


def test_one_bad_envelope_keeps_nobody_from_a_bundle_of_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with in_force(tmp_path) as people:
        sealed_by(people, monkeypatch, TO_ONE.deal)
        out = tmp_path / "account.bundle"
        said = people["Ann"].says("bundle", ACCOUNT, "--out", str(out))
        assert "WARNING: envelope version 2, sealed by Gus: the share of this envelope" in said
        assert "envelope version 1, sealed" not in said
        assert [e["state"] for e in json.loads(out.read_text())["envelopes"]] == [
            "unconfirmed",
            "ready",
        ]


def test_a_bundle_without_one_good_share_of_its_reader_is_refused(
    people: Organisation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sealed_by(people, monkeypatch, TO_ONE.deal)
    out = tmp_path / "account.bundle"
    for name in HOLDERS:
        code = people[name].refused("bundle", ACCOUNT, "--out", str(out))
        assert code == "share-differs"
        assert not out.exists()


def passed_on(sealed: bytes, holding: Holding, me: Identity) -> OpenedShare:
    """What a custodian does who plays along with the sealer: open and look at nothing."""
    info = custody_info(holding.context, holding.group.value, holding.person)
    text = unseal(me.encryption_private, info, sealed).reveal().decode()
    share = Share(identifier=0, group=holding.group.value, member=0, threshold=1, mnemonic=text)
    return OpenedShare(holding=holding, share=share)


def test_a_requester_combines_nothing_that_custodians_passed_on_all_the_same(
    people: Organisation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sealed_by(people, monkeypatch, TO_ONE.deal)
    number = ask(people, "--newest")
    gus = people["Gus"]
    with monkeypatch.context() as older:
        older.setattr("service.client.shares.resealing.open_share", passed_on)
        for name in HOLDERS:
            people[name].do("approve", number)
        without = gone(people, tmp_path / "disk")
        asked = without.ask("second", "--newest")
        given = without.approve(asked, *HOLDERS)
    command = ("offline", "open", without.bundle, asked, *given, "--case", str(tmp_path / "case"))
    assert without["Gus"].refused(*command) == "not-enough-shares"
    gus.do("release", number)
    assert gus.refused("reveal", number) == "not-enough-shares"
