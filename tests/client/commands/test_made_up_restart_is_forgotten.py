"""A restart that a service made up, and somebody looked at, shuts the true chain out of nothing."""

import os
from pathlib import Path

import httpx

from service.client.device.home import Home
from service.client.device.memory import seen_roster
from service.usecases.context import Context
from tests.cast import ACCOUNT
from tests.client.commands.test_restart import Friends
from tests.client.conftest import EVERYBODY, organise
from tests.client.devices import Device


def test_the_offline_way_stays_open_after_a_foreign_restart_was_seen(
    service: Context, tmp_path: Path
) -> None:
    org = organise(service, tmp_path)
    org.sign(*EVERYBODY)
    gus = org["Gus"]
    out, into = os.pipe()
    gus.run("seal", ACCOUNT, "--out-fd", str(into), "--yes", *gus.phrase_options(("seal",)))
    os.close(into)
    os.close(out)
    for name in EVERYBODY[:-1]:
        org[name].do("confirm", ACCOUNT)
    bundle = str(tmp_path / "account.bundle")
    gus.do("bundle", ACCOUNT, "--out", bundle)
    before = seen_roster(Home(gus.home), ACCOUNT)
    assert before is not None
    Friends(org, tmp_path).restart()
    org.draft("--restart", "--requester", gus.email, "--sealer", gus.email)
    asking = ("--task", "billing", "--reason", "x")
    assert gus.refused("request", ACCOUNT, *asking)
    assert seen_roster(Home(gus.home), ACCOUNT) == before
    gone = Device("Gus", gus.home, httpx.MockTransport(silent), gus.words)
    gone.do("offline", "request", bundle, *asking, "--out", str(tmp_path / "asked"))


def silent(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody answers")
