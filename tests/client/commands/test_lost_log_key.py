"""The log's key is lost: only a roster that names the new one is signed, until it is in force."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from crypto.encoding import b64decode, b64encode, canonical, parse_canonical
from crypto.note import NoteSigner
from crypto.randomness import random_bytes
from crypto.spoken import log_key_words, roster_words
from crypto.statement import unsigned
from service.client.cli.checkpoints import seen_size
from service.client.cli.invocation import Invocation
from service.client.cli.takingup import continued, taken_up, taken_up_anywhere
from service.client.device import memory
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal
from service.wire.log import CheckpointAnswer
from tests.cast import ACCOUNT
from tests.client.acting import ask, seal
from tests.client.conftest import (
    EVERYBODY,
    MFA,
    PASSWORD,
    Organisation,
    first_draft,
    organise,
    running,
)
from tests.client.devices import URL
from tests.client.logkeys import rekeyed, serve
from tests.conftest import ORIGIN

OTHER = "444455556666"
ROSTERS = f"/accounts/{ACCOUNT}/rosters"


@dataclass
class Lost:
    """A roster in force and a request from before the key was lost; a draft from afterwards."""

    people: Organisation
    request: str
    old: str
    new: str

    def call(self, name: str) -> list[str]:
        return [*self.people.call(name), "--log-key-words", " ".join(log_key_words(self.new))]

    def known(self, name: str) -> str:
        """The key that someone's device remembers."""
        seen = memory.seen_log(Invocation(home=self.people[name].home).home, URL)
        assert seen is not None
        return seen.verifier_key


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lost]:
    folder = tmp_path_factory.mktemp("lost")
    with running(folder) as ctx:
        people = organise(ctx, folder)
        people.sign(*EVERYBODY)
        seal(people)
        request = ask(people)
        for name in EVERYBODY:
            people[name].do("show", request)
        anew = rekeyed(ctx, folder / "state")
        serve(anew, people)
        found = Lost(people, request, ctx.signer.verifier_key, anew.signer.verifier_key)
        operator = people.operator
        assert operator.refused("roster", "draft", ACCOUNT) == "log-key-changed"
        foreign = NoteSigner.generate(ORIGIN).verifier.vkey
        for_it = ("roster", "draft", ACCOUNT, "--new-log-key")
        assert operator.refused(*for_it, foreign) == "log-key-changed"
        operator.do(*for_it, found.new)
        operator.do("accounts", "add", OTHER)
        operator.do("roster", "draft", OTHER, *first_draft(), "--new-log-key", found.new)
        yield found


ACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "approve": ("Ann", ("approve", "ID")),
    "release": ("Gus", ("release", "ID")),
    "close": ("Gus", ("close", "ID", "--summary", "done")),
    "review": ("Ann", ("review", "ID", "--rotated", "--note", "x")),
    "confirm": ("Ann", ("confirm", ACCOUNT)),
    "paper": ("Ann", ("paper", ACCOUNT, "--out-fd", "2")),
    "ask": ("Gus", ("request", ACCOUNT, "--task", "billing", "--reason", "now")),
    "drill": ("Gus", ("drill", ACCOUNT, "--reason", "now")),
    "seal": ("Gus", ("seal", ACCOUNT, "--password-fd", "0")),
}


@pytest.mark.parametrize("act", ACTS)
def test_every_other_act_is_refused_and_the_way_without_the_service_is_named(
    lost: Lost, act: str
) -> None:
    name, args = ACTS[act]
    device = lost.people[name]
    given = [lost.request if one == "ID" else one for one in args]
    result = device.run(*given, *device.phrase_options(tuple(given)))
    assert "[log-key-changed]" in result.stderr
    assert "breakglass offline --help" in " ".join(result.stderr.split())
    assert result.exit_code == 1
    assert lost.known(name) == lost.old


def forked(shown: Any) -> Any:
    return {**shown, "log": {**shown["log"], "consistency": [b64encode(random_bytes(32))]}}


def rewound(shown: Any) -> Any:
    return {**shown, "log": {**shown["log"], "consistency": []}}


def third(shown: Any) -> Any:
    """A draft that names a key that the service does not have."""
    return naming(shown, NoteSigner.generate(ORIGIN).verifier.vkey)


def same(shown: Any) -> Any:
    """A draft that changes nothing, beside a log under another key."""
    return naming(shown, parse_canonical(b64decode(shown["chain"][-1]["payload"]))["log_key"])


def naming(shown: Any, key: str) -> Any:
    body = canonical({**parse_canonical(b64decode(shown["draft"]["payload"])), "log_key": key})
    digest = unsigned("roster", body).digest
    draft = {**shown["draft"], "payload": b64encode(body), "digest": digest}
    return {**shown, "draft": draft}


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        pytest.param(forked, "log-forked", id="a tree that does not continue"),
        pytest.param(rewound, "log-forked", id="no proof that it does"),
        pytest.param(third, "wrong-log-key", id="a draft with a key that the service has not"),
        pytest.param(same, "wrong-log-key", id="a draft with the key that is known"),
    ],
)
def test_a_draft_is_not_signed_by_a_lie(lost: Lost, lie: Any, code: str) -> None:
    ann = lost.people["Ann"]
    shown = ann.do("roster", "show", ACCOUNT)
    digest = lie({**shown, "log": {}})["draft"]["digest"]
    words = ["--words-file", str(lost.people.words_file), "--digest-words"]
    args = [*words, " ".join(roster_words(digest))]
    args += ["--log-key-words", " ".join(log_key_words(lost.new)), "--heard"]
    assert ann.told(lie, ROSTERS, "roster", "sign", ACCOUNT, *args) == code
    assert lost.known("Ann") == lost.old


def test_a_draft_is_not_signed_before_the_keys_are_compared(lost: Lost) -> None:
    ann = lost.people["Ann"]
    sign = ("roster", "sign", ACCOUNT, *lost.people.call("Ann"))
    assert ann.refused(*sign) == "needs-answer"
    assert ann.refused(*sign, "--heard") == "needs-answer"
    wrong = " ".join(log_key_words(lost.old))
    assert ann.refused(*sign, "--log-key-words", wrong) == "words-differ"
    assert ann.refused(*sign, typed="n\n") == "not-confirmed"
    said = ann.run(*sign, *ann.phrase_options(sign), typed="n\n").stderr
    both = [log_key_words(lost.old), log_key_words(lost.new)]
    assert all(word in said for words in both for word in words)
    assert ann.do("roster", "show", ACCOUNT)["draft"]["signatures"] == []


def test_a_key_of_a_tree_that_does_not_continue_is_not_drafted(lost: Lost) -> None:
    draft = ("roster", "draft", ACCOUNT, "--new-log-key", lost.new)
    assert lost.people.operator.told(AFTERWARDS["Bob"][1], "/checkpoint", *draft) == "log-forked"


def test_one_call_goes_by_one_new_key(lost: Lost) -> None:
    ann = lost.people["Ann"]
    run = Invocation(home=ann.home, transport=ann.transport)
    with run.api() as api:
        shown = api.get("/checkpoint", CheckpointAnswer, seen=seen_size(run, api))
        for key in ("", lost.new):
            run.sight.new_key = key
            assert continued(run, api, shown).size == shown.size
        run.sight.new_key = NoteSigner.generate(ORIGIN).verifier.vkey
        with pytest.raises(ClientRefusal) as refused:
            continued(run, api, shown)
    assert refused.value.code == "log-key-changed"


def test_where_a_key_is_given_no_draft_changes_it(lost: Lost) -> None:
    ann, sign = lost.people["Ann"], ("roster", "sign", ACCOUNT, *lost.call("Ann"))
    for key in (lost.old, lost.new):
        assert ann.refused(*sign, "--log-key", key) == "log-key-changed"
    assert ann.do("roster", "show", ACCOUNT)["draft"]["signatures"] == []


def test_a_first_version_changes_no_key(lost: Lost) -> None:
    ann = lost.people["Ann"]
    shown = ann.do("roster", "show", OTHER)
    call = ["--words-file", str(lost.people.words_file), "--digest-words"]
    call += [" ".join(roster_words(shown["draft"]["digest"])), "--heard"]
    call += ["--log-key-words", " ".join(log_key_words(lost.new))]
    assert ann.refused("roster", "sign", OTHER, *call) == "log-key-changed"
    assert ann.do("roster", "show", OTHER)["draft"]["signatures"] == []


def unproved(shown: Any) -> Any:
    return {**shown, "log": {**shown["log"], "leaves": []}}


@dataclass
class AfterPosting(httpx.BaseTransport):
    """A service that lies once a signature was sent: in its answer, or of its checkpoint."""

    honest: httpx.BaseTransport
    path: str
    lie: Callable[[Any], Any]
    posted: bool = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.honest.handle_request(request)
        path = request.url.path
        self.posted = self.posted or path.endswith("/signatures")
        if not self.posted or not path.endswith(self.path):
            return answer
        return httpx.Response(answer.status_code, json=self.lie(json.loads(answer.read())))


AFTERWARDS: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    "Ann": ("/signatures", lambda done: {**done, "leaf": done["leaf"] - 1}, "log-receipt-forged"),
    "Bob": (
        "/checkpoint",
        lambda shown: {**shown, "consistency": [b64encode(random_bytes(32))]},
        "log-forked",
    ),
}


def test_a_device_goes_by_the_new_key_once_its_roster_is_in_force(lost: Lost) -> None:
    people, gus = lost.people, lost.people["Gus"]
    *first, last = (*PASSWORD, *MFA)
    for name, (path, lie, code) in AFTERWARDS.items():
        device = people[name]
        liar = replace(device, transport=AfterPosting(device.transport, path, lie))
        sign = ("roster", "sign", ACCOUNT, *lost.call(name))
        said = liar.run(*sign, *device.phrase_options(sign)).stderr
        assert f"[{code}]" in said
        assert "Your act was sent before this was noticed" in said
        assert lost.known(name) == lost.old
    for name in set(first) - AFTERWARDS.keys():
        sign = ("roster", "sign", ACCOUNT)
        assert people[name].do(*sign, *lost.call(name))["state"] == "draft"
        assert lost.known(name) == lost.old
    assert people[last].do("roster", "sign", ACCOUNT, *lost.call(last))["state"] == "accepted"
    assert lost.known(last) == lost.new
    # Those who did not sign it, or were not the last, need no more than the proof.
    asked = ("request", ACCOUNT, "--task", "billing", "--reason", "now")
    for lie in (unproved, forked):
        assert gus.told(lie, ROSTERS, *asked) == "log-key-changed"
        assert lost.known("Gus") == lost.old
    said = gus.run(*asked, *gus.phrase_options(asked)).stderr
    assert "goes by that key from now on" in said
    assert lost.known("Gus") == lost.new
    number = ask(people)
    assert people["Ann"].do("approve", number)["state"] == "pending"
    assert lost.known("Ann") == lost.new
    # Someone who only looks at the log, on a device that knows the account.
    people["Bob"].do("accounts", "list")
    assert lost.known("Bob") == lost.new


@pytest.mark.parametrize("who", ["as it is", "has seen a later version", "has signed none"])
def test_only_people_whom_a_device_knows_let_a_key_count(
    lost: Lost, tmp_path: Path, who: str
) -> None:
    """Whoever shows the log can make up an account, its people and their roster."""
    dea = lost.people[MFA[0]]
    home = Home(Path(shutil.copytree(dea.home, tmp_path / "home")))
    if who == "has seen a later version":
        memory.remember_roster(home, ACCOUNT, 99, "ab" * 32)
    if who == "has signed none":
        home.write_config(replace(home.config(), fingerprint="ab" * 32))
    run = Invocation(home=home.path, transport=dea.transport)
    with run.api() as api:
        take_up = taken_up_anywhere if who == "as it is" else partial(taken_up, account=ACCOUNT)
        assert take_up(run, api) is (who == "as it is")
    seen = memory.seen_log(home, URL)
    assert seen is not None
    assert seen.verifier_key == (lost.new if who == "as it is" else lost.old)


def test_a_key_that_is_given_is_not_exchanged(lost: Lost) -> None:
    assert lost.known(MFA[0]) == lost.old
    device = lost.people[MFA[0]]
    assert device.refused("confirm", ACCOUNT, "--log-key", lost.old) == "log-key-changed"
    assert lost.known(MFA[0]) == lost.old
