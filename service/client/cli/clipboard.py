"""The clipboard, through the program that the desktop has for it: wl-copy, xclip or pbcopy.

The text goes in on standard input, never as an argument, where other users could read it.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from service.client.foundation.errors import ClientRefusal

_TIMEOUT = 10  # seconds
# The variable that must be set, and the command that reads standard input.
_PROGRAMS: Sequence[tuple[str, Sequence[str]]] = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("", ("pbcopy",)),
)


def program(environ: Mapping[str, str]) -> Sequence[str]:
    """Return the command of this desktop.

    Raises:
        ClientRefusal: ``no-clipboard``.
    """
    for needs, command in _PROGRAMS:
        found = shutil.which(command[0], path=environ.get("PATH"))
        if found and (not needs or environ.get(needs)):
            return (found, *command[1:])
    raise ClientRefusal(
        "no-clipboard",
        "no clipboard found: none of wl-copy, xclip and pbcopy can be used here",
        "use --show on a terminal, or --out-fd N",
    )


def require() -> None:
    """Refuse early, before anything is done.

    Raises:
        ClientRefusal: ``no-clipboard``.
    """
    program(os.environ)


def copy(text: str) -> None:
    """Put ``text`` into the clipboard; empty text clears it.

    Raises:
        ClientRefusal: ``no-clipboard``.
    """
    _put(program(os.environ), text)


def _put(command: Sequence[str], text: str) -> None:
    try:
        # The programs stay behind as daemons: no pipe of ours may keep us waiting for them.
        subprocess.run(  # noqa: S603 - a program found on the person's own path
            command,
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=_TIMEOUT,
        )
    except (subprocess.SubprocessError, OSError):
        raise ClientRefusal("no-clipboard", f"{command[0]} did not take the text") from None
