"""Without the service a requester's wrong clock refuses no opening: a second press goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.client.acting import SECRET, kept, revealed
from tests.client.offline.conftest import Gone


@pytest.mark.parametrize("days", [-40, 40])
def test_what_is_approved_opens_on_any_clock(
    gone: Gone, asked: str, decisions: list[str], days: int
) -> None:
    gus = replace(gone["Gus"], ahead=timedelta(days=days))
    case = gone.file(f"{days}.case")
    command = ("offline", "open", gone.bundle, asked, *decisions, "--case", case)
    said = gus.run(*command, *gus.phrase_options(command))
    assert "[needs-answer]" in said.stderr
    assert "this device's clock says" in said.stderr.lower()
    assert "by its requester's clock the request was made at" in said.stderr
    before = kept(gus)
    assert revealed(gus, *command, "--despite-clock") == SECRET
    # Asking for another one asks about keys that look old, and destroys nothing unasked.
    other = gone.file(f"{days}.request")
    reason = ("--task", "billing", "--reason", "x", "--out", other)
    gus.do("offline", "request", gone.bundle, *reason)
    assert set(before) <= set(kept(gus))
