"""One leaf is proved, or it counts for nothing: what a lying service shows destroys no key."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from crypto.encoding import b64encode
from service.client.cli.invocation import Invocation
from service.client.cli.proving import proved_leaf
from service.client.foundation.errors import ClientRefusal
from tests.client.acting import approve, ask, in_force, kept
from tests.client.conftest import Organisation
from tests.client.devices import Device, Lying

Lie = Callable[[Any], Any]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    with in_force(tmp_path_factory.mktemp("proving")) as organisation:
        yield organisation


def proved(device: Device, seq: int) -> Any:
    run = Invocation(home=device.home, transport=device.transport)
    with run.api() as api:
        return proved_leaf(run, api, seq)


def lied_to(device: Device, path: str, lie: Lie) -> Device:
    return replace(device, transport=Lying(device.transport, path, lie))


def test_a_leaf_is_proved_against_the_log_that_this_device_remembers(people: Organisation) -> None:
    gus = people["Gus"]
    done = gus.do("drill", "111122223333", "--reason", "for its leaf")
    leaf = proved(gus, done["leaf"])
    assert (leaf.seq, leaf.action, leaf.request) == (done["leaf"], "request:opened", done["id"])
    old = Invocation(home=gus.home, transport=gus.transport)
    with old.api() as api:
        proof = api.raw_get(f"/events/{leaf.seq}/proof")
    ask_and_cancel(gus, people)
    assert proved(gus, done["leaf"]) == leaf  # under a later checkpoint
    before = httpx.Response(200, content=proof).json()
    earlier = lied_to(gus, f"/events/{leaf.seq}/proof", lambda _: before)
    assert proved(earlier, done["leaf"]) == leaf  # and under an earlier one, which it continues
    gus.do("cancel", done["id"], "--reason", "done")


def ask_and_cancel(gus: Device, people: Organisation) -> str:
    number = ask(people)
    gus.do("cancel", number, "--reason", "done")
    return number


@pytest.mark.parametrize("what", ["proof", "leaf", "other-leaf", "start", "none", "checkpoint"])
def test_what_is_not_proved_is_refused(people: Organisation, what: str) -> None:
    gus = people["Gus"]
    number = ask(people)
    seq = people["Gus"].do("show", number)["request"]["leaf"]
    run = Invocation(home=gus.home, transport=gus.transport)
    with run.api() as api:
        other = httpx.Response(200, content=api.raw_get(f"/events/{seq - 1}/proof")).json()
        its = httpx.Response(200, content=api.raw_get("/leaves", start=seq - 1, count=1)).json()
    proof, leaves = f"/events/{seq}/proof", "/leaves"
    path, lie, code = {
        "proof": (proof, lambda _: other, "log-receipt-forged"),
        "leaf": (leaves, lambda a: a | {"leaves": [b64encode(b"{}")]}, "log-receipt-forged"),
        "other-leaf": (leaves, lambda a: a | {"leaves": its["leaves"]}, "log-receipt-forged"),
        "start": (leaves, lambda a: a | {"start": seq - 1}, "not-proved"),
        "none": (leaves, lambda a: a | {"leaves": []}, "not-proved"),
        "checkpoint": (proof, lambda a: {"proof": a["proof"][:-9] + "A\n"}, "log-receipt-forged"),
    }[what]  # fmt: skip
    with pytest.raises(ClientRefusal) as refused:
        proved(lied_to(gus, path, lie), seq)
    assert refused.value.code == code
    both = Lying(
        Lying(gus.transport, proof, lambda _: other), leaves, lambda _: its | {"start": seq}
    )
    with pytest.raises(ClientRefusal) as refused:
        proved(replace(gus, transport=both), seq)
    assert refused.value.code == "log-receipt-wrong-leaf"
    gus.do("cancel", number, "--reason", "done")


def test_an_ending_that_is_not_proved_destroys_nothing_until_it_is(people: Organisation) -> None:
    gus, number = people["Gus"], ask(people)
    approve(people, number)
    gus.do("release", number)
    liar = lied_to(gus, "/leaves", lambda answer: answer | {"leaves": []})
    said = liar.says("close", number, "--summary", "done")
    assert "the request's key stays on this device, wrapped" in said
    assert f"{number}.key" in kept(gus)
    gus.do("login", "--server", "http://localhost:8420", "--email", gus.email)
    assert not any(name.startswith(number) for name in kept(gus))


def test_an_ending_whose_leaf_is_another_act_destroys_nothing(people: Organisation) -> None:
    gus, number = people["Gus"], ask(people)
    approve(people, number)
    gus.do("release", number)

    def elsewhere(detail: Any) -> Any:
        """Each of the requester's words is said to stand where the request itself stands."""
        leaf = detail["request"]["leaf"]
        return detail | {"others": [one | {"leaf": leaf} for one in detail["others"]]}

    liar = lied_to(gus, f"/requests/{number}", elsewhere)
    assert "stays on this device" in liar.says("close", number, "--summary", "done")
    assert f"{number}.key" in kept(gus)
    gus.do("login", "--server", "http://localhost:8420", "--email", gus.email)
    assert not any(name.startswith(number) for name in kept(gus))


def test_a_denied_request_is_swept_and_a_refused_one_is_kept(people: Organisation) -> None:
    gus, number = people["Gus"], ask(people)
    people["Ann"].do("deny", number, "--reason", "not tonight")
    gus.do("login", "--server", "http://localhost:8420", "--email", gus.email)
    assert not any(name.startswith(number) for name in kept(gus))

    class Refusing(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if (request.method, request.url.path) != ("POST", "/api/v1/requests"):
                return gus.transport.handle_request(request)
            gus.transport.handle_request(request).read()  # it was entered all the same
            told = {"type": "urn:breakglass:policy", "detail": "no", "title": "no", "status": 422}
            return httpx.Response(422, json=told)

    refused = replace(gus, transport=Refusing())
    asked = ("request", "111122223333", "--task", "billing", "--reason", "a lie")
    before = set(kept(gus))
    assert refused.refused(*asked) == "policy"
    [key] = [name for name in set(kept(gus)) - before if name.endswith(".key")]
    approve(people, key.removesuffix(".key"))
    assert gus.do("release", key.removesuffix(".key"))["state"] == "released"
