"""Who sits at the server's shell, as the log names them."""

import os
import pwd
from pathlib import Path

_LOGIN = Path("/proc/self/loginuid")
_UNSET = 2**32 - 1


def actor(login: Path = _LOGIN) -> str:
    """``ops:<unix user>``: the user who logged in, also behind sudo, where the system keeps that.

    Environment variables are not asked: anyone can set them.
    """
    return f"ops:{_name(_login_id(login))}"


def _login_id(login: Path) -> int:
    try:
        number = int(login.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return os.getuid()
    return os.getuid() if number == _UNSET else number


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
