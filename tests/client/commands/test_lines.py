"""A further line, as its people's devices meet it: said, warned of, and asked about."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crypto.spoken import roster_words
from tests.cast import ACCOUNT
from tests.client.acting import in_force
from tests.client.conftest import EVERYBODY, Organisation, first_draft
from tests.client.devices import Device, Lying

LINE = f"{ACCOUNT}.2"
REQUEST = ("--task", "billing", "--reason", "the invoice run is stuck")
YES = "--in-this-line"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A line that can act, and a second one in which the same people are drafted."""
    with in_force(tmp_path_factory.mktemp("two")) as people:
        people.operator.do("accounts", "add", LINE)
        people.operator.do("roster", "draft", LINE, *first_draft())
        yield people


def signing(people: Organisation, name: str) -> list[str]:
    shown = people[name].do("roster", "show", LINE)
    words = " ".join(roster_words(shown["draft"]["digest"]))
    return [
        *("roster", "sign", LINE),
        *("--words-file", str(people.words_file), "--digest-words", words),
    ]


def all_sign(people: Organisation) -> None:
    """The draft of the second line is signed by those who have not, if it is open still."""
    for name in EVERYBODY:
        draft = people[name].do("roster", "show", LINE)["draft"]
        if draft is not None:
            people[name].do(*signing(people, name), YES, "--yes")


def silent(answer: Any) -> Any:
    return answer | {"lines": []}


def without_rosters(answer: Any) -> Any:
    return answer | {"lines": [line | {"payload": ""} for line in answer["lines"]]}


def test_a_first_roster_beside_a_line_that_names_me_wants_a_typed_yes(two: Organisation) -> None:
    ann = two["Ann"]
    sign = signing(two, "Ann")
    assert ann.refused(*sign, "--yes") == "needs-answer"
    assert ann.refused(*sign, "--yes", typed="y\n") == "not-confirmed"
    assert two["Ann"].do("roster", "show", LINE)["draft"]["signatures"] == []
    said = ann.says(*sign, "--yes", typed="yes\n")
    assert f"line {ACCOUNT} of this AWS account can act today" in said
    assert f"You are named in {ACCOUNT}, an older line" in said
    two["Bob"].do(*signing(two, "Bob"), YES, "--yes")
    for name in EVERYBODY[2:]:
        two[name].do(*signing(two, name), YES, "--yes")
    gus = two["Gus"]
    assert gus.refused("seal", LINE, "--show", "--yes") in {"needs-answer", "not-a-terminal"}
    assert gus.refused("seal", LINE, "--out-fd", "1", "--yes") == "needs-answer"
    assert gus.refused("request", LINE, *REQUEST, "--yes") == "needs-answer"


def test_every_command_says_what_is_verified_and_what_is_the_services_word(
    two: Organisation,
) -> None:
    said = two["Ann"].says("roster", "show", LINE)
    assert f"Line {ACCOUNT} of the same AWS account was registered on" in said
    assert "by Olga" in said
    assert "Its people are as this device verified them" in said
    older = two["Ann"].says("accounts", "show", ACCOUNT)
    assert f"Line {LINE} of the same AWS account" in older
    stranger = two.operator.says("accounts", "show", LINE)
    assert "this device has verified nothing of it" in stranger


def test_asking_in_the_first_line_wants_no_yes(two: Organisation) -> None:
    number = two["Gus"].do("request", ACCOUNT, *REQUEST)["id"]
    two["Gus"].do("cancel", number, "--reason", "only a test")


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        (silent, f"verified a roster of line {ACCOUNT} of this AWS account"),
        (without_rosters, f"verified another roster of line {ACCOUNT} than the service shows"),
    ],
)
def test_a_line_of_which_the_service_is_silent_is_known_to_a_device_that_verified_it(
    two: Organisation, lie: Callable[[Any], Any], words: str
) -> None:
    all_sign(two)  # unless the test before has had them do so
    ann = two["Ann"]
    path = f"/accounts/{LINE}/rosters"
    quiet = Device(ann.name, ann.home, Lying(ann.transport, path, lie), ann.words)
    said = quiet.says("roster", "show", LINE)
    assert words in said
    gus = two["Gus"]
    quiet = Device(gus.name, gus.home, Lying(gus.transport, path, lie), gus.words)
    assert quiet.refused("request", LINE, *REQUEST, "--yes") == "needs-answer"
