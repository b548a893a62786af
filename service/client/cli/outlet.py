"""How a secret leaves the program: only when asked, and only to where it was asked to go."""

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

    def check(self) -> None:
        """Check that each one works before anything depends on it.

        Raises:
            ClientRefusal: ``no-clipboard``, ``no-descriptor``.
        """
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
        """Write the secret there, exactly, and nowhere else."""
        if self.out_fd is not None:
            with os.fdopen(os.dup(self.out_fd), "wb") as file:
                file.write(secret.encode())
        if self.copy:
            from service.client.cli import clipboard

            clipboard.copy(secret)
            run.terminal.note("The password is in the clipboard; clear it after pasting.")
        if self.show:
            click.echo(secret, err=run.terminal.as_json)


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
