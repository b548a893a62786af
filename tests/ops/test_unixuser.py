"""Who sits at the shell."""

import os
import pwd
from pathlib import Path

import pytest

from service.ops.unixuser import actor

ME = pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.parametrize("text", ["", "x", "4294967295", None])
def test_without_a_login_it_is_the_user_of_the_process(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "loginuid"
    if text is not None:
        path.write_text(text, encoding="ascii")
    assert actor(path) == f"ops:{ME}"


def test_behind_sudo_it_is_whoever_logged_in(tmp_path: Path) -> None:
    path = tmp_path / "loginuid"
    path.write_text("1", encoding="ascii")
    assert actor(path) == f"ops:{pwd.getpwuid(1).pw_name}"


def test_a_user_without_a_name_is_a_number(tmp_path: Path) -> None:
    path = tmp_path / "loginuid"
    path.write_text("3999999999", encoding="ascii")
    assert actor(path) == "ops:3999999999"


def test_the_environment_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "mallory")
    assert actor(tmp_path / "none") == f"ops:{ME}"
