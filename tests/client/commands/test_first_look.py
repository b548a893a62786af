"""A device that remembers no log: its owner's newest statement says what the log has to be."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from crypto.encoding import b64decode, b64encode, canonical
from crypto.identity import Identity
from crypto.spoken import log_key_words
from crypto.statement import parse, sign
from service.client.device import memory
from service.client.device.home import Home
from service.client.device.memory import SeenLog
from service.client.foundation import render
from service.clock import now
from service.usecases import epochs
from service.usecases.context import Context
from tests.cast import ACCOUNT
from tests.client.acting import ask, seal
from tests.client.commands.test_before_put_back import copied, put_back
from tests.client.commands.test_before_signing import lied_to
from tests.client.conftest import EVERYBODY, Organisation, organise, running
from tests.client.devices import URL, Device

NEW = "has not seen this log before"
ANN = "11111111-1111-4111-8111-111111111111"
Installation: TypeAlias = tuple[Context, Organisation, str, Path]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An open request, then a copy, and then Ann's approval of another, which the copy lacks."""
    folder = tmp_path_factory.mktemp("first")
    with running(folder) as ctx:
        people = organise(ctx, folder)
        people.sign(*EVERYBODY)
        seal(people)
        number = ask(people)
        copied(ctx, folder / "state", folder / "copy", "breakglass.db", "log.guard", "guard")
        grow(people)
        people["Ann"].do("approve", ask(people))
        yield ctx, people, number, folder


def grow(people: Organisation) -> None:
    """Let the log have six entries more."""
    for _ in range(6):
        people.operator.do("login")


def fresh(device: Device, folder: Path, *options: str) -> tuple[Device, str]:
    """Sign in on a new device; return it and what was said."""
    folder.mkdir(exist_ok=True)
    new = Device(device.name, folder / "new", device.transport, device.words)
    shutil.copy(device.phrase_file, new.phrase_file)
    signing_in = ("login", "--server", URL, "--email", device.email, *options)
    said = new.run(*signing_in, *new.phrase_options(("login",)))
    assert said.exit_code == 0, said.output
    return new, said.stderr


class Handing(httpx.BaseTransport):
    """A service in between that answers signing in with a statement of its choice.

    ``handed`` is what the real one answered.
    """

    def __init__(self, honest: httpx.BaseTransport, choose: Callable[[Any], Any]) -> None:
        self.honest, self.choose, self.handed = honest, choose, None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.honest.handle_request(request)
        if (request.method, request.url.path) != ("POST", "/api/v1/sessions"):
            return answer
        opened = json.loads(answer.read())
        self.handed = opened["own_statement"]
        told = {**opened, "own_statement": self.choose(self.handed)}
        return httpx.Response(answer.status_code, json=told)


def through(device: Device, choose: Callable[[Any], Any]) -> tuple[Device, Handing]:
    handing = Handing(device.transport, choose)
    return Device(device.name, device.home, handing, device.words), handing


def remembered(device: Device) -> SeenLog | None:
    return memory.seen_log(Home(device.home), URL)


def spoken_words(log: SeenLog) -> str:
    return render.spoken(log_key_words(log.verifier_key))


@contextmanager
def put_back_for_now(ctx: Context, folder: Path, *, epoch: bool = False) -> Iterator[None]:
    """The service goes on with the copy, and afterwards with what it has now.

    With ``epoch`` it is only the database that was restored, as an operator does it.
    """
    state, copy = folder / "state", folder / "copy"
    copied(ctx, state, folder / "now", "breakglass.db", "log.guard", "guard")
    guards = {path: path.read_bytes() for path in state.glob("*guard*") if path.is_file()}
    put_back(ctx, state, copy)
    try:
        if epoch:
            for path, data in guards.items():
                path.write_bytes(data)
            epochs.begin(ctx, "ops:nina", "the disk broke")
        yield
    finally:
        put_back(ctx, state, folder / "now")


@pytest.fixture
def newest(installation: Installation, tmp_path: Path) -> Any:
    """Ann's newest statement, as the service handed it over before anything was put back."""
    _, people, _, _ = installation
    ann, handing = through(people["Ann"], lambda honest: honest)
    fresh(ann, tmp_path / "before")
    return handing.handed


def test_an_honest_service_hands_over_the_newest_head_and_nothing_more_is_asked(
    installation: Installation, tmp_path: Path
) -> None:
    _, people, number, _ = installation
    bob, said = fresh(people["Bob"], tmp_path)
    assert NEW not in said
    log = remembered(bob)
    assert log is not None
    assert (log.verifier_key, log.size > 0) == ("", True)
    new, asked_anew = lied_to(bob, {})
    new.do("show", number)
    kept, asked = lied_to(people["Bob"], {})
    kept.do("show", number)
    assert asked_anew.calls == asked.calls
    shown = new.run("whoami")
    assert NEW not in shown.stderr
    pinned = remembered(new)
    assert pinned is not None
    assert spoken_words(pinned) in shown.stdout


def test_the_statement_handed_over_is_the_newest_that_names_a_head(
    installation: Installation, newest: Any
) -> None:
    _, people, _, _ = installation
    statement = parse(canonical(newest))
    assert statement.kind == "decision"
    assert statement.payload["log_size"] > 0
    gus, handing = through(people["Gus"], lambda honest: honest)
    known = remembered(gus)
    gus.do("login")
    now = remembered(gus)  # what this device verified counts for more, and has only grown
    assert known is not None
    assert now is not None
    assert (now.verifier_key, now.size >= known.size > 0) == (known.verifier_key, True)
    assert now.verifier_key
    assert parse(canonical(handing.handed)).kind == "request"
    olga, handing = through(people.operator, lambda honest: honest)
    olga.do("login")
    assert handing.handed is None


@pytest.mark.parametrize("grown", [False, True])
def test_a_log_without_what_its_owner_saw_is_refused_before_anything_is_posted(
    installation: Installation, newest: Any, tmp_path: Path, grown: bool
) -> None:
    ctx, people, number, folder = installation
    with put_back_for_now(ctx, folder):
        if grown:
            grow(people)
            grow(people)
        ann, _ = through(people["Ann"], lambda _: newest)
        new, said = fresh(ann, tmp_path)
        assert NEW not in said
        lied, telling = lied_to(new, {})
        for act in (("approve", number), ("confirm", ACCOUNT)):
            assert lied.refused(*act) == ("log-forked" if grown else "log-rewound")
        assert telling.posted == []
        assert remembered(new) == SeenLog.of_head(*head_of(newest))


def test_signing_in_again_leaves_what_a_device_verified(installation: Installation) -> None:
    _, people, _, _ = installation
    known = remembered(people["Ann"])
    people["Ann"].do("login")
    assert remembered(people["Ann"]) == known
    assert known is not None
    assert known.verifier_key


def head_of(statement: Any) -> tuple[int, bytes]:
    said = parse(canonical(statement)).payload
    return said["log_size"], bytes.fromhex(said["log_root"])


def by_another_identity(_: Any) -> Any:
    fields = {"request": "a" * 64, "requester": ANN, "log_size": 3, "log_root": "b" * 64}
    made = sign("release", fields, identity=Identity.generate(), at=now())
    return json.loads(made.raw)


def changed(statement: Any) -> Any:
    said = json.loads(b64decode(statement["payload"]))
    payload = canonical({**said, "log_size": said["log_size"] - 1})
    return {**statement, "payload": b64encode(payload)}


def without_a_head(statement: Any) -> Any:
    said = json.loads(b64decode(statement["payload"]))
    payload = canonical({**said, "log_size": 0, "log_root": ""})
    return {**statement, "payload": b64encode(payload)}


@pytest.mark.parametrize("choose", [by_another_identity, changed, without_a_head])
def test_what_its_owner_did_not_sign_is_named_and_the_log_is_new_here(
    installation: Installation, tmp_path: Path, choose: Callable[[Any], Any]
) -> None:
    _, people, number, _ = installation
    ann, _ = through(people["Ann"], choose)
    new, said = fresh(ann, tmp_path)
    assert "[own-statement-forged]" in said
    assert remembered(new) is None
    shown = new.run("show", number)
    pinned = remembered(new)
    assert pinned is not None
    assert NEW in shown.stderr
    assert spoken_words(pinned) in shown.stderr
    assert NEW not in new.run("show", number).stderr


def test_without_a_statement_the_log_is_new_and_nothing_is_held_up(
    installation: Installation, tmp_path: Path
) -> None:
    _, people, number, _ = installation
    ann, _ = through(people["Ann"], lambda _: None)
    new, said = fresh(ann, tmp_path)
    assert "own-statement" not in said
    first, second = new.run("show", number), new.run("show", number)
    assert [NEW in one.stderr for one in (first, second)] == [True, False]
    assert first.exit_code == 0


def test_an_epoch_that_gave_the_head_up_wants_a_typed_yes(
    installation: Installation, newest: Any, tmp_path: Path
) -> None:
    ctx, people, number, folder = installation
    with put_back_for_now(ctx, folder, epoch=True):
        ann, _ = through(people["Ann"], lambda _: newest)
        new, _ = fresh(ann, tmp_path)
        lied, telling = lied_to(new, {})
        assert lied.refused("approve", number) == "log-epoch-began"
        assert telling.posted == []
        said = new.run("login", "--accept-epoch", *new.phrase_options(("login",)))
        assert said.exit_code == 0, said.output
        assert "the disk broke" in said.stderr
        pinned = remembered(new)
        assert pinned is not None
        assert pinned.verifier_key
        assert lied.refused("approve", number) == "request-before-epoch"
