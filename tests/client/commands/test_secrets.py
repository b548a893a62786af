"""Passwords, shares, notes and links: where they leave a command, and where they may come in."""

import os
import re
from collections.abc import Iterator

import pytest

from crypto.sharing import parse_share
from tests.cast import ACCOUNT
from tests.client.acting import approve, ask, in_force, revealed
from tests.client.conftest import Organisation

ENVELOPES = f"/accounts/{ACCOUNT}/envelopes"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A password is in force."""
    with in_force(tmp_path_factory.mktemp("secrets")) as organisation:
        yield organisation


@pytest.mark.parametrize("command", [("seal", ACCOUNT, "--show"), ("paper", ACCOUNT)])
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_secrets_leave_for_no_pipe_and_no_file(
    people: Organisation, command: tuple[str, ...], more: tuple[str, ...]
) -> None:
    name = "Gus" if command[0] == "seal" else "Ann"
    # ``told`` sees that nothing was posted either.
    assert people[name].told(lambda answer: answer, ENVELOPES, *command, *more) == "not-a-terminal"


def test_a_page_for_a_safe_goes_to_the_descriptor_that_was_asked_for(people: Organisation) -> None:
    page = revealed(people["Ann"], "paper", ACCOUNT)
    assert re.search(r"^Payer \(111122223333\), envelope version \d+$", page, re.MULTILINE)
    numbered = " ".join(re.findall(r"^ ?(?:\d+ \w+ *)+$", page, re.MULTILINE))
    assert parse_share(" ".join(re.findall(r"[a-z]+", numbered))).group == "password"
    answer = people["Bob"].do("paper", ACCOUNT, "--out-fd", str(piped_into()))
    assert "words" not in answer


def piped_into() -> int:
    """Return a descriptor that takes what is written to it."""
    return os.open(os.devnull, os.O_WRONLY)


def test_a_note_is_typed_or_piped_and_comes_out_at_a_terminal_only(people: Organisation) -> None:
    gus = people["Gus"]
    options = gus.phrase_options(("seal",))
    password, into = os.pipe()
    os.write(into, b"correct-Horse-battery-7-staple")
    os.close(into)
    command = ("seal", ACCOUNT, "--password-fd", str(password), *options)
    in_arguments = gus.run(*command, "--note", "the safe is in room 7")
    assert in_arguments.exit_code == 2
    assert "room 7" not in in_arguments.output
    done = gus.run(*command, "--note", "-", piped="the safe is\nin room 7\n")
    os.close(password)
    assert done.exit_code == 0, done.output
    for name in ("Ann", "Bob", "Dea", "Eli"):
        people[name].do("confirm", ACCOUNT)
    request = ask(people)
    approve(people, request)
    gus.do("release", request)
    hidden = gus.run("reveal", request, *gus.phrase_options(("reveal",)))
    assert "room 7" not in hidden.output
    assert "shown only at a terminal" in hidden.stderr
    shown = gus.says("reveal", request, "--show", typed="")
    assert "in room 7" in shown
    assert "correct-Horse-battery-7-staple" in shown
