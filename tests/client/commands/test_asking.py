"""Asking for root access, looking at requests, and taking them back."""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from service.client.commands.listing import parse_list
from service.client.foundation.errors import ApiRefusal, ClientRefusal
from service.client.foundation.spans import parse_span
from service.domain.tasks import TASKS
from tests.cast import ACCOUNT
from tests.client.acting import approve, ask, in_force, kept
from tests.client.conftest import Organisation

REASON = ("--reason", "the invoice run is stuck")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with in_force(tmp_path_factory.mktemp("asking")) as organisation:
        yield organisation


def test_a_request_is_kept_posted_and_said_in_words(people: Organisation) -> None:
    gus = people["Gus"]
    said = gus.says("request", ACCOUNT, "--task", "billing", *REASON, "--lifetime", "30m")
    assert "Gus asks to be root of 111122223333 (Payer)." in said
    assert "password group: 2 of Ann and Bob" in said
    assert "MFA group: 2 of Dea and Eli" in said
    number = said.split("The request is ")[1].split()[0]
    key = gus.home / "requests" / f"{number}.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert set(json.loads(key.read_bytes())) == {
        "format", "person", "request", "recipient_key", "wrapped", "slots",
    }  # fmt: skip
    shown = gus.do("show", number)
    assert shown["state"] == "pending"
    gus.do("cancel", number, "--reason", "found another way")
    assert not any(name.startswith(number) for name in kept(gus))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--task", "billing"), "needs-answer"),
        (REASON, "needs-answer"),
        (("--task", "regions", *REASON), "needs-no-root"),
        (("--task", "drill", *REASON), "unknown-task"),
        (("--task", "levitation", *REASON), "unknown-task"),
        (("--task", "billing", *REASON, "--lifetime", "soon"), "not-a-time"),
        (("--task", "billing", *REASON, "--lifetime", "30h"), "policy"),
        (("--task", "billing", *REASON, "--window", "9h"), "policy"),
        (("--task", "billing", "--reason", "  "), "reason-needed"),
    ],
)
def test_a_request_that_cannot_be_made_leaves_nothing_here(
    people: Organisation, options: tuple[str, ...], code: str
) -> None:
    before = kept(people["Gus"])
    assert people["Gus"].refused("request", ACCOUNT, *options) == code
    assert kept(people["Gus"]) == before


def test_a_custodian_cannot_ask(people: Organisation) -> None:
    assert (
        people["Ann"].refused("request", ACCOUNT, "--task", "billing", *REASON) == "not-in-roster"
    )


def test_a_task_that_needs_no_root_goes_on_with_a_word_that_is_signed(
    people: Organisation,
) -> None:
    options = ("request", ACCOUNT, "--task", "regions", *REASON)
    refused = people["Gus"].run(*options, *people["Gus"].phrase_options(options))
    said = " ".join(refused.stderr.split())
    assert "[needs-no-root]" in said
    assert TASKS["regions"].instead in said
    assert "--anyway" in said
    number = ask(people, "--task", "regions", "--anyway", "the organisation's roles are locked")
    assert "in words   the organisation's roles are locked" in people["Ann"].says("show", number)
    people["Gus"].do("cancel", number, "--reason", "done")


def test_both_groups_stand_side_by_side_and_the_life_on_one_line(people: Organisation) -> None:
    number = ask(people)
    approve(people, number, "Ann", "Dea")
    said = people["Bob"].says("show", number)
    assert "PASSWORD GROUP: 1 OF 2  MFA GROUP: 1 OF 2" in said
    assert "Ann: approved           Dea: approved" in said
    life = next(line for line in said.splitlines() if "→" in line)
    assert "asked →" in life
    assert life.endswith("→ now pending")
    people["Gus"].do("cancel", number, "--reason", "done")
    assert people["Bob"].says("show", number).strip().endswith("cancelled → now cancelled")


def test_asking_again_cancels_copies_and_tells_whom_that_asks_twice(
    people: Organisation,
) -> None:
    old = ask(people, "--ticket", "OPS-1")
    approve(people, old, "Ann")
    said = people["Gus"].run(
        "request", "--again", old, *people["Gus"].phrase_options(("request",)), "--json"
    )
    assert "Ann approved already and will be asked again" in said.stderr
    new = json.loads(said.stdout)["id"]
    assert people["Gus"].do("show", old)["state"] == "cancelled"
    assert people["Gus"].do("show", new)["task"] == "billing"
    assert not any(name.startswith(old) for name in kept(people["Gus"]))
    people["Gus"].do("cancel", new, "--reason", "done")


def test_a_refusal_after_the_request_was_taken_leaves_its_key(
    people: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ApiRefusal("busy", "try again")

    options = ("--task", "billing", *REASON)
    before = kept(people["Gus"])
    with monkeypatch.context() as patched:
        patched.setattr("service.client.cli.acting.check_log", refuse)
        assert people["Gus"].refused("request", ACCOUNT, *options) == "busy"
    [number] = {name.partition(".")[0] for name in set(kept(people["Gus"])) - set(before)}
    assert f"{number}.key" in kept(people["Gus"])
    assert people["Gus"].do("show", number)["state"] == "pending"
    people["Gus"].do("cancel", number, "--reason", "done")


def test_an_operator_sees_a_request_and_is_told_that_nothing_anchors_it(
    people: Organisation,
) -> None:
    number = ask(people)
    said = people.operator.run("show", number)
    assert "Gus asks to be root" in said.stdout
    assert "You sign no rosters" in said.stderr
    assert people.operator.refused("approve", number, "--yes") == "roster-not-mine"
    people["Gus"].do("cancel", number, "--reason", "done")


def test_the_requester_cannot_decide_and_a_stranger_sees_nothing(people: Organisation) -> None:
    number = ask(people)
    assert people["Gus"].refused("approve", number) == "self-approval"
    assert people["Gus"].refused("deny", number, "--reason", "no") == "not-in-roster"
    people["Gus"].do("cancel", number, "--reason", "done")


# ---------------------------------------------------------------- lies about a request


def lie(where: str, **changes: Any) -> Any:
    def change(answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, where: {**answer[where], **changes}} if where else {**answer, **changes}

    return change


def flipped(answer: dict[str, Any]) -> dict[str, Any]:
    """One character of the request's signature is another."""
    signature = answer["request"]["statement"]["signatures"][0]
    signature["sig"] = ("A" if signature["sig"][0] != "A" else "B") + signature["sig"][1:]
    return answer


def test_a_lie_about_a_request_is_refused_before_anything_is_asked(people: Organisation) -> None:
    number, other = ask(people), ask(people)
    path = f"/requests/{number}"
    elsewhere = people["Ann"].do("show", other)
    elsewhere = {name: said for name, said in elsewhere.items() if not name.startswith("lines")}
    for change, code in (
        (flipped, "request-forged"),
        (lie("", digest="0" * 64), "request-replaced"),
        (lie("", drill=True), "request-replaced"),
        (lambda _: elsewhere, "request-replaced"),
        (lie("", request=elsewhere["request"]), "request-replaced"),
        (lie("request", at="2026-02-30T00:00:00Z"), "malformed-statement"),
        (lie("", decisions=[elsewhere["request"]]), "malformed-statement"),
        (lie("", account="999988887777"), "roster-chain"),
    ):
        for act in ("show", "approve"):
            assert people["Ann"].told(change, path, act, number) == code
    for number_ in (number, other):
        people["Gus"].do("cancel", number_, "--reason", "done")


# ---------------------------------------------------------------- the list


def test_the_list_says_how_far_each_group_is(people: Organisation) -> None:
    number = ask(people)
    approve(people, number, "Ann")
    said = people["Dea"].says("list", "--state", "open")
    line = next(line for line in said.splitlines() if line.startswith(number))
    assert "Payer" in line
    assert "1/2" in line
    assert "0/2" in line
    assert people["Dea"].do("list", "--limit", "1")["requests"][0]["id"] == number
    people["Gus"].do("cancel", number, "--reason", "done")


def test_the_list_loads_no_shapes_no_cryptography_and_no_painter() -> None:
    code = (
        "import sys, service.client.main, service.client.commands.listing\n"
        "import service.client.link.connection\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert "httpx" in loaded
    assert not {"pydantic", "cryptography", "rich", "shamir_mnemonic"} & set(loaded)


GROUP = {"group": "mfa", "needed": 1, "approved": [], "denied": [], "waiting": ["x"]}
TEXTS = [
    "id",
    "digest",
    "manifest_digest",
    "account",
    "account_name",
    "requester",
    "requester_name",
    "task",
    "reason",
    "state",
    "entered_at",
    "expires_at",
    "window_ends_at",
]
ROW = {
    **dict.fromkeys(TEXTS, ""),
    "drill": False,
    "offline": False,
    "groups": [GROUP],
    "handed": [],
}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {"requests": []},
        {"requests": {}, "next": ""},
        {"requests": [], "next": "", "more": 1},
        {"requests": [[]], "next": ""},
        {"requests": [{**ROW, "extra": ""}], "next": ""},
        {"requests": [{**ROW, "state": 1}], "next": ""},
        {"requests": [{**ROW, "drill": 0}], "next": ""},
        {"requests": [{**ROW, "groups": [{**GROUP, "needed": True}]}], "next": ""},
        {"requests": [{**ROW, "groups": [{**GROUP, "denied": [1]}]}], "next": ""},
        {"requests": [{**ROW, "groups": [{**GROUP, "who": []}]}], "next": ""},
        {"requests": [{**ROW, "handed": [1]}], "next": ""},
        {"requests": [{**ROW, "handed": ""}], "next": ""},
        {"requests": [{k: v for k, v in ROW.items() if k != "task"}], "next": ""},
    ],
)
def test_an_answer_of_another_form_than_a_list_is_refused(answer: object) -> None:
    assert parse_list(json.dumps({"requests": [ROW], "next": ""}).encode())
    with pytest.raises(ClientRefusal) as caught:
        parse_list(json.dumps(answer).encode())
    assert caught.value.code == "server-answer"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2h", 7200), ("90m", 5400), ("1h30m", 5400), ("1h 30 min", 5400), ("45 minutes", 2700),
     ("3600s", 3600), ("1 hour", 3600)],
)  # fmt: skip
def test_lengths_of_time_are_read_as_people_write_them(text: str, seconds: int) -> None:
    assert parse_span(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "h", "0m", "-1h", "1d", "1h and more", "²h", "1h,30m"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ClientRefusal):
        parse_span(text)
