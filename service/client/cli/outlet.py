"""How a secret leaves the program: only when asked, and only to where it was asked to go.

A terminal shows it and keeps nothing; a pipe or a file would keep it. So the check stands here,
where every secret passes, and not in the commands. ``--out-fd`` is for those who want it elsewhere.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import click

from service.client.cli.invocation import Invocation
from service.client.foundation.errors import ClientRefusal

_F = TypeVar("_F", bound=Callable[..., None])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where a password goes: the terminal, the clipboard, an open file descriptor."""

    show: bool
    copy: bool
    out_fd: int | None

    @property
    def given(self) -> bool:
        """Whether any was asked for."""
        return self.show or self.copy or self.out_fd is not None

    def check(self, run: Invocation) -> None:
        """Check that each one works before anything depends on it; ``give`` does it once more.

        Raises:
            ClientRefusal: ``not-a-terminal``, ``no-clipboard``, ``no-descriptor``.
        """
        if self.show:
            run.terminal.check_secret()
        if self.copy:
            from service.client.cli import clipboard

            clipboard.require()
        if self.out_fd is not None:
            try:
                os.fstat(self.out_fd)
            except OSError:
                raise ClientRefusal(
                    "no-descriptor", f"file descriptor {self.out_fd} is not open"
                ) from None

    def give(self, run: Invocation, secret: str) -> None:
        """Write the secret there, exactly, and nowhere else.

        Raises:
            ClientRefusal: as :func:`check`; ``not-shown``; ``not-delivered``: the descriptor did
                not take all of it.
        """
        self.check(run)
        if self.out_fd is not None:
            self._write(self.out_fd, secret)
        if self.copy:
            from service.client.cli import clipboard

            clipboard.copy(secret)
            run.terminal.note("The password is in the clipboard; clear it after pasting.")
        if self.show:
            run.terminal.secret(secret)

    @staticmethod
    def _write(descriptor: int, secret: str) -> None:
        try:
            with os.fdopen(os.dup(descriptor), "wb") as file:
                file.write(secret.encode())
        except OSError as failed:
            raise ClientRefusal(
                "not-delivered",
                f"file descriptor {descriptor} did not take it: {failed.strerror}",
                "see that its reader waits for it, and get it again",
            ) from None


def outlet_options(function: _F) -> _F:
    """Add ``--show``, ``--copy`` and ``--out-fd``: the fields of an ``Outlet``."""
    for option in (
        click.option(
            "--out-fd",
            type=click.IntRange(min=0),
            help="Write the password to this file descriptor.",
        ),
        click.option("--copy", is_flag=True, help="Put the password into the clipboard."),
        click.option("--show", is_flag=True, help="Write the password to the terminal."),
    ):
        function = option(function)
    return function
