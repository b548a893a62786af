"""What is said when a password is handed out, and what is not withheld."""

import dataclasses
import os
from pathlib import Path

import pytest

from service.client.cli.invocation import Invocation
from service.client.cli.outlet import Outlet
from service.client.cli.prompts import Terminal
from service.client.commands.reveal import hand_out
from service.client.shares.combining import open_release
from tests.client.honest import CONTENT
from tests.client.released import world
from tests.client.trust.releases import believed


@pytest.mark.parametrize("fit", [True, False])
def test_a_manifest_that_states_other_keys_is_said_with_its_sealer_and_opens_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, fit: bool
) -> None:
    about = world()
    release = believed(about.released)
    revealed = open_release(release, about.recipient)
    assert revealed.keys_fit
    reading, writing = os.pipe()
    run = Invocation(home=tmp_path, terminal=Terminal(interactive=False))
    outlet = Outlet(show=False, copy=False, out_fd=writing)
    shown = dataclasses.replace(revealed, keys_fit=fit)
    hand_out(run, outlet, release.chain, release.envelope, shown)
    os.close(writing)
    with os.fdopen(reading, "rb") as given:
        assert given.read().decode() == CONTENT.password
    said = capsys.readouterr().err
    assert ("sam sealed this password under a manifest with other keys" in said) is not fit
    assert CONTENT.password not in said
