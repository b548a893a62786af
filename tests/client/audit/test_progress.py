"""The bar of a long verification: for somebody who watches, and for nobody else."""

import io
import sys

import pytest

from service.client.audit.progress import progress


class Watched(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_somebody_at_a_terminal_sees_it_move_and_not_for_every_leaf(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Watched()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress("Verifying", 10_000) as tick:
        for _ in range(10_000):
            tick(1)
    shown = terminal.getvalue()
    assert "Verifying" in shown
    assert "10000/10000" in shown
    assert shown.count("/10000") < 300


def test_a_program_that_reads_standard_error_gets_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    piped = io.StringIO()
    monkeypatch.setattr(sys, "stderr", piped)
    with progress("Verifying", 10) as tick:
        tick(10)
    assert piped.getvalue() == ""
