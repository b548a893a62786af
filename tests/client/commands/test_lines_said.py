"""What the commands of a request say of the other lines of its account, and what is held back."""

from collections.abc import Iterator
from typing import Any

import pytest

from crypto.encoding import b64decode, b64encode, canonical, parse_canonical
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.client.acting import approve, ask, in_force
from tests.client.commands.test_before_signing import lied_to
from tests.client.commands.test_lines import LINE, YES, signing
from tests.client.conftest import EVERYBODY, Organisation, first_draft
from tests.client.devices import Device

ROSTERS = f"/accounts/{ACCOUNT}/rosters"
OF_LINE = f"/accounts/{LINE}/rosters"
SAID = f"Line {LINE} of the same AWS account was registered on"
REQUEST = ("request", LINE, "--task", "billing", "--reason", "the invoice run is stuck")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A line that can act, and a second one that the same people have signed."""
    with in_force(tmp_path_factory.mktemp("said")) as people:
        people.operator.do("accounts", "add", LINE)
        people.operator.do("roster", "draft", LINE, *first_draft())
        for name in EVERYBODY:
            people[name].do(*signing(people, name), YES, "--yes")
        for name in ("Ann", "Gus"):
            people[name].do("accounts", "show", LINE)  # they accept its roster
        yield people


def others(said: Any) -> list[str]:
    assert said["lines_in_doubt"] == []
    return [line["account"] for line in said["lines"]]


def test_what_is_done_on_a_request_says_that_there_are_other_lines(two: Organisation) -> None:
    number = ask(two)
    assert others(two["Gus"].do("show", number)) == [LINE]
    assert SAID in two["Gus"].says("show", number)
    said = two["Ann"].says("approve", number)
    assert said.index(SAID) < said.index("Gus asks to be root of") < said.index("Approved")
    for name in EVERYBODY[1:-1]:
        assert others(two[name].do("approve", number)) == [LINE]
    assert others(two["Gus"].do("release", number)) == [LINE]
    other = ask(two)
    approve(two, other)
    assert SAID in two["Gus"].says("release", other)


def test_where_there_is_no_other_line_an_answer_says_so(two: Organisation) -> None:
    gus, _ = lied_to(two["Gus"], {ROSTERS: lambda answer: answer | {"lines": []}})
    number = ask(two)
    said = gus.do("show", number)
    assert (said["lines"], said["lines_in_doubt"]) == ([], [LINE])
    two["Gus"].do("cancel", number, "--reason", "over")


# ---------------------------------------------------------------- what a service lies about them


def line_with(**changes: Any) -> Any:
    """A lie: the line beside this one is another, or said to be."""

    def lie(answer: Any) -> Any:
        [line] = answer["lines"]
        payload = parse_canonical(b64decode(line["payload"])) | changes.get("roster", {})
        said = {name: value for name, value in changes.items() if name != "roster"}
        return answer | {"lines": [line | {"payload": b64encode(canonical(payload))} | said]}

    return lie


def shown(device: Device, lie: Any, path: str = ROSTERS) -> str:
    return lied_to(device, {path: lie})[0].says("roster", "show", path.split("/")[2])


def doubted(device: Device, lie: Any) -> list[str]:
    found: list[str] = lied_to(device, {ROSTERS: lie})[0].do("roster", "show", ACCOUNT)[
        "lines_in_doubt"
    ]
    return found


SECOND: dict[str, Any] = {"version": 2, "previous": "1" * 64, "cause": "change"}
STRANGERS: dict[str, Any] = {
    "people": [],
    "groups": {name: {"threshold": 1, "custodians": []} for name in ("password", "mfa")},
}


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param({"roster": {"name": "Another"}}, id="another of the version that I accepted"),
        pytest.param({"roster": {"version": 0}}, id="an older one"),
        pytest.param({"signed": False}, id="a draft"),
        pytest.param({"payload": ""}, id="none"),
        pytest.param({"payload": "bm90IGEgcm9zdGVy"}, id="no roster"),
        pytest.param({"roster": {"account": ACCOUNT}}, id="a roster of the first line"),
    ],
)
def test_another_roster_of_a_line_than_this_device_accepted_is_warned_of(
    two: Organisation, lie: Any
) -> None:
    ann = two["Ann"]
    assert doubted(ann, line_with()) == []
    assert doubted(ann, line_with(**lie)) == [LINE]
    assert f"verified another roster of line {LINE} than the service" in shown(
        ann, line_with(**lie)
    )
    assert "verified another roster" not in shown(two.operator, line_with(**lie))


def test_a_newer_roster_is_the_services_word_and_no_alarm(two: Organisation) -> None:
    newer = line_with(roster=SECOND)
    assert doubted(two["Ann"], newer) == []
    assert "this device has verified nothing of it" in shown(two["Ann"], newer)


def test_who_accepted_an_older_line_is_asked_whatever_roster_of_it_is_shown(
    two: Organisation,
) -> None:
    gus = two["Gus"]
    for changes in (STRANGERS, STRANGERS | SECOND):
        lying, telling = lied_to(gus, {OF_LINE: line_with(roster=changes)})
        assert lying.refused(*REQUEST, "--yes") == "needs-answer"
        assert telling.posted == []


def test_a_retired_line_is_not_said_to_act_whatever_the_service_says(two: Organisation) -> None:
    revived = line_with(roster=SECOND | {"retired": True}, able=True)
    said = shown(two["Ann"], revived, OF_LINE)
    assert "Its people have retired it." in said
    assert "It can act today" not in said
    lying, _ = lied_to(two["Gus"], {OF_LINE: revived})
    assert "can act today" not in lying.run(*REQUEST, *lying.phrase_options(("request",))).stderr
    drafted = line_with(roster=SECOND | {"retired": True}, able=True, signed=False)
    assert "It can act today." in shown(two["Ann"], drafted, OF_LINE)


@pytest.mark.parametrize("account", [f"{OTHER_ACCOUNT}.2", OTHER_ACCOUNT, ACCOUNT])
def test_what_is_no_other_line_is_not_said_to_be_one(two: Organisation, account: str) -> None:
    said = shown(two["Ann"], line_with(account=account))
    assert f"the service lists {account} beside {ACCOUNT}, which is no other line" in said
    assert f"Line {account} of the same AWS account" not in said
    assert doubted(two["Ann"], line_with(account=account)) == [LINE]
    lying, _ = lied_to(two["Ann"], {ROSTERS: line_with(account=account)})
    assert lying.do("roster", "show", ACCOUNT)["lines"] == []


def test_a_line_that_one_answer_leaves_out_and_another_has_is_said(two: Organisation) -> None:
    lying, _ = lied_to(two["Ann"], {f"/accounts/{ACCOUNT}": lambda got: got | {"lines": []}})
    said = lying.says("accounts", "show", ACCOUNT)
    assert said.count(SAID) == 1
    assert two["Ann"].says("accounts", "show", ACCOUNT).count(SAID) == 1
