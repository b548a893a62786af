"""Every step without the service can be given once more, and after a failure in between."""

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cast import ACCOUNT
from tests.client.acting import SECRET, kept, revealed
from tests.client.offline.conftest import REASON, Gone


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """An empty file still gets onto this disk, and nothing more."""
    flush = os.fsync

    def refuse(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink()
        if name.is_relative_to(disk) and os.fstat(descriptor).st_size and name.is_file():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        yield


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_opening_goes_on_with_its_own_case(gone: Gone, tmp_path: Path) -> None:
    asked, case = gone.ask("again"), tmp_path / "case"
    given = gone.approve(asked, "Ann", "Bob", "Dea", "Eli")
    command = ("offline", "open", gone.bundle, asked, *given, "--case", str(case))
    hidden = gone["Gus"].says(*command)
    assert "add --show" in hidden
    assert SECRET not in hidden
    first = case.read_bytes()
    for _ in range(2):
        assert revealed(gone["Gus"], *command) == SECRET
        assert case.read_bytes() == first
    assert "You have released this before" in gone["Gus"].says(*command)


def test_a_further_decision_enters_the_same_case(gone: Gone, tmp_path: Path) -> None:
    asked, case = gone.ask("further"), tmp_path / "case"
    given = gone.approve(asked, "Ann", "Bob", "Dea", "Eli")
    command = ("offline", "open", gone.bundle, asked)
    gone["Gus"].do(*command, *given, "--case", str(case))
    before = json.loads(case.read_text())["case"]
    older = dict(before, decisions=before["decisions"][:2])
    case.write_text(json.dumps({"format": "breakglass-offline-case/1", "case": older}))
    assert revealed(gone["Gus"], *command, *given, "--case", str(case)) == SECRET
    after = json.loads(case.read_text())["case"]
    assert after["release"] == before["release"]
    assert len(after["decisions"]) == len(given)
    assert names(tmp_path) == ["case"]


def without_release(case: Any) -> Any:
    case["case"]["release"] = None
    return case


def forged_release(case: Any) -> Any:
    case["case"]["release"]["signatures"] = case["case"]["request"]["signatures"]
    return case


def strange_decision(case: Any) -> Any:
    case["case"]["decisions"][0]["signatures"] = case["case"]["request"]["signatures"]
    return case


@pytest.mark.parametrize("change", [without_release, forged_release, strange_decision, None])
def test_a_file_that_is_no_case_of_this_request_is_not_gone_on_with(
    gone: Gone, tmp_path: Path, change: Any
) -> None:
    asked, case = gone.ask(f"odd-{change}"), tmp_path / "case"
    given = gone.approve(asked, "Ann", "Bob", "Dea", "Eli")
    command = ("offline", "open", gone.bundle, asked, *given, "--case", str(case))
    if change is None:
        case.write_bytes(b"mine")
    else:
        gone["Gus"].do(*command)
        case.write_text(json.dumps(change(json.loads(case.read_text()))))
    before = case.read_bytes()
    assert gone["Gus"].refused(*command) == "file-exists"
    assert case.read_bytes() == before


def test_the_case_of_another_request_is_left_alone(gone: Gone, tmp_path: Path) -> None:
    case = tmp_path / "case"
    one, two = gone.ask("one"), gone.ask("two")
    opened = gone.approve(one, "Ann", "Bob", "Dea", "Eli")
    gone["Gus"].do("offline", "open", gone.bundle, one, *opened, "--case", str(case))
    before = case.read_bytes()
    given = gone.approve(two, "Ann", "Bob", "Dea", "Eli")
    command = ("offline", "open", gone.bundle, two, *given, "--case", str(case))
    assert gone["Gus"].refused(*command) == "file-exists"
    assert case.read_bytes() == before


def test_an_approval_given_twice_names_the_same_file(gone: Gone, tmp_path: Path) -> None:
    asked, out = gone.ask("twice"), tmp_path / "decision"
    command = ("offline", "approve", gone.bundle, asked, "--out", str(out))
    done = gone["Ann"].do(*command)
    before = out.read_bytes()
    again = gone["Ann"].run(*command, "--json")  # without the phrase
    assert json.loads(again.stdout) == done
    assert out.read_bytes() == before
    assert gone["Bob"].refused(*command) == "file-exists"
    other = gone.ask("another")
    assert (
        gone["Ann"].refused("offline", "approve", gone.bundle, other, "--out", str(out))
        == "file-exists"
    )
    assert out.read_bytes() == before


def test_a_decision_whose_share_was_exchanged_is_not_mine(gone: Gone, tmp_path: Path) -> None:
    asked, out = gone.ask("shared"), tmp_path / "decision"
    command = ("offline", "approve", gone.bundle, asked, "--out", str(out))
    gone["Ann"].do(*command)
    there = json.loads(out.read_text())
    out.write_text(json.dumps(there | {"resealed_share": "AAAA" * 60}))
    assert gone["Ann"].refused(*command) == "file-exists"


def test_a_full_disk_leaves_nothing_and_the_same_step_is_given_again(
    gone: Gone, tmp_path: Path
) -> None:
    bundle, asked = tmp_path / "bundle", tmp_path / "request"
    case, decision = tmp_path / "case", tmp_path / "decision"
    before = kept(gone["Gus"])
    steps = [
        (gone.people["Bob"], ("bundle", ACCOUNT, "--out", str(bundle))),
        (gone["Gus"], ("offline", "request", str(bundle), *REASON, "--out", str(asked))),
        (gone["Ann"], ("offline", "approve", str(bundle), str(asked), "--out", str(decision))),
    ]
    for device, command in steps:
        there = names(tmp_path)
        with full(tmp_path):
            assert device.refused(*command) == "file"
        assert names(tmp_path) == there
        device.do(*command)
    assert len(kept(gone["Gus"])) == len(before) + 2  # key and statement of one request
    given = [str(decision), *gone.approve(str(asked), "Bob", "Dea", "Eli")]
    command = ("offline", "open", str(bundle), str(asked), *given, "--case", str(case))
    there = names(tmp_path)
    with full(tmp_path):
        assert gone["Gus"].refused(*command) == "file"
    assert names(tmp_path) == there
    assert revealed(gone["Gus"], *command) == SECRET


@pytest.mark.parametrize("missing", ["bundle", "request", "approve", "open"])
def test_a_place_that_takes_no_file_is_refused_before_the_phrase(
    gone: Gone, asked: str, decisions: list[str], missing: str
) -> None:
    nowhere = str(gone.disk / "nowhere" / "file")
    commands = {
        "bundle": (gone.people["Bob"], ("bundle", ACCOUNT, "--out", nowhere)),
        "request": (gone["Gus"], ("offline", "request", gone.bundle, *REASON, "--out", nowhere)),
        "approve": (gone["Ann"], ("offline", "approve", gone.bundle, asked, "--out", nowhere)),
        "open": (
            gone["Gus"],
            ("offline", "open", gone.bundle, asked, *decisions, "--case", nowhere),
        ),
    }
    device, command = commands[missing]
    refused = device.run(*command, "--yes")  # no phrase is given
    assert "[file]" in refused.stderr
    assert nowhere in refused.stderr
    assert "the folder is there" in refused.stderr
