"""A device that was shown another log than the others is named once it acts in theirs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crypto.encoding import b64decode, b64encode, canonical, parse_canonical
from crypto.randomness import random_bytes
from service.client.device import memory
from service.client.device.home import Home
from service.client.trust.heads import Head
from service.usecases import epochs
from tests.cast import ACCOUNT
from tests.client.acting import approve, ask, in_force, seal
from tests.client.commands.test_before_put_back import copied, put_back
from tests.client.commands.test_before_signing import lied_to
from tests.client.conftest import EVERYBODY, MFA, PASSWORD, Organisation, organise, running
from tests.client.devices import Device

NOT_THIS = "names a log that is not this one"
ELSEWHERE = {
    "a root that the log never had": Head(size=9, root="ab" * 32),
    "a log that is longer": Head(size=1_000_000, root="ab" * 32),
}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with in_force(tmp_path_factory.mktemp("foreign")) as organisation:
        yield organisation


@pytest.fixture
def takes_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that takes what it should refuse."""
    monkeypatch.setattr("service.usecases.context.check_head_of", lambda *_: None)


def sees(monkeypatch: pytest.MonkeyPatch, head: Head) -> None:
    """From here on devices act on what someone else has shown them."""
    for module in ("acting", "asking"):
        monkeypatch.setattr(f"service.client.cli.{module}.newest_head", lambda *_: head)


@pytest.mark.parametrize("what", ELSEWHERE)
def test_the_service_names_who_was_shown_another_log(
    people: Organisation, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    number = ask(people)
    with monkeypatch.context() as patch:
        sees(patch, ELSEWHERE[what])
        assert people["Ann"].refused("approve", number) == "log-forked"
    people["Gus"].do("cancel", number, "--reason", "over")


@pytest.mark.usefixtures("takes_all")
@pytest.mark.parametrize("what", ELSEWHERE)
def test_an_approval_of_another_log_is_named_and_not_counted(
    people: Organisation, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    number = ask(people)
    with monkeypatch.context() as patch:
        sees(patch, ELSEWHERE[what])
        people["Ann"].do("approve", number)
    approve(people, number, PASSWORD[1], *MFA)
    for name in EVERYBODY:
        said = people[name].run("show", number)
        assert f"the approval of Ann {NOT_THIS}: it is not counted" in said.stderr
        assert "PASSWORD GROUP: 1 OF 2" in said.stdout
        assert "Ann: no answer, and an approval of another log, not counted" in said.stdout
    gus, telling = lied_to(people["Gus"], {})
    assert gus.refused("release", number) == "log-forked"
    said = gus.run("release", number, *gus.phrase_options(("release",)))
    assert "these approvals name another log: Ann" in said.stderr
    assert telling.posted == []
    people["Gus"].do("cancel", number, "--reason", "over")


@pytest.mark.usefixtures("takes_all")
def test_who_was_heard_by_voice_still_helps_in_an_emergency(
    people: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(people)
    with monkeypatch.context() as patch:
        sees(patch, ELSEWHERE["a log that is longer"])
        people["Ann"].do("approve", number)
    approve(people, number, PASSWORD[1], *MFA)
    assert people["Gus"].do("release", number, "--heard")["state"] == "released"
    people["Gus"].do("close", number, "--summary", "done")


@pytest.mark.usefixtures("takes_all")
@pytest.mark.parametrize("what", ELSEWHERE)
def test_a_request_of_another_log_is_not_approved_and_can_be_denied(
    people: Organisation, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    with monkeypatch.context() as patch:
        sees(patch, ELSEWHERE[what])
        number = ask(people)
    ann, telling = lied_to(people["Ann"], {})
    assert ann.refused("approve", number) == "log-forked"
    assert ann.refused("approve", number, "--heard") == "log-forked"
    assert telling.posted == []
    assert not [call for call in telling.calls if call.endswith("/share")]
    said = ann.run("deny", number, "--reason", "no", *ann.phrase_options(("deny",)))
    assert f"the request of Gus {NOT_THIS}" in said.stderr
    assert telling.posted == [f"/requests/{number}/decisions"]


@pytest.mark.usefixtures("takes_all")
def test_a_denial_of_another_log_is_named_and_still_takes_the_approval_back(
    people: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(people)
    approve(people, number, "Ann")
    with monkeypatch.context() as patch:
        sees(patch, ELSEWHERE["a log that is longer"])
        people["Ann"].do("deny", number, "--reason", "no")
    said = people["Gus"].run("show", number)
    assert f"the denial of Ann {NOT_THIS}" in said.stderr
    assert "PASSWORD GROUP: 0 OF 2" in said.stdout


# --- a service that does not prove them ---


def withheld(heads: list[Any]) -> list[Any]:
    return []


def moved(heads: list[Any]) -> list[Any]:
    return [{**one, "consistency": [b64encode(random_bytes(32))]} for one in heads]


def made_up(heads: list[Any]) -> list[Any]:
    return [{**one, "root": b64encode(bytes([0xAB]) * 32)} for one in heads]


@pytest.mark.parametrize("lie", [withheld, moved, made_up])
def test_a_head_that_is_not_proved_is_of_no_log(
    people: Organisation, lie: Callable[[list[Any]], list[Any]]
) -> None:
    number = ask(people)
    told = {f"/requests/{number}": lambda answer: _telling(answer, lie)}
    ann, telling = lied_to(people["Ann"], told)
    assert ann.refused("approve", number) == "log-forked"
    assert telling.posted == []
    people["Ann"].do("approve", number)
    gus, telling = lied_to(people["Gus"], told)
    assert f"the approval of Ann {NOT_THIS}" in gus.run("show", number).stderr
    people["Gus"].do("cancel", number, "--reason", "over")


def _telling(answer: Any, lie: Callable[[list[Any]], list[Any]]) -> Any:
    return {**answer, "log": {**answer["log"], "heads": lie(answer["log"]["heads"])}}


# --- receipts ---


def test_what_someone_did_not_sign_names_no_one(people: Organisation) -> None:
    """A service that puts another head into a custody receipt."""

    def forged(dsse: Any) -> Any:
        payload = {**parse_canonical(b64decode(dsse["payload"])), "log_root": "ab" * 32}
        return {**dsse, "payload": b64encode(canonical(payload))}

    def lie(answer: Any) -> Any:
        assert answer["receipts"]
        return {**answer, "receipts": [forged(one) for one in answer["receipts"]]}

    number = ask(people)
    ann, _ = lied_to(people["Ann"], {f"/requests/{number}": lie})
    said = ann.run("show", number)
    assert said.exit_code == 0
    assert NOT_THIS not in said.stderr
    assert ann.refused("approve", number) == "receipt-forged"
    people["Gus"].do("cancel", number, "--reason", "over")


@pytest.mark.usefixtures("takes_all")
def test_a_receipt_of_another_log_is_named_and_makes_nothing_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with in_force(tmp_path) as people:
        said = people["Gus"].run("accounts", "show", ACCOUNT)
        assert NOT_THIS not in said.stderr
        with monkeypatch.context() as patch:
            patch.setattr("tests.client.acting.PASSWORD", ())
            patch.setattr("tests.client.acting.MFA", ())
            seal(people)
        with monkeypatch.context() as patch:
            sees(patch, ELSEWHERE["a root that the log never had"])
            people["Ann"].do("confirm", ACCOUNT)
        for name in (PASSWORD[1], *MFA):
            people[name].do("confirm", ACCOUNT)
        said = people["Gus"].run("accounts", "show", ACCOUNT)
        assert f"the custody receipt of Ann {NOT_THIS}: it is not counted" in said.stderr
        assert "1 of 2" in said.stdout
        # So a request on version 1 would not be refused here for an older envelope.
        assert _ready_at(people["Gus"]) == 1
        people["Eli"].run("accounts", "show", ACCOUNT)
        assert _ready_at(people["Eli"]) == 1
        # One's own receipt is only named: it keeps no one from approving.
        number = ask(people)
        ann = people["Ann"]
        said = ann.run("approve", number, *ann.phrase_options(("approve",)))
        assert f"the custody receipt of Ann {NOT_THIS}. Tell" in said.stderr
        assert ann.do("show", number)["groups"][0]["approved"] != []


def _ready_at(device: Device) -> int:
    ready = memory.ready_envelope(Home(device.home), ACCOUNT)
    assert ready is not None
    return ready[0]


# --- what an epoch gave up ---


def test_a_head_that_a_known_epoch_gives_up_is_no_fork(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path) as ctx:
        people = organise(ctx, tmp_path)
        people.sign(*EVERYBODY)
        seal(people)
        state, copy = tmp_path / "state", tmp_path / "copy"
        copied(ctx, state, copy, "breakglass.db")
        approve(people, ask(people), "Ann")
        size, root = _head(ctx.signer.checkpoint(ctx.database))
        put_back(ctx, state, copy)
        epochs.begin(ctx, "ops:nina", "the disk broke")
        for name in EVERYBODY:
            people[name].do("login", "--accept-epoch")
        number = ask(people)
        with monkeypatch.context() as patch:
            sees(patch, Head(size=size, root=root))
            people["Ann"].do("approve", number)
        said = people["Gus"].run("show", number)
        assert NOT_THIS not in said.stderr
        approve(people, number, PASSWORD[1], *MFA)
        assert people["Gus"].do("release", number)["state"] == "released"


def _head(note: str) -> tuple[int, str]:

    _, size, root, *_ = note.split("\n")
    return int(size), b64decode(root).hex()
