"""A requester's device whose clock is wrong by up to forty days, and a service that says things."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.cast import ACCOUNT
from tests.client.acting import SECRET, approve, ask, kept, revealed
from tests.client.conftest import Organisation
from tests.client.devices import Dated, Device

DAY = timedelta(days=1)
CLOCKS = [d * DAY for d in (-40, -31, -1, 1, 29, 31, 40)]
CLOCKS += [timedelta(hours=-3), timedelta(minutes=-11), timedelta(minutes=11), timedelta(hours=5)]
STATES = ("cancelled", "expired", "denied", "closed")


class Saying(httpx.BaseTransport):
    """A service that says of every request that it is over, and proves nothing."""

    def __init__(self, honest: httpx.BaseTransport, state: str) -> None:
        self.honest = honest
        self.state = state

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.honest.handle_request(request)
        path = request.url.path.removeprefix("/api/v1").split("/")
        if path[1] != "requests" or len(path) != 3 or request.method != "GET":
            return answer
        said: Any = json.loads(answer.read())
        said = {**said, "state": self.state}
        return httpx.Response(
            answer.status_code, json=said, headers={"Date": answer.headers["Date"]}
        )


def on(device: Device, ahead: timedelta, *, says: str = "") -> Device:
    """This device with another clock; ``says`` is the state that the service makes up."""
    dated: httpx.BaseTransport = Dated(device.transport)
    return replace(device, ahead=ahead, transport=Saying(dated, says) if says else dated)


@contextmanager
def approved(people: Organisation) -> Iterator[str]:
    number = ask(people)
    approve(people, number)
    yield number
    people["Gus"].do("close", number, "--summary", "done")
    assert not any(name.startswith(number) for name in kept(people["Gus"]))


@pytest.mark.parametrize("ahead", CLOCKS, ids=str)
def test_no_clock_costs_a_key_and_every_refusal_names_both_clocks(
    people: Organisation, ahead: timedelta
) -> None:
    gus = people["Gus"]
    wrong = on(gus, ahead)
    with approved(people) as number:
        for command in (
            ("release", number),
            ("request", ACCOUNT, "--task", "billing", "--reason", "another"),
        ):
            said = wrong.run(*command, *wrong.phrase_options(command))
            assert said.exit_code == 1
            assert "[needs-answer]" in said.stderr
            assert "--despite-clock" in said.stderr
            both_clocks(said.stderr)
        assert f"{number}.key" in kept(gus)
        # A second press, and all goes on; a sweep of that call takes nothing.
        other = wrong.do(
            "request", ACCOUNT, "--task", "billing", "--reason", "another", "--despite-clock"
        )
        assert {f"{number}.key", f"{other['id']}.key"} <= set(kept(gus))
        wrong.do("release", number, "--despite-clock")
        assert {f"{number}.key", f"{other['id']}.key"} <= set(kept(gus))
        assert revealed(wrong, "reveal", number, "--despite-clock") == SECRET
        assert revealed(wrong, "reveal", number, "--again", "--despite-clock") == SECRET
        # After setting it right.
        assert revealed(gus, "reveal", number) == SECRET
        gus.do("cancel", other["id"], "--reason", "done")


def both_clocks(said: str) -> None:
    assert "this device's clock says" in said.lower()
    assert "the service's clock, which says" in said or "by the service's clock" in said


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("ahead", [-40 * DAY, timedelta(0), 40 * DAY], ids=str)
def test_a_state_that_the_service_makes_up_destroys_nothing(
    people: Organisation, ahead: timedelta, state: str
) -> None:
    gus = people["Gus"]
    with approved(people) as number:
        liar = on(gus, ahead, says=state)
        words = ["--server", "http://localhost:8420", "--email", gus.email]
        liar.run("login", *words, *liar.phrase_options(("login",)))
        assert f"{number}.key" in kept(gus)
        gus.do("release", number)
        liar.run("login", *words, *liar.phrase_options(("login",)))
        assert revealed(gus, "reveal", number) == SECRET


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, False), (1, False), (3, True), (-3, True), (9, True)]
)
def test_a_small_difference_is_shown_and_asks_nothing(
    people: Organisation, minutes: int, shown: bool
) -> None:
    ann = on(people["Ann"], timedelta(minutes=minutes))
    words = ("login", "--server", "http://localhost:8420", "--email", ann.email)
    for command in (("whoami",), (), words):
        said = ann.run(*command, *ann.phrase_options(command))
        assert said.exit_code == 0, said.output
        assert ("this device's clock says" in said.stderr) is shown


def test_login_whoami_and_home_say_a_large_difference_and_ask_nothing(
    people: Organisation,
) -> None:
    ann = on(people["Ann"], 3 * DAY)
    words = ("login", "--server", "http://localhost:8420", "--email", ann.email)
    for command in (("whoami",), (), words):
        said = ann.run(*command, *ann.phrase_options(command))
        assert said.exit_code == 0, said.output
        assert "is 3 days ahead of the service's clock" in said.stderr
        both_clocks(said.stderr)


def test_at_a_terminal_the_second_press_is_a_question(people: Organisation) -> None:
    gus = people["Gus"]
    wrong = on(gus, 3 * DAY)
    with approved(people) as number:
        options = ["--yes", "--phrase-file", str(gus.phrase_file)]
        for typed, code in (("n\n", 1), ("y\n", 0)):
            said = wrong.run("release", number, *options, typed=typed)
            assert said.exit_code == code, said.output
        assert revealed(gus, "reveal", number) == SECRET


Sweep = Callable[[Device, str], None]


def test_after_thirty_days_a_person_is_asked_or_both_clocks_have_to_say_so(
    people: Organisation,
) -> None:
    gus = people["Gus"]
    number = ask(people)
    words = ("--server", "http://localhost:8420", "--email", gus.email)
    phrase = ["--phrase-file", str(gus.phrase_file)]
    late = on(gus, 31 * DAY)
    both = replace(late, transport=Dated(gus.transport, 31 * DAY))
    said = late.run("login", *words, *phrase, typed="n\n")
    assert "older than thirty days" in said.output.replace("\n", " ")
    assert "behind" in said.output or "ahead" in said.output
    assert f"{number}.key" in kept(gus)
    late.run("login", *words, *phrase, "--yes")  # nobody is there, and the service says otherwise
    assert f"{number}.key" in kept(gus)
    both.run("login", *words, *phrase, "--yes")
    assert f"{number}.key" not in kept(gus)
