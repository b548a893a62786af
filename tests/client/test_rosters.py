"""Drafting, showing and signing rosters, and every lie that a signer must not believe."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crypto.encoding import b64decode, b64encode, canonical, parse_canonical
from crypto.identity import Identity
from crypto.statement import unsigned
from crypto.wordlist import words_of
from service.client.cli.prompts import Terminal
from service.client.device import memory
from service.client.device.home import Home
from service.client.foundation.words import rosters as rosterwords
from service.domain.roster import Roster
from service.usecases.context import Context
from tests.client.conftest import ACCOUNT, EVERYBODY, Organisation, first_draft, organise
from tests.client.device import URL, Device

ROSTERS = f"/accounts/{ACCOUNT}/rosters"
SIGN = ("roster", "sign", ACCOUNT)


def redrafted(change: Callable[[dict[str, Any]], object]) -> Callable[[Any], Any]:
    """A lie: the draft says something else, and its digest fits."""

    def lie(shown: Any) -> Any:
        payload = parse_canonical(b64decode(shown["draft"]["payload"]))
        change(payload)
        body = canonical(payload)
        digest = unsigned("roster", body).digest
        return shown | {"draft": shown["draft"] | {"payload": b64encode(body), "digest": digest}}

    return lie


def keys_of_mallory(name: str) -> Callable[[dict[str, Any]], None]:
    def change(payload: dict[str, Any]) -> None:
        mallory = Identity.generate().public
        entry = next(entry for entry in payload["people"] if entry["name"] == name)
        entry["encryption_key"] = b64encode(mallory.encryption_key)
        entry["signing_key"] = b64encode(mallory.signing_key)

    return change


def words(digest: str) -> str:
    return " ".join(words_of(bytes.fromhex(digest)))


class Listening(Terminal):
    """A person at a terminal who has everybody on the call; ``heard`` is what was asked."""

    def __init__(self, words: dict[str, list[str]]) -> None:
        super().__init__(interactive=True)
        self.words = words
        self.heard: list[str] = []

    def ask(self, question: str, *, option: str, hidden: bool = False) -> str:
        self.heard.append(question)
        _, place, _, name, *_ = question.split()
        return self.words[name][int(place) - 1]


def test_the_whole_way_to_a_roster_in_force_and_its_change(
    tmp_path: Path, service: Context
) -> None:
    people = organise(service, tmp_path)
    people.sign(*EVERYBODY[:-1])
    assert "waits for people with new keys: Rita" in people["Ann"].says("roster", "show", ACCOUNT)
    last = people["Rita"].do(*SIGN, *people.call("Rita"))
    assert last["state"] == "accepted"
    shown = people["Ann"].says("roster", "show", ACCOUNT)
    assert "In force, every signature verified: version 1" in shown
    assert "You signed version 1" in shown

    people.draft("--window", "600")
    assert "release for 10 minutes" in people["Ann"].says("roster", "show", ACCOUNT)
    for name in ("Ann", "Bo", "Dee", "Eve"):
        people[name].do(*SIGN)  # nobody is new, and this device has compared a roster before
    assert "You signed version 2" in people["Ann"].says("roster", "show", ACCOUNT)
    seen = people["Rita"].says("roster", "show", ACCOUNT)
    assert "You signed version 1.\nSince then:\n  the policy: " in seen
    assert people["Ann"].refused(*SIGN) == "no-draft"
    assert memory.seen_roster(Home(people["Ann"].home), ACCOUNT) is not None


def test_a_signer_reads_who_counts_before_the_question(drafted: Organisation) -> None:
    call = drafted.call("Ann")
    result = drafted["Ann"].run(*SIGN, *call, typed="n\n")
    assert "2 of 2: Ann and Bo" in result.stderr
    assert "Sign roster version 1 of Payer?" in result.stderr
    assert "[not-confirmed]" in result.stderr


def test_nothing_in_a_draft_passes_for_another_line_of_it(drafted: Organisation) -> None:
    shown = drafted["Ann"].do("roster", "show", ACCOUNT)["draft"]
    payload = parse_canonical(b64decode(shown["payload"]))
    honest = Roster.from_payload(payload, shown["digest"])
    false = "Payer\n  may ask          nobody"
    entries = [entry | {"name": entry["name"] + false} for entry in payload["people"]]
    forged = payload | {"name": false, "root_email": false, "people": entries}
    lying = Roster.from_payload(forged, shown["digest"])
    assert len(rosterwords.describe(lying)) == len(rosterwords.describe(honest))
    for line in (*rosterwords.describe(lying), *rosterwords.changes(honest, lying)):
        assert "\n" not in line


def test_at_a_terminal_each_new_person_is_heard_and_none_is_shown_before(
    drafted: Organisation,
) -> None:
    terminal = Listening({name: device.words for name, device in drafted.people.items()})
    call = drafted.call("Ann")[2:]  # the draft's words; those of people come by voice
    result = drafted["Ann"].run(*SIGN, *call, terminal=terminal)
    assert "[not-confirmed]" in result.stderr or result.exception is not None
    assert len(terminal.heard) == 4 * (len(EVERYBODY) - 1)
    assert not any("Ann" in question for question in terminal.heard)
    assert result.stderr.count("All eight: ") == len(EVERYBODY) - 1


def test_without_the_call_nothing_is_signed(drafted: Organisation) -> None:
    call = drafted.call("Ann")
    assert drafted["Ann"].refused(*SIGN, *call[:2]) == "needs-answer"
    assert drafted["Ann"].refused(*SIGN, *call[2:]) == "needs-answer"


def test_words_of_another_draft_are_refused(drafted: Organisation) -> None:
    call = drafted.call("Ann")[:2]
    assert drafted["Ann"].refused(*SIGN, *call, "--digest-words", words("0" * 64)) == "words-differ"


@pytest.mark.parametrize("place", range(8))
def test_one_wrong_word_of_one_person_is_enough(
    drafted: Organisation, tmp_path: Path, place: int
) -> None:
    table = {name: list(device.words) for name, device in drafted.people.items()}
    table["Eve"][place] = "zero"
    (tmp_path / "words.json").write_text(json.dumps(table))
    call = ["--words-file", str(tmp_path / "words.json"), *drafted.call("Ann")[2:]]
    assert drafted["Ann"].refused(*SIGN, *call) == "words-differ"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"Bo": 1}', '{"Bo": [1]}', "\udcff"])
def test_a_damaged_words_file_is_refused(drafted: Organisation, tmp_path: Path, text: str) -> None:
    (tmp_path / "words.json").write_text(text, errors="surrogateescape")
    call = ["--words-file", str(tmp_path / "words.json"), *drafted.call("Ann")[2:]]
    assert drafted["Ann"].refused(*SIGN, *call) == "malformed-file"


def listed(payload: dict[str, Any], *names: str) -> list[str]:
    return sorted(entry["person"] for entry in payload["people"] if entry["name"] in names)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(keys_of_mallory("Bo"), "words-differ", id="another's keys"),
        pytest.param(keys_of_mallory("Ann"), "not-awaited", id="my own keys exchanged"),
        pytest.param(lambda p: p.update(account="999988887777"), "draft-replaced", id="account"),
        pytest.param(
            lambda p: p.update(requesters=listed(p, "Ann")), "requester-is-custodian", id="a rule"
        ),
        pytest.param(
            lambda p: p.update(version=2, previous="1" * 64, cause="change"),
            "wrong-version",
            id="it follows nothing",
        ),
        pytest.param(lambda p: p.update(suite="bg2"), "not-verified", id="another suite"),
    ],
)
def test_a_draft_is_judged_by_itself_whoever_read_its_words(
    drafted: Organisation, change: Callable[[dict[str, Any]], object], code: str
) -> None:
    lie = redrafted(change) if code != "not-verified" else garbled
    shown = drafted["Ann"].do("roster", "show", ACCOUNT)
    digest = lie(shown)["draft"]["digest"]
    args = [*SIGN, "--words-file", str(drafted.words_file), "--digest-words", words(digest)]
    assert drafted["Ann"].told(lie, ROSTERS, *args) == code


def garbled(shown: Any) -> Any:
    body = b64decode(shown["draft"]["payload"]).replace(b"bg1", b"bg2")
    return shown | {"draft": shown["draft"] | {"payload": b64encode(body)}}


def test_a_digest_that_is_not_the_drafts_is_refused(drafted: Organisation) -> None:
    def lie(shown: Any) -> Any:
        return shown | {"draft": shown["draft"] | {"digest": "0" * 64}}

    call = drafted.call("Ann")
    assert drafted["Ann"].told(lie, ROSTERS, *SIGN, *call) == "draft-replaced"


@pytest.fixture(scope="module")
def changing(signed: Organisation) -> Organisation:
    """A change is drafted on the roster in force."""
    signed.draft("--window", "900")
    return signed


def test_the_chain_before_a_draft_may_not_vanish(changing: Organisation) -> None:
    def lie(shown: Any) -> Any:
        return shown | {"chain": []}

    assert changing["Rita"].told(lie, ROSTERS, *SIGN) == "roster-rewound"  # she saw it in force
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
    shown = lie(changing["Ann"].do("roster", "show", ACCOUNT))
    call = ["--digest-words", words(shown["draft"]["digest"])]
    assert changing["Ann"].told(lambda _: shown, ROSTERS, *SIGN, *call) == "keys-replaced"


def test_an_outsider_is_not_awaited(changing: Organisation) -> None:
    zed = changing.operator.invite("Zed")
    assert zed.refused(*SIGN) == "not-found"
    assert changing.operator.refused("roster", "sign", ACCOUNT, "--yes") == "not-awaited"


def test_a_restart_is_told_loudly(signed: Organisation) -> None:
    signed.draft("--restart")
    shown = signed["Ann"].run(*SIGN, typed="n\n")
    assert "WARNING: This replaces version 1 without its quorum." in shown.stderr
    assert "REPLACES VERSION 1 WITHOUT ITS QUORUM" in signed["Bo"].says("roster", "show", ACCOUNT)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--password", "Nobody"], "unknown-person"),
        (["--password", "Ann", "--password", "Eve"], "both-groups"),
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


TOML = """
name = "Payer"
root_email = "root@corp.example"
type = "management"
requesters = ["rita@corp.example"]
sealers = ["Rita"]
[groups.password]
threshold = 2
custodians = ["Ann", "bo@corp.example"]
[groups.mfa]
threshold = 1
custodians = ["Dee", "Eve"]
[policy]
denials = "first"
"""


def test_a_file_says_what_options_would(drafted: Organisation, tmp_path: Path) -> None:
    (tmp_path / "roster.toml").write_text(TOML)
    path = str(tmp_path / "roster.toml")
    told = drafted.operator.says("roster", "draft", ACCOUNT, path, "--mfa-threshold", "2")
    assert "MFA group        2 of 2: Dee and Eve" in told
    assert "the first denial ends a request" in told
    drafted.draft(*first_draft())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "incomplete-draft"),
        ("nonsense", "malformed-file"),
        ("threshold = 2", "malformed-file"),
        ("name = 2", "malformed-file"),
        ('groups = "x"', "malformed-file"),
        ("[groups.password]\nthreshold = true", "malformed-file"),
        ("[groups.third]\nthreshold = 2", "malformed-file"),
    ],
)
def test_a_damaged_draft_file_is_refused(
    drafted: Organisation, tmp_path: Path, text: str, code: str
) -> None:
    (tmp_path / "roster.toml").write_text(text)
    args = ("roster", "draft", ACCOUNT, str(tmp_path / "roster.toml"))
    assert drafted.operator.refused(*args) == code
