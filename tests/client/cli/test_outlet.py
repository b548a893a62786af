"""Where a secret may go: a terminal, the clipboard, a descriptor asked for; nowhere else."""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.client.cli.invocation import Invocation
from service.client.cli.outlet import Outlet
from service.client.cli.prompts import Terminal
from service.client.foundation.errors import ClientRefusal
from tests.client.devices import Screen

SECRET = "Gr\u00fc\u00dfe-\u4e2d"


def outputs(monkeypatch: pytest.MonkeyPatch) -> tuple[io.StringIO, io.StringIO]:
    """Standard output and error, neither of them a terminal."""
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    return out, err


def invocation(folder: Path, terminal: Terminal, *, as_json: bool) -> Invocation:
    terminal.as_json = as_json
    return Invocation(home=folder, terminal=terminal)


SHOW = Outlet(show=True, copy=False, out_fd=None)


@pytest.mark.parametrize("as_json", [False, True])
def test_no_command_can_show_a_secret_to_a_pipe_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, as_json: bool
) -> None:
    streams = outputs(monkeypatch)
    run = invocation(tmp_path, Terminal(interactive=True), as_json=as_json)
    acts: tuple[Callable[[], None], ...] = (
        lambda: SHOW.check(run),
        lambda: SHOW.give(run, SECRET),
    )
    for act in acts:
        with pytest.raises(ClientRefusal) as refused:
            act()
        assert refused.value.code == "not-a-terminal"
        assert "--out-fd" in refused.value.hint
    assert [stream.getvalue() for stream in streams] == ["", ""]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_terminal_gets_exactly_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, as_json: bool
) -> None:
    out, err = outputs(monkeypatch)
    SHOW.give(invocation(tmp_path, Screen(), as_json=as_json), SECRET)
    shown, other = (err, out) if as_json else (out, err)
    assert (shown.getvalue(), other.getvalue()) == (f"{SECRET}\n", "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_that_lacks_a_character_shows_no_other_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding, errors="backslashreplace")
    monkeypatch.setattr(sys, "stdout", stream)
    run = invocation(tmp_path, Screen(), as_json=False)
    with pytest.raises(ClientRefusal) as refused:
        SHOW.give(run, SECRET)
    assert refused.value.code == "not-shown"
    stream.flush()
    assert written.getvalue() == b""


def test_a_descriptor_whose_reader_has_gone_is_named(tmp_path: Path) -> None:
    out, into = os.pipe()
    os.close(out)
    outlet = Outlet(show=False, copy=False, out_fd=into)
    with pytest.raises(ClientRefusal) as refused:
        outlet.give(invocation(tmp_path, Terminal(interactive=False), as_json=False), SECRET)
    os.close(into)
    assert refused.value.code == "not-delivered"
    assert str(into) in refused.value.message


def test_nothing_is_given_anywhere_if_one_of_the_places_would_keep_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs(monkeypatch)
    out, into = os.pipe()
    outlet = Outlet(show=True, copy=False, out_fd=into)
    with pytest.raises(ClientRefusal):
        outlet.give(invocation(tmp_path, Terminal(interactive=True), as_json=False), SECRET)
    os.close(into)
    with os.fdopen(out, "rb") as file:
        assert file.read() == b""
