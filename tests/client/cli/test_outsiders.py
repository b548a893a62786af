"""An act on an entry that no outsider has seen: it goes on in amber, and a day later in red."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from crypto.checkpoint import Checkpoint
from crypto.epoch import Epoch
from crypto.note import NoteVerifier
from service.client.cli.epochs import accept
from service.client.cli.invocation import Invocation
from service.client.cli.outsiders import look_for
from service.client.cli.prompts import Terminal
from service.client.device.home import Home
from service.client.device.memory import SeenLog
from service.client.device.unseen import MOST, Unseen, remember_unseen, unseen
from service.client.link.api import Api
from service.client.trust.outsiders import Seen
from service.clock import now
from service.domain.outsiders import Outsiders
from service.usecases.context import Context
from service.usecases.witnessing import step
from tests.client.acting import ask, seal
from tests.client.conftest import EVERYBODY, Organisation, first_draft, organise, running
from tests.client.devices import URL
from tests.client.trust.test_outsiders import ONE, cosigned
from tests.witnesses.asked import Asked, asking, happen
from tests.witnesses.kept_back import without_lines

AMBER, RED = "[not-yet-witnessed]", "[never-witnessed]"


@dataclass(kw_only=True)
class Watched:
    """A password in force under a roster that wants to hear of one witness."""

    ctx: Context
    people: Organisation
    witness: Asked
    paused: list[float] = field(default_factory=list)

    def cosign(self) -> None:
        assert step(self.ctx, [self.witness]) == 1

    def kept(self, name: str = "Ann") -> list[int]:
        return [one.leaf for one in unseen(Home(self.people[name].home), URL)]

    def said(self, name: str, *args: str) -> str:
        device = self.people[name]
        result = device.run(*args, *device.phrase_options(args))
        assert result.exit_code == 0, result.output
        return result.stderr


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    with running(tmp_path) as plain:
        log = NoteVerifier.from_vkey(plain.signer.verifier_key)
        with asking(tmp_path / "witness", [log], plain.clock()) as witness:
            key = witness.verifier.vkey
            ctx = replace(plain, witnesses=(key,))
            people = organise(ctx, tmp_path)
            policy = tmp_path / "policy.toml"
            policy.write_text(f'witnesses = ["{key}"]\ncosigned_by = 1\n')
            people.draft(*first_draft(), str(policy))
            people.sign(*EVERYBODY)
            seal(people)
            found = Watched(ctx=ctx, people=people, witness=witness)
            monkeypatch.setattr(Invocation, "pause", lambda _, s: found.paused.append(s))
            yield found


def test_what_the_witness_has_seen_is_approved_without_a_word(watched: Watched) -> None:
    request = ask(watched.people)
    watched.cosign()
    assert AMBER not in watched.said("Ann", "approve", request)
    happen(watched.ctx, 3)  # the newest checkpoint has no line yet, an older one covers the entry
    assert AMBER not in watched.said("Bob", "approve", request)
    assert (watched.paused, watched.kept()) == ([], [])


def test_what_no_outsider_has_seen_is_asked_for_twice_and_goes_on(watched: Watched) -> None:
    request = ask(watched.people)
    said = watched.said("Ann", "approve", request)
    assert said.count(AMBER) == 1
    assert "no outsider has seen this entry" in said
    assert watched.paused == [3, 7]
    [leaf] = watched.kept()
    assert AMBER not in watched.said("Ann", "show", request)
    watched.people["Ann"].ahead = timedelta(hours=24)
    watched.cosign()
    assert RED not in watched.said("Ann", "list")
    assert RED not in watched.said("Ann", "show", request)
    assert (leaf > 0, watched.kept()) == (True, [])


def test_an_entry_that_is_no_longer_young_is_not_waited_for(watched: Watched) -> None:
    request = ask(watched.people)
    watched.people["Ann"].ahead = timedelta(minutes=10)
    assert AMBER in watched.said("Ann", "approve", request)
    assert watched.paused == []


def test_a_witness_that_answers_meanwhile_is_enough(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = ask(watched.people)
    monkeypatch.setattr(Invocation, "pause", lambda *_: watched.cosign())
    assert AMBER not in watched.said("Ann", "approve", request)
    assert watched.kept() == []


def test_after_a_day_without_one_each_look_warns(watched: Watched) -> None:
    request = ask(watched.people)
    watched.said("Ann", "approve", request)
    ann = watched.people["Ann"]
    ann.ahead = timedelta(hours=23)
    assert RED not in watched.said("Ann", "show", request)
    ann.ahead = timedelta(hours=24, minutes=1)
    # A witness that was never asked is silent: the service says so, and it is its word.
    said = watched.said("Ann", "show", request)
    assert "no outsider has seen entry" in said
    assert "The service says that they do not answer" in said
    happen(watched.ctx)
    watched.cosign()
    [one] = unseen(Home(ann.home), URL)
    assert one.outsiders == Outsiders(keys=(watched.witness.verifier.vkey,), wanted=1)
    ann.transport = Without(ann.transport)
    said = watched.said("Ann", "show", request)
    assert RED in said
    assert said.count("no outsider has seen entry") == 1
    assert watched.kept() == [one.leaf]


def test_the_service_is_asked_once_for_all_that_no_outsider_has_seen(watched: Watched) -> None:
    ann, requests = watched.people["Ann"], [ask(watched.people), ask(watched.people)]
    for request in requests:
        watched.said("Ann", "approve", request)
    ann.ahead = timedelta(hours=25)
    asked: list[str] = []
    ann.transport = Hanging(ann.transport, asked)
    said = watched.said("Ann", "deny", requests[0], "--reason", "no", "--despite-clock")
    assert said.count("no outsider has seen entry") == 2
    assert said.count(RED) == 2  # that it says nothing explains nothing
    assert asked == ["/api/v1/witnesses"] * 2  # a read is tried twice


def test_a_service_that_answers_no_second_look_keeps_no_one_from_approving(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, ann = ask(watched.people), watched.people["Ann"]
    honest, asked = ann.transport, list[str]()

    def falls_silent(_: Invocation, seconds: float) -> None:
        watched.paused.append(seconds)
        hanging.path = f"/requests/{request}/case"

    ann.transport = hanging = Hanging(honest, asked, "/nothing")
    monkeypatch.setattr(Invocation, "pause", falls_silent)
    assert AMBER in watched.said("Ann", "approve", request)
    assert (watched.paused, len(asked)) == ([3], 2)


class Hanging(httpx.BaseTransport):
    """A service that does not answer at one address."""

    def __init__(
        self, honest: httpx.BaseTransport, asked: list[str], path: str = "/witnesses"
    ) -> None:
        self.honest = honest
        self.asked = asked
        self.path = path

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if not path.endswith(self.path):
            return self.honest.handle_request(request)
        self.asked.append(path)
        raise httpx.ReadTimeout("it hangs")


class Without(httpx.BaseTransport):
    """A service that keeps what witnesses say from this device: it is shown a fork."""

    def __init__(self, honest: httpx.BaseTransport) -> None:
        self.honest = honest

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.honest.handle_request(request)
        answer.read()
        if request.method != "GET" or "json" not in answer.headers.get("content-type", ""):
            return answer
        return httpx.Response(answer.status_code, json=without_lines(answer.json()))


def test_a_roster_that_names_no_witness_asks_for_none(watched: Watched, tmp_path: Path) -> None:
    request = ask(watched.people)
    watched.people["Ann"].transport = Without(watched.people["Ann"].transport)
    assert AMBER in watched.said("Ann", "approve", request)
    policy = tmp_path / "none.toml"
    policy.write_text("witnesses = []\ncosigned_by = 0\n")
    watched.people.draft(str(policy))
    watched.people.sign("Ann", "Bob", "Dea", "Eli")
    seal(watched.people)
    assert AMBER not in watched.said("Bob", "approve", ask(watched.people))


@pytest.mark.parametrize(("size", "kept"), [(5, [5, 6]), (6, [6]), (7, [])])
def test_an_entry_is_looked_for_until_what_the_witness_saw_covers_it(
    tmp_path: Path, size: int, kept: list[int]
) -> None:
    run = Invocation(home=tmp_path / "home")
    named = Outsiders(keys=(ONE.verifier.vkey,), wanted=1)
    for leaf in (5, 6):
        one = Unseen(leaf=leaf, request="r", since=now(), outsiders=named)
        remember_unseen(run.home, URL, one)
    with Api(URL) as api, run.home.locked():
        look_for(run, api, (Seen(size=size, note=cosigned(9, ONE)),))
    assert [one.leaf for one in unseen(run.home, URL)] == kept


def test_what_an_accepted_epoch_gives_up_is_looked_for_no_more(tmp_path: Path) -> None:
    run = Invocation(home=tmp_path / "home", terminal=Terminal(interactive=False))
    run.accept_epoch = run.terminal.yes = True
    for leaf in (3, 4, 5):
        named = Outsiders(keys=(ONE.verifier.vkey,), wanted=1)
        remember_unseen(run.home, URL, Unseen(leaf=leaf, request="r", since=now(), outsiders=named))
    old = Checkpoint(origin="a log", size=9, root=bytes(32))
    epoch = Epoch(size=6, root=bytes(32), continues=4, abandoned=old, note="", why="the disk broke")
    with run.home.locked():
        accept(run, URL, SeenLog.of_head(old.size, old.root), old, epoch)
    assert [one.leaf for one in unseen(run.home, URL)] == [3]


@pytest.mark.parametrize(("days", "kept"), [(89, [5]), (90, [])])
def test_after_ninety_days_it_is_looked_for_no_more(
    tmp_path: Path, days: int, kept: list[int]
) -> None:
    run = Invocation(home=tmp_path / "home")
    named = Outsiders(keys=(ONE.verifier.vkey,), wanted=1)
    since = now() - timedelta(days=days)
    remember_unseen(run.home, URL, Unseen(leaf=5, request="r", since=since, outsiders=named))
    run.sight.told_unseen = True  # it was said in this call
    with Api(URL) as api, run.home.locked():
        look_for(run, api, ())
    assert [one.leaf for one in unseen(run.home, URL)] == kept


def test_so_many_are_kept_and_the_oldest_stay(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    named = Outsiders(keys=("a", "b"), wanted=2)
    for leaf in range(MOST + 3):
        one = Unseen(leaf=leaf, request="r", since=now(), outsiders=named)
        remember_unseen(home, URL, one)
        remember_unseen(home, URL, replace(one, request="later"))
    found = unseen(home, URL)
    assert [one.leaf for one in found] == list(range(MOST))
    assert {(one.request, one.outsiders) for one in found} == {("r", named)}
    assert unseen(home, URL + "x") == []
