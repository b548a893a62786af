"""Drafting, showing and signing rosters, and every lie that a signer must not believe."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crypto.encoding import b64decode, b64encode, parse_canonical
from service.client.cli.prompts import Terminal
from service.client.device import memory
from service.client.device.home import Home
from service.client.foundation.words import rosters as rosterwords
from service.client.trust.identities import verify_identities
from service.domain.roster import Roster
from service.usecases.context import Context
from service.wire.base import Dsse
from tests.cast import ACCOUNT, log_key
from tests.client.commands.redrafting import ROSTERS, SIGN, keys_of_mallory, redrafted, words
from tests.client.conftest import EVERYBODY, Organisation, first_draft, organise


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
    assert "waits for people with new keys: Gus" in people["Ann"].says("roster", "show", ACCOUNT)
    last = people["Gus"].do(*SIGN, *people.call("Gus"))
    assert last["state"] == "accepted"
    shown = people["Ann"].says("roster", "show", ACCOUNT)
    assert "In force, every signature verified: version 1" in shown
    first = people["Ann"].do("roster", "show", ACCOUNT)
    assert first["digest"] == first["first_digest"] == last["id"]
    assert f"digest           {last['id']}" in shown
    assert "You signed version 1" in shown

    people.draft("--window", "600")
    assert "release for 10 minutes" in people["Ann"].says("roster", "show", ACCOUNT)
    for name in ("Ann", "Bob", "Dea", "Eli"):
        people[name].do(*SIGN)  # nobody is new, and this device has compared a roster before
    assert "You signed version 2" in people["Ann"].says("roster", "show", ACCOUNT)
    second = people["Ann"].do("roster", "show", ACCOUNT)
    assert second["first_digest"] == first["digest"] != second["digest"]
    seen = people["Gus"].says("roster", "show", ACCOUNT)
    assert f"first digest     {first['digest']}" in seen
    assert f"digest           {second['digest']}" in seen
    assert "You signed version 1.\nSince then:\n  the policy: " in seen
    assert people["Ann"].refused(*SIGN) == "no-draft"
    assert memory.seen_roster(Home(people["Ann"].home), ACCOUNT) is not None


def test_a_signer_reads_who_counts_before_the_question(drafted: Organisation) -> None:
    call = drafted.call("Ann")
    result = drafted["Ann"].run(*SIGN, *call, typed="n\n")
    assert "2 of 2: Ann and Bob" in result.stderr
    assert "Sign roster version 1 of Payer?" in result.stderr
    assert "[not-confirmed]" in result.stderr


def test_nothing_in_a_draft_passes_for_another_line_of_it(drafted: Organisation) -> None:
    answer = drafted["Ann"].do("roster", "show", ACCOUNT)
    shown = answer["draft"]
    payload = parse_canonical(b64decode(shown["payload"]))
    brought = [Dsse.model_validate(one) for one in answer["identities"]]
    known = verify_identities(brought)
    honest = Roster.from_payload(payload, shown["digest"], known)
    false = "Payer\n  may ask          nobody"
    entries = [entry | {"name": entry["name"] + false} for entry in payload["people"]]
    forged = payload | {"name": false, "root_email": false, "people": entries}
    lying = Roster.from_payload(forged, shown["digest"], known)
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
    table["Eli"][place] = "zero" if table["Eli"][place] != "zero" else "acid"
    (tmp_path / "words.json").write_text(json.dumps(table))
    call = ["--words-file", str(tmp_path / "words.json"), *drafted.call("Ann")[2:]]
    assert drafted["Ann"].refused(*SIGN, *call) == "words-differ"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"Bob": 1}', '{"Bob": [1]}', "\udcff"])
def test_a_damaged_words_file_is_refused(drafted: Organisation, tmp_path: Path, text: str) -> None:
    (tmp_path / "words.json").write_text(text, errors="surrogateescape")
    call = ["--words-file", str(tmp_path / "words.json"), *drafted.call("Ann")[2:]]
    assert drafted["Ann"].refused(*SIGN, *call) == "malformed-file"


def listed(payload: dict[str, Any], *names: str) -> list[str]:
    return sorted(entry["person"] for entry in payload["people"] if entry["name"] in names)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(keys_of_mallory("Bob"), "words-differ", id="another's keys"),
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
    assert drafted["Ann"].told(lie, ROSTERS, *args, "--heard") == code


def test_a_draft_that_was_never_entered_is_not_signed(drafted: Organisation) -> None:
    lie = redrafted(lambda payload: payload.update(name="Payer, renamed"))
    shown = drafted["Ann"].do("roster", "show", ACCOUNT)
    digest = lie(shown)["draft"]["digest"]
    args = [*SIGN, "--words-file", str(drafted.words_file), "--digest-words", words(digest)]
    assert drafted["Ann"].told(lie, ROSTERS, *args) == "not-yet-in-log"


def test_a_draft_under_a_foreign_log_key_is_not_signed(drafted: Organisation) -> None:
    foreign = log_key("evil.example/log")
    lie = redrafted(lambda payload: payload.update(log_key=foreign))
    shown = drafted["Ann"].do("roster", "show", ACCOUNT)
    digest = lie(shown)["draft"]["digest"]
    args = [*SIGN, "--words-file", str(drafted.words_file), "--digest-words", words(digest)]
    assert drafted["Ann"].told(lie, ROSTERS, *args, "--heard") == "wrong-log-key"


def garbled(shown: Any) -> Any:
    body = b64decode(shown["draft"]["payload"]).replace(b"bg1", b"bg2")
    return shown | {"draft": shown["draft"] | {"payload": b64encode(body)}}


def test_a_digest_that_is_not_the_drafts_is_refused(drafted: Organisation) -> None:
    def lie(shown: Any) -> Any:
        return shown | {"draft": shown["draft"] | {"digest": "0" * 64}}

    call = drafted.call("Ann")
    assert drafted["Ann"].told(lie, ROSTERS, *SIGN, *call) == "draft-replaced"


TOML = """
name = "Payer"
root_email = "root@corp.example"
type = "management"
requesters = ["gus@corp.example"]
sealers = ["Gus"]
[groups.password]
threshold = 2
custodians = ["Ann", "bob@corp.example"]
[groups.mfa]
threshold = 1
custodians = ["Dea", "Eli"]
[policy]
denials = "first"
"""


def test_a_file_says_what_options_would(drafted: Organisation, tmp_path: Path) -> None:
    (tmp_path / "roster.toml").write_text(TOML)
    path = str(tmp_path / "roster.toml")
    told = drafted.operator.says("roster", "draft", ACCOUNT, path, "--mfa-threshold", "2")
    assert "MFA group        2 of 2: Dea and Eli" in told
    assert "the first denial ends a request" in told
    # The draft of the others again. Within its own second it would be that very draft: replayed.
    time.sleep(1)
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
