"""Deciding, releasing, revealing, ending: the whole way, and every lie on it."""

import json
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.client.device.home import Home
from tests.cast import ACCOUNT
from tests.client.acting import SECRET, approve, ask, kept, revealed, seal
from tests.client.conftest import Organisation
from tests.client.devices import Device, Lying


def without(name: str) -> Callable[[Any], Any]:
    """A service that leaves one field of its answer empty."""
    return lambda answer: answer | {name: ""}


def lied_to(device: Device, path: str, lie: Callable[[Any], Any], *args: str) -> str:
    """The code of the refusal when the service's answer to an act is a lie."""
    lying = Lying(device.transport, path, lie)
    return Device(device.name, device.home, lying, device.words).refused(*args)


# ---------------------------------------------------------------- deciding


def superseded(answer: Any) -> Any:
    return {**answer, "manifest_state": "superseded", "receipts": []}


def with_a_forged_receipt(answer: Any) -> Any:
    [mine] = answer["receipts"]
    return {**answer, "receipts": [{**mine, "signatures": answer["manifest"]["signatures"]}]}


def for_another_envelope(answer: Any) -> Any:
    return {**answer, "receipts": [answer["manifest"]]}


def test_a_custodian_is_not_fooled_about_the_envelope(people: Organisation) -> None:
    number = ask(people)
    shown = f"/requests/{number}"
    share = f"/envelopes/{people['Ann'].do('accounts', 'show', ACCOUNT)['in_force']}/share"
    others = {"group": "password", "sealed_share": "A" * 280}
    for path, change, code in (
        (shown, superseded, "receipt-missing"),
        (shown, with_a_forged_receipt, "receipt-forged"),
        (shown, for_another_envelope, "malformed-statement"),
        (share, lambda _: others, "content-replaced"),
    ):
        assert people["Ann"].told(change, path, "approve", number) == code
    assert not (people["Ann"].home / "gone.json").exists()
    people["Gus"].do("cancel", number, "--reason", "done")


def test_a_custodian_is_told_for_what_their_share_has_left_before(people: Organisation) -> None:
    first = ask(people, "--reason", "a first try")
    approve(people, first, "Ann")
    people["Gus"].do("cancel", first, "--reason", "done")
    second = ask(people)
    (people["Ann"].home / "gone.json").unlink()  # a fresh device asks the service
    said = people["Ann"].run("approve", second, *people["Ann"].phrase_options(("approve",)))
    assert f"went to {first}, “a first try”, as the service lists it" in said.stderr
    assert "You have already released your share of this password" in said.stderr
    noted = json.loads((people["Ann"].home / "gone.json").read_text())
    assert [*noted.values()] == [{second: "the invoice run is stuck"}]
    people["Gus"].do("cancel", second, "--reason", "done")


def test_a_denial_says_why_and_may_follow_an_approval(people: Organisation) -> None:
    number = ask(people)
    assert people["Ann"].refused("deny", number) == "needs-answer"
    approve(people, number, "Ann")
    assert people["Ann"].refused("approve", number) == "already-decided"
    assert people["Ann"].do("deny", number, "--reason", "not tonight")["state"] == "denied"
    assert "Ann: denied (not tonight)" in people["Bob"].says("show", number)
    assert people["Bob"].refused("approve", number) == "wrong-state"


# ---------------------------------------------------------------- releasing


@pytest.fixture(scope="module")
def approved(people: Organisation) -> str:
    number = ask(people)
    assert people["Gus"].refused("release", number) == "no-quorum"
    assert approve(people, number)["state"] == "approved"
    return number


def is_released(people: Organisation, request: str) -> None:
    """Release it, unless the test before has done so."""
    if people["Gus"].do("show", request)["state"] == "approved":
        people["Gus"].do("release", request)


def test_what_is_released_is_verified_kept_and_revealed_where_it_was_asked_to(
    people: Organisation, approved: str
) -> None:
    gus = people["Gus"]
    done = gus.do("release", approved)
    assert done["state"] == "released"
    file = gus.home / "requests" / f"{approved}.released"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert revealed(gus, "reveal", approved) == SECRET
    said = gus.run("reveal", approved, *gus.phrase_options(("reveal",)))
    assert SECRET not in said.output
    assert "Opened with the shares of Ann, Bob, Dea and Eli." in said.stderr
    assert "is hidden" in said.stderr
    assert gus.refused("reveal", approved, "--show") == "not-a-terminal"
    fetched = [e for e in actions(people) if e == "request:fetched"]
    assert fetched == []  # the kept answer was used each time
    assert revealed(gus, "reveal", approved, "--again") == SECRET
    assert actions(people).count("request:fetched") == 1


def actions(people: Organisation) -> list[str]:
    """Everything in the log, as the operator exports it."""
    folder = (
        people.operator.home.parent / f"export-{len(list(people.operator.home.parent.iterdir()))}"
    )
    people.operator.do("audit", "export", str(folder))
    lines = (folder / "events.jsonl").read_text().splitlines()
    return [json.loads(line)["action"] for line in lines]


def tampered(home: Path, request: str, change: Callable[[Any], Any]) -> None:
    name = f"requests/{request}.released"
    data = json.loads(Home(home).read(name) or b"")
    Home(home).write(name, json.dumps(change(data)).encode())


def test_a_kept_release_that_was_changed_is_refused(people: Organisation, approved: str) -> None:
    is_released(people, approved)
    gus = people["Gus"]
    name = f"requests/{approved}.released"
    before = Home(gus.home).read(name)
    assert before is not None
    tampered(gus.home, approved, lambda data: data | {"content": "A" * 720})
    assert gus.refused("reveal", approved) == "content-replaced"
    tampered(gus.home, approved, lambda _: json.loads(before) | {"decisions": []})
    assert gus.refused("reveal", approved) == "no-quorum"
    Home(gus.home).write(name, before)


def test_another_device_of_the_requester_cannot_open_it(
    people: Organisation, approved: str, tmp_path: Path
) -> None:
    gus = people["Gus"]
    other = Device(gus.name, tmp_path / "other", gus.transport, gus.words)
    words = ["--phrase-file", str(gus.phrase_file)]
    other.do("login", "--server", "http://localhost:8420", "--email", gus.email, *words)
    assert other.refused("reveal", approved, "--yes", *words) == "not-my-request"
    assert other.refused("release", approved, "--yes", *words) == "not-my-request"


def test_a_release_leads_through_closure_rotation_and_review(
    people: Organisation, approved: str
) -> None:
    is_released(people, approved)
    gus = people["Gus"]
    assert gus.do("close", approved, "--summary", "mended it")["state"] == "rotation_due"
    assert not any(name.startswith(approved) for name in kept(gus))
    assert gus.refused("reveal", approved) == "not-my-request"
    assert people["Ann"].refused("review", approved, "--rotated", "--note", "x") == "wrong-state"
    seal(people)
    assert (
        people["Ann"].do("review", approved, "--rotated", "--note", "yes")["state"] == "review_due"
    )
    assert people["Ann"].refused("review", approved) == "needs-answer"
    assert people["Dea"].do("review", approved, "--rotated", "--note", "ok")["state"] == "closed"
    life = people["Bob"].says("show", approved).splitlines()[-1]
    assert "released → " in life
    assert life.endswith("reviewed → now closed")


def test_a_lie_in_the_answer_to_a_release_is_refused_and_nothing_is_kept(
    people: Organisation,
) -> None:
    gus, number = people["Gus"], ask(people)
    approve(people, number)
    path = f"/requests/{number}/release"
    code = lied_to(gus, path, lambda a: a | {"content": "A" * 720}, "release", number)
    assert code == "content-replaced"
    assert f"{number}.released" not in kept(gus)
    # it was released all the same: the honest answer is fetched
    assert gus.refused("release", number) == "wrong-state"
    wrong = people.operator.home.parent / "wrong"
    assert not wrong.exists()
    code = lied_to(gus, path, lambda a: a | {"receipt": "x"}, "reveal", number)
    assert code == "log-receipt-forged"
    code = lied_to(gus, path, lambda a: a | {"entry": "e30="}, "reveal", number)
    assert code == "log-receipt-forged"
    for left_out, warning in (
        ("receipt", "the log gave no receipt"),
        ("entry", "the log did not show the release's entry"),
    ):
        lying = Lying(gus.transport, path, without(left_out))
        options = gus.phrase_options(("reveal",))
        said = Device(gus.name, gus.home, lying).run("reveal", number, *options)
        assert said.exit_code == 0
        assert warning in said.stderr
        for found in gus.home.rglob("*.released"):
            found.unlink()  # so that it is fetched again
    gus.do("close", number, "--summary", "done")


def test_a_window_that_is_over_by_this_clock_wants_a_second_press_and_names_both_clocks(
    people: Organisation,
) -> None:
    gus, number = people["Gus"], ask(people, "--window", "1s")
    approve(people, number)
    gus.do("release", number)
    time.sleep(1.1)
    said = gus.run("reveal", number, *gus.phrase_options(("reveal",)))
    assert "needs-answer" in said.stderr
    assert "this device's clock says" in said.stderr.lower()
    assert "the release entered the log at" in said.stderr
    # The press comes before the phrase: who gives up has unlocked nothing.
    assert "Opened with the shares" not in said.stderr
    assert any(name.startswith(number) for name in kept(gus))
    assert revealed(gus, "reveal", number, "--despite-clock") == SECRET
    gus.do("close", number, "--summary", "done")
    assert not any(name.startswith(number) for name in kept(gus))


# ---------------------------------------------------------------- drills
