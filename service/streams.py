"""A program's standard streams, whatever they lead to: a terminal, a pipe, a file, nothing."""

import os
import sys
from contextlib import suppress

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def suit() -> None:
    """Prepare them, once, before anything is written.

    One that is closed leads nowhere from here on: or the next file to be opened would take its
    number, and get what was meant for a person. A character that the terminal's encoding does not
    have is written as an escape.
    """
    for number, (name, mode) in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            _lead_nowhere(number)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a test's stream may have none
            reconfigure(errors="backslashreplace")


def finish() -> None:
    """End quietly: what a reader that went away has not taken must not be complained about."""
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError):
            _lead_nowhere(number)
            with suppress(OSError, ValueError):
                stream.flush()


def coloured() -> bool:
    """Whether colours and bold type may be used, where there is a terminal (see no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _lead_nowhere(number: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere != number:
        os.dup2(nowhere, number)
        os.close(nowhere)
