"""What the service shows is held against the log before a share is opened or anything is posted."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from crypto.encoding import b64decode, b64encode, format_time, parse_time
from crypto.leaf import parse_leaf
from crypto.note import NoteSigner
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes
from service.client.cli.invocation import Invocation
from tests.cast import ACCOUNT
from tests.client.acting import approve, ask, in_force, kept, seal
from tests.client.conftest import MFA, PASSWORD, Organisation
from tests.client.devices import Dated, Device, lied

Lie = Callable[[Any], Any]


@dataclass
class Telling(httpx.BaseTransport):
    """A service in between that changes what it shows, and keeps what was called."""

    honest: httpx.BaseTransport
    lies: dict[str, Lie] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        self.calls.append(f"{request.method} {path}")
        answer = self.honest.handle_request(request)
        return lied(answer, request, self.lies)

    @property
    def posted(self) -> list[str]:
        posts = (call.removeprefix("POST ") for call in self.calls if call.startswith("POST "))
        return [path for path in posts if not path.startswith("/sessions/")]


def lied_to(device: Device, lies: dict[str, Lie]) -> tuple[Device, Telling]:
    telling = Telling(device.transport, lies)
    return Device(device.name, device.home, telling, device.words), telling


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with in_force(tmp_path_factory.mktemp("before")) as organisation:
        yield organisation


def later(monkeypatch: pytest.MonkeyPatch, **how: float) -> None:
    """Set the clocks of devices alone."""
    monkeypatch.setattr(Invocation, "now", lambda _: _now() + timedelta(**how))


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def log_without(*actions: str) -> Lie:
    def lie(answer: Any) -> Any:
        leaves = [one for one in answer["log"]["leaves"] if not _is(one, actions)]
        return {**answer, "log": {**answer["log"], "leaves": leaves}}

    return lie


def _is(shown: Any, actions: tuple[str, ...]) -> bool:
    return parse_leaf(b64decode(shown["leaf"])).action in actions


def moved(answer: Any) -> Any:
    """A proof that leads elsewhere."""
    elsewhere = b64encode(random_bytes(32))
    leaves = [{**one, "path": [*one["path"][:-1], elsewhere]} for one in answer["log"]["leaves"]]
    return {**answer, "log": {**answer["log"], "leaves": leaves}}


def silent(answer: Any) -> Any:
    return {**answer, "log": None}


def forked(answer: Any) -> Any:
    return {**answer, "log": {**answer["log"], "consistency": [b64encode(random_bytes(32))]}}


def foreign_key(answer: Any) -> Any:
    key = NoteSigner("evil.example/log", SecretBytes(random_bytes(32))).verifier.vkey
    return {**answer, "log": {**answer["log"], "verifier_key": key}}


LIES: dict[str, tuple[Lie, str]] = {
    "a request that is not in the log": (log_without("request:opened"), "not-yet-in-log"),
    "an envelope that is not in the log": (log_without("envelope:sealed"), "not-yet-in-log"),
    "a roster that is not in the log": (log_without("roster:accepted"), "not-yet-in-log"),
    "proofs of something else": (moved, "not-yet-in-log"),
    "a checkpoint that does not come": (silent, "not-yet-in-log"),
    "a fork": (forked, "log-forked"),
    "a foreign log key": (foreign_key, "log-key-changed"),
}


def everywhere(number: str, lie: Lie) -> dict[str, Lie]:
    """The same lie in all that an act on a request reads."""
    return {f"/requests/{number}": lie, f"/accounts/{ACCOUNT}/rosters": lie}


@pytest.mark.parametrize("what", LIES)
def test_no_share_is_opened_and_nothing_posted_for_what_is_not_in_the_log(
    people: Organisation, what: str
) -> None:
    number, (lie, code) = ask(people), LIES[what]
    ann, telling = lied_to(people["Ann"], everywhere(number, lie))
    assert ann.refused("approve", number) == code
    assert telling.posted == []
    assert not [call for call in telling.calls if call.endswith("/share")]
    people["Gus"].do("cancel", number, "--reason", "over")


@pytest.mark.parametrize("what", LIES)
def test_a_denial_goes_on_whatever_the_log_shows(people: Organisation, what: str) -> None:
    number, (lie, code) = ask(people), LIES[what]
    ann, telling = lied_to(people["Ann"], everywhere(number, lie))
    shown = ann.run("deny", number, "--reason", "no", *ann.phrase_options(("deny",)))
    assert f"[{code}]" in shown.stderr
    assert telling.posted == [f"/requests/{number}/decisions"]
    assert people["Gus"].do("show", number)["state"] == "denied"


def test_what_is_not_shown_yet_can_be_heard(people: Organisation) -> None:
    number = ask(people)
    ann, telling = lied_to(people["Ann"], {f"/requests/{number}": silent})
    said = ann.run("approve", number, *ann.phrase_options(("approve",)))
    assert "hear Gus by voice" in said.stderr
    assert telling.posted == []
    assert ann.do("approve", number, "--heard")["state"] == "pending"
    people["Gus"].do("cancel", number, "--reason", "over")


def test_an_old_request_is_not_shown_as_a_new_one(
    people: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(people)
    people["Bob"].do("deny", number, "--reason", "not now")

    def renewed(answer: Any) -> Any:
        """Three days later: entered a moment ago, and no one has said a thing."""
        now = format_time(_now() + timedelta(days=3))
        return answer | {
            "state": "pending",
            "entered_at": now,
            "request": answer["request"] | {"at": now},
            "decisions": [],
        }

    later(monkeypatch, days=3)
    ann, telling = lied_to(people["Ann"], {f"/requests/{number}": renewed})
    assert ann.refused("approve", number) == "request-over"
    said = ann.run("approve", number, *ann.phrase_options(("approve",)))
    assert "if this device's clock is right, this request ended 2 days" in said.stderr
    assert telling.posted == []
    # Where no proof comes either, time counts from what was signed, and from nothing in the answer.
    telling.lies[f"/requests/{number}"] = lambda answer: renewed(silent(answer))
    assert ann.refused("approve", number, "--heard") == "request-over"


@pytest.mark.parametrize(("minutes", "fits"), [(-9, True), (-11, False)])
def test_a_clock_may_be_behind_by_ten_minutes(
    people: Organisation, monkeypatch: pytest.MonkeyPatch, minutes: int, *, fits: bool
) -> None:
    number = ask(people, "--lifetime", "5m")
    with monkeypatch.context() as patch:
        later(patch, minutes=minutes)
        if fits:
            people["Ann"].do("approve", number)
        else:
            assert people["Ann"].refused("approve", number) == "request-over"
            people["Ann"].do("approve", number, "--despite-clock")
    people["Gus"].do("cancel", number, "--reason", "over")


def test_a_request_of_a_wrong_clock_is_signed_anew_with_the_services_time(
    people: Organisation,
) -> None:
    gus, asked = people["Gus"], ("request", ACCOUNT, "--task", "billing", "--reason", "now")
    wrong = replace(gus, ahead=timedelta(minutes=30), transport=Dated(gus.transport))
    before = kept(gus)
    number = wrong.do(*asked, "--despite-clock")["id"]
    assert sorted(set(kept(gus)) - set(before)) == [f"{number}.key", f"{number}.statement"]
    signed = people["Ann"].do("show", number)["request"]
    said = json.loads(b64decode(signed["statement"]["payload"]))
    assert abs(parse_time(said["at"]) - parse_time(signed["at"])) <= timedelta(seconds=5)
    approve(people, number)
    gus.do("release", number)
    gus.do("close", number, "--summary", "done")


def test_a_release_wants_the_approvals_in_the_log(people: Organisation) -> None:
    number = ask(people)
    approve(people, number)
    lie = {f"/requests/{number}": log_without("request:approved")}
    gus, telling = lied_to(people["Gus"], lie)
    assert gus.refused("release", number) == "not-yet-in-log"
    assert telling.posted == []
    people["Gus"].do("cancel", number, "--reason", "over")


# --- no call more ---


def test_an_approval_takes_no_call_more_than_it_did(people: Organisation) -> None:
    for reason in ("one", "two"):
        before = ask(people, "--reason", reason)
        approve(people, before, "Ann")
        people["Gus"].do("cancel", before, "--reason", "over")
    number = ask(people)
    ann, telling = lied_to(people["Ann"], {})
    ann.do("approve", number)
    assert telling.calls == [
        f"GET /requests/{number}/case",
        "GET /requests",
        "POST /sessions/parameters",
        "POST /sessions/fresh",
        "GET /slots",
        telling.calls[5],
        f"POST /requests/{number}/decisions",
        "GET /checkpoint",
    ]
    assert telling.calls[5].endswith("/share")
    people["Gus"].do("cancel", number, "--reason", "over")


# --- envelopes ---


def test_a_superseded_envelope_is_not_shown_as_ready(tmp_path: Path) -> None:
    with in_force(tmp_path) as people:
        number = ask(people)
        seal(people)
        last = people[MFA[-1]]
        lie = {f"/requests/{number}": lambda answer: answer | {"manifest_state": "ready"}}
        device, telling = lied_to(last, lie)
        assert device.refused("approve", number) == "envelope-rewound"
        assert telling.posted == []


def test_a_newer_envelope_that_is_not_ready_refuses_no_older_one(tmp_path: Path) -> None:
    with in_force(tmp_path) as people:
        number = ask(people)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tests.client.acting.PASSWORD", PASSWORD[:1])
            patch.setattr("tests.client.acting.MFA", MFA[:1])
            seal(people)
        said = people["Gus"].says("request", ACCOUNT, "--task", "billing", "--reason", "again")
        assert "version 2 waits for confirmations, 2 of 4" in said
        assert approve(people, number)["state"] == "approved"
