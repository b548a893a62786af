"""A request that was signed twice, because of its device's clock, while the log proves nothing."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.cast import ACCOUNT
from tests.client.acting import SECRET, approve, kept, revealed
from tests.client.conftest import Organisation
from tests.client.devices import Dated, Device

ASKED = ("request", ACCOUNT, "--task", "billing", "--reason", "now")
GOING_ON = ("--despite-clock", "--heard")


@dataclass
class Unproved(httpx.BaseTransport):
    """A service whose log cannot be signed at the moment."""

    honest: httpx.BaseTransport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.honest.handle_request(request)
        if request.method != "GET" or b'"log":' not in answer.read():
            return answer
        said: Any = json.loads(answer.content)
        return httpx.Response(
            answer.status_code, json={**said, "log": None}, headers={"Date": answer.headers["Date"]}
        )


def signed_twice(gus: Device) -> tuple[Device, str]:
    """A device that is ahead by half an hour, and its request, of which nothing is proved."""
    wrong = replace(gus, ahead=timedelta(minutes=30), transport=Unproved(Dated(gus.transport)))
    number: str = wrong.do(*ASKED, *GOING_ON)["id"]
    assert {f"{number}.statement", f"{number}.redated"} <= set(kept(gus))
    return wrong, number


def test_an_answer_to_another_clock_question_dates_nothing_by_the_service(
    people: Organisation,
) -> None:
    """The time that the service gives with its refusal may be another than it gave before."""
    gus = people["Gus"]
    wrong = replace(gus, ahead=timedelta(minutes=30), transport=Dated(gus.transport))
    before = kept(gus)
    said = wrong.run(*ASKED, "--phrase-file", str(gus.phrase_file), typed="y\nn\n")
    assert "[not-confirmed]" in said.stderr
    assert said.stderr.count("Set the clock, or go on as it is?") == 2
    assert not [name for name in kept(gus) if name.endswith(".redated")]
    number = json.loads(
        wrong.run(*ASKED, "--json", "--phrase-file", str(gus.phrase_file), typed="y\ny\n").stdout
    )["id"]
    assert f"{number}.redated" not in kept(gus)  # it is proved, and settled
    gus.do("cancel", number, "--reason", "over")
    assert len(kept(gus)) == len(before) + 2  # key and statement of what was not asked in the end


def test_without_a_time_of_the_service_nothing_is_dated_by_it(people: Organisation) -> None:
    wrong = replace(people["Gus"], ahead=timedelta(minutes=30))
    assert wrong.refused(*ASKED, *GOING_ON) == "clock-differs"


def test_a_request_that_this_device_did_not_keep_is_not_its_own(
    people: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    gus = people["Gus"]
    wrong = replace(gus, ahead=timedelta(minutes=30), transport=Dated(gus.transport))
    before = kept(gus)
    with monkeypatch.context() as patch:
        patch.setattr("service.client.cli.redating.keep_redated", lambda *_: None)
        assert wrong.refused(*ASKED, *GOING_ON) == "not-my-request"
    [number] = {name.partition(".")[0] for name in set(kept(gus)) - set(before)}
    assert {f"{number}.key", f"{number}.statement"} <= set(kept(gus))
    gus.do("cancel", number, "--reason", "over")


def test_what_was_released_opens_whichever_of_the_two_was_entered(people: Organisation) -> None:
    gus = people["Gus"]
    wrong, number = signed_twice(gus)
    approve(people, number)
    wrong.do("release", number, *GOING_ON)
    assert f"{number}.redated" in kept(gus)
    assert revealed(wrong, "reveal", number, *GOING_ON) == SECRET
    assert revealed(wrong, "reveal", number, "--again", *GOING_ON) == SECRET
    gus.do("close", number, "--summary", "done")
    assert not [name for name in kept(gus) if name.startswith(number)]


def test_what_was_taken_back_is_destroyed_whichever_of_the_two_was_entered(
    people: Organisation,
) -> None:
    gus = people["Gus"]
    _, number = signed_twice(gus)
    gus.do("cancel", number, "--reason", "over")
    assert not [name for name in kept(gus) if name.startswith(number)]
