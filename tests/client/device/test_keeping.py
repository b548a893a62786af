"""What a device keeps of its requests, and that it destroys it in time."""

from datetime import timedelta
from pathlib import Path

import pytest

from crypto.recipient import RecipientKey
from service.client.cli import clipboard
from service.client.device import requestkeys
from service.client.device.home import Home
from service.client.device.keeping import (
    forget,
    keep_released,
    keep_statement,
    kept_released,
    kept_requests,
    note_releasing,
    own_statement,
    was_releasing,
)
from service.client.foundation.errors import ClientRefusal
from tests.client.honest import START, request_by
from tests.client.released import World, keep_key, world


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def keep(home: Home, about: World) -> str:
    number: str = about.request.payload["request"]
    keep_key(home, number, about.recipient)
    keep_statement(home, about.request)
    keep_released(home, about.released)
    return number


def names(home: Home) -> list[str]:
    return sorted(path.name for path in (home.path / "requests").iterdir())


def test_what_was_kept_is_read_back_and_forgotten_whole(home: Home) -> None:
    number = keep(home, world())
    assert own_statement(home, number).raw == world().request.raw
    assert kept_released(home, number) == world().released
    forget(home, number)
    assert names(home) == []
    assert kept_released(home, number) is None
    for read in (own_statement, requestkeys.load):
        with pytest.raises(ClientRefusal):
            read(home, number)


def test_a_damaged_file_is_no_statement_and_no_release(home: Home) -> None:
    number = keep(home, world())
    home.write(f"requests/{number}.statement", b"{}")
    home.write(f"requests/{number}.released", b"{}")
    assert kept_released(home, number) is None
    with pytest.raises(ClientRefusal) as caught:
        own_statement(home, number)
    assert caught.value.code == "not-my-request"


@pytest.mark.parametrize("name", ["../../token", "x", "", "a" * 36])
def test_a_requests_id_never_becomes_another_path(home: Home, name: str) -> None:
    with pytest.raises(ClientRefusal) as caught:
        own_statement(home, name)
    assert caught.value.code == "malformed"


def test_the_requests_whose_keys_are_here_are_found_oldest_first(home: Home) -> None:
    made = []
    for minutes in (5, 0, 9):
        key = RecipientKey.generate()
        statement = request_by(key.public, at=START + timedelta(minutes=minutes))
        keep_key(home, statement.payload["request"], key)
        keep_statement(home, statement)
        made.append(statement)
    keep_key(home, "6f1de0a4-3c8c-4c3a-9a52-0f6c2a6f0b11", RecipientKey.generate())
    assert [one.raw for one in kept_requests(home)] == [made[i].raw for i in (1, 0, 2)]


def test_that_a_release_was_signed_is_noted_and_forgotten_with_the_request(home: Home) -> None:
    number = keep(home, world())
    assert not was_releasing(home, number)
    note_releasing(home, number)
    assert was_releasing(home, number)
    forget(home, number)
    assert not was_releasing(home, number)
    assert names(home) == []


# ---------------------------------------------------------------- the clipboard


def program(folder: Path, name: str) -> Path:
    """A clipboard that writes what it was given, and its arguments, into files beside it."""
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "$@" > {folder}/arguments\ncat > {folder}/clipboard\n')
    path.chmod(0o700)
    return path


def test_the_clipboard_gets_the_text_on_standard_input_and_nothing_as_an_argument(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "xclip")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    clipboard.require()
    clipboard.copy("pässword\n")
    assert (tmp_path / "clipboard").read_text() == "pässword\n"
    assert (tmp_path / "arguments").read_text() == "-selection clipboard\n"
    clipboard.copy("")
    assert (tmp_path / "clipboard").read_text() == ""


@pytest.mark.parametrize(
    ("there", "environ", "chosen"),
    [
        (("wl-copy", "xclip"), {"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "wl-copy"),
        (("wl-copy", "xclip"), {"DISPLAY": ":0"}, "xclip"),
        (("wl-copy", "xclip"), {}, ""),
        (("pbcopy",), {}, "pbcopy"),
        ((), {"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, ""),
    ],
)
def test_the_desktops_own_program_is_used(
    tmp_path: Path, there: tuple[str, ...], environ: dict[str, str], chosen: str
) -> None:
    for name in there:
        program(tmp_path, name)
    given = {**environ, "PATH": str(tmp_path)}
    if chosen:
        assert Path(clipboard.program(given)[0]).name == chosen
        return
    with pytest.raises(ClientRefusal) as caught:
        clipboard.program(given)
    assert caught.value.code == "no-clipboard"


def test_a_clipboard_that_fails_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pbcopy"
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(ClientRefusal) as caught:
        clipboard.copy("x")
    assert caught.value.code == "no-clipboard"
