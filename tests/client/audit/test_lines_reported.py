"""Reports say which other lines an account has, and which of them its people ended."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.client.audit.report.account_page import account_json, account_lines, account_page
from service.client.audit.report.html import report_page
from service.client.audit.report.report import Report
from service.client.audit.report.story import Story
from service.client.audit.report.year import AccountReport
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.client.audit import story
from tests.client.audit.exports import log, replayed_by
from tests.usecases.test_retired_lines import retire
from tests.usecases.world import World

LINE, THIRD = f"{ACCOUNT}.2", f"{ACCOUNT}.3"
PLACES = "password group: ann, bob and cem, MFA group: dea, eli and fay, others: gus"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Report]]:
    """A line in use, a second one that its people have ended, a third one without a roster."""
    with story.a_world(tmp_path_factory.mktemp("lines")) as world:
        story.begin(world)
        world.register(OTHER_ACCOUNT)
        world.register(LINE)
        line = replace(world, account=LINE, roster=None, manifests={}, sealed={}, asked={})
        line.accept_roster()
        retire(line)
        world.clock.advance(days=8)
        world.register(THIRD)
        timelines = Story()
        replayed = replayed_by(timelines, story.leaves_of(world))
        yield (
            world,
            Report(
                folder="export", verifier=log().signer.verifier, world=replayed, story=timelines
            ),
        )


def of(report: Report, account: str, **period: date) -> AccountReport:
    assert report.story is not None
    return AccountReport(report=report, story=report.story, account=account, **period)


def leaf(report: Report, account: str, name: str) -> int:
    return int(getattr(report.world.accounts[account], name))


def test_a_verification_says_which_lines_there_are_and_which_ended(
    told: tuple[World, Report],
) -> None:
    _, report = told
    ended, second, third = (
        leaf(report, LINE, "retired"),
        leaf(report, LINE, "registered"),
        leaf(report, THIRD, "registered"),
    )
    words = [
        (
            f"{LINE}, registered in leaf {second}; roster version 2 names {PLACES}; "
            f"retired by its people in leaf {ended}"
        ),
        f"{THIRD}, registered in leaf {third}; no one has signed a roster of it",
    ]
    lines = [line.strip() for line in report.lines()]
    start = next(i for i, line in enumerate(lines) if line.startswith(f"account     {ACCOUNT}:"))
    assert lines[start + 1 : start + 3] == [f"another line: {one}" for one in words]
    of_second = next(i for i, line in enumerate(lines) if f"account     {LINE}:" in line)
    assert lines[of_second + 1] == f"retired by its people in leaf {ended}"
    for one in (*words, "Further lines, and lines that ended"):
        assert one in report_page(report)
    assert f"leaf {ended}: the people of {LINE} retired this line of the account" in (
        report.remarks()
    )


def test_json_says_so_of_each_account(told: tuple[World, Report]) -> None:
    _, report = told
    found: dict[str, Any] = {one["account"]: one for one in report.as_json()["accounts"]}
    assert [one["account"] for one in found[ACCOUNT]["lines"]] == [LINE, THIRD]
    assert [one["account"] for one in found[THIRD]["lines"]] == [ACCOUNT, LINE]
    assert found[OTHER_ACCOUNT]["lines"] == []
    assert {name: one["retired"] for name, one in found.items()} == {
        ACCOUNT: False,
        OTHER_ACCOUNT: False,
        LINE: True,
        THIRD: False,
    }
    second, third = found[ACCOUNT]["lines"]
    ended = leaf(report, LINE, "retired")
    assert (second["retired"], second["retired_leaf"], second["roster_version"]) == (True, ended, 2)
    assert found[LINE]["retired_leaf"] == ended
    assert second["custodians"] == {
        "password": ["ann", "bob", "cem"],
        "mfa": ["dea", "eli", "fay"],
    }
    assert (third["retired"], third["roster_version"], third["custodians"]) == (False, 0, {})
    assert third["unsigned"] == ["registered_at"]  # a time is the service's word


def test_a_report_on_an_account_says_so_whatever_its_period(told: tuple[World, Report]) -> None:
    _, report = told
    past = {"first": date(2020, 1, 1), "last": date(2020, 12, 31)}
    first, second = of(report, ACCOUNT, **past), of(report, LINE, **past)
    [others] = [
        [line for line in account_lines(one) if "another line of this AWS account: " in line]
        for one in [first]
    ]
    assert [LINE in others[0], THIRD in others[1], len(others)] == [True, True, 2]
    assert f"another line of this AWS account</td><td>{LINE}, registered" in account_page(first)
    assert account_json(first)["lines"] == report.as_json()["accounts"][0]["lines"]
    ended = f"retired by its people in leaf {leaf(report, LINE, 'retired')}"
    assert f"  this line of the account: {ended}" in account_lines(second)
    assert account_json(second)["retired"]
    assert not account_json(first)["retired"]
    assert not [line for line in account_lines(first) if "this line of the account: " in line]


def test_in_its_period_a_line_that_came_or_ended_is_unusual(told: tuple[World, Report]) -> None:
    _, report = told
    said = [(str(f.sentence), f.seq) for f in of(report, ACCOUNT).exceptions()]
    assert len([one for one, _ in said if f"registered {LINE}, a further line" in one]) == 1
    ended = ("its people retired this line of the account", leaf(report, LINE, "retired"))
    assert ended not in said
    of_second = [(str(f.sentence), f.seq) for f in of(report, LINE).exceptions()]
    assert [one for one in of_second if one[0] == ended[0]] == [ended]
    never = of(report, LINE, last=date(2020, 12, 31))
    assert [str(f.sentence) for f in never.exceptions()] == []  # it takes no drill, no password


def test_a_line_that_its_people_use_misses_its_password_and_drill(
    told: tuple[World, Report],
) -> None:
    _, report = told
    said = [str(f.sentence) for f in of(report, THIRD, last=date(2020, 12, 31)).exceptions()]
    assert [one.split(":")[0] for one in said] == [
        "no envelope is in force",
        "by the service's clock, no drill was completed in the 90 days before the export",
    ]
