"""A roster that follows another: what a device compares before it signs."""

from pathlib import Path
from typing import Any

import pytest

from service.client.device.home import Home
from tests.cast import ACCOUNT
from tests.client.commands.redrafting import ROSTERS, SIGN, keys_of_mallory, redrafted, words
from tests.client.conftest import Organisation
from tests.client.devices import URL, Device


@pytest.fixture(scope="module")
def changing(signed: Organisation) -> Organisation:
    """A change is drafted on the roster in force."""
    signed.draft("--window", "900")
    return signed


def test_the_chain_before_a_draft_may_not_vanish(changing: Organisation) -> None:
    def lie(shown: Any) -> Any:
        return shown | {"chain": []}

    assert changing["Gus"].told(lie, ROSTERS, *SIGN) == "roster-rewound"  # she saw it in force
    assert changing["Ann"].told(lie, ROSTERS, *SIGN) == "wrong-version"


def test_a_fresh_device_asks_for_a_voice_check_also_after_reading(
    changing: Organisation, tmp_path: Path
) -> None:
    fresh = Device("Ann", tmp_path / "fresh", changing["Ann"].transport)
    fresh.phrase_file.write_text(changing["Ann"].phrase_file.read_text())
    fresh.phrase_file.chmod(0o600)
    fresh.do("login", "--server", URL, "--email", fresh.email)
    fresh.do("roster", "show", ACCOUNT)
    assert fresh.refused(*SIGN) == "needs-answer"  # --yes is no answer to this
    assert "[not-confirmed]" in fresh.run(*SIGN, typed="n\n").stderr


def test_a_chain_that_i_never_signed_is_not_mine(changing: Organisation) -> None:
    def lie(shown: Any) -> Any:
        [first] = shown["chain"]
        mine = Home(changing["Ann"].home).config().fingerprint
        kept = [entry for entry in first["signatures"] if entry["keyid"] != mine]
        return shown | {"chain": [first | {"signatures": kept}]}

    assert changing["Ann"].told(lie, ROSTERS, *SIGN) == "roster-chain"


def test_words_that_are_given_are_compared_also_where_it_is_not_asked(
    changing: Organisation,
) -> None:
    assert changing["Ann"].refused(*SIGN, "--digest-words", words("0" * 64)) == "words-differ"


def test_my_keys_exchanged_in_a_change_are_noticed(changing: Organisation) -> None:
    lie = redrafted(keys_of_mallory("Ann"))
    printed = changing["Ann"].do("roster", "show", ACCOUNT)
    shown = lie(
        {part: printed[part] for part in ("chain", "identities", "draft", "lines")}
    )  # what the service sends
    call = ["--digest-words", words(shown["draft"]["digest"])]
    assert (
        changing["Ann"].told(lambda _: shown, ROSTERS, *SIGN, *call, "--heard") == "keys-replaced"
    )


def test_an_outsider_is_not_awaited(changing: Organisation) -> None:
    zed = changing.operator.invite("Zed")
    assert zed.refused(*SIGN) == "not-found"
    assert changing.operator.refused("roster", "sign", ACCOUNT, "--yes") == "not-awaited"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--password", "Nobody"], "unknown-person"),
        (["--password", "Ann", "--password", "Eli"], "both-groups"),
        (["--requester", "Ann"], "requester-is-custodian"),
        (["--password-threshold", "3"], "threshold"),
        (["--password-threshold", "0"], "not-verified"),
        (["--lifetime", "90000"], "policy"),
        (["--sealer", "Olga"], "operator-in-roster"),
        (["--name", ""], "not-verified"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused(
    signed: Organisation, options: list[str], code: str
) -> None:
    assert signed.operator.refused("roster", "draft", ACCOUNT, *options) == code
