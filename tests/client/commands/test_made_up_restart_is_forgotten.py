"""A restart that a service made up, and somebody looked at, shuts the true chain out of nothing."""

import os
from pathlib import Path

import httpx

from service.client.device.home import Home
from service.client.device.memory import seen_roster
from service.usecases.context import Context
from tests.client.commands.test_restart import Friends
from tests.client.conftest import ACCOUNT, EVERYBODY, organise
from tests.client.devices import Device


def test_the_offline_way_stays_open_after_a_foreign_restart_was_seen(
    service: Context, tmp_path: Path
) -> None:
    org = organise(service, tmp_path)
    org.sign(*EVERYBODY)
    rita = org["Rita"]
    out, into = os.pipe()
    rita.run("seal", ACCOUNT, "--out-fd", str(into), "--yes", *rita.phrase_options(("seal",)))
    os.close(into)
    os.close(out)
    for name in EVERYBODY[:-1]:
        org[name].do("confirm", ACCOUNT)
    bundle = str(tmp_path / "account.bundle")
    rita.do("bundle", ACCOUNT, "--out", bundle)
    before = seen_roster(Home(rita.home), ACCOUNT)
    assert before is not None
    Friends(org, tmp_path).restart()
    org.draft("--restart", "--requester", rita.email, "--sealer", rita.email)
    asking = ("--task", "billing", "--reason", "x")
    assert rita.refused("request", ACCOUNT, *asking)
    assert seen_roster(Home(rita.home), ACCOUNT) == before
    gone = Device("Rita", rita.home, httpx.MockTransport(silent), rita.words)
    gone.do("offline", "request", bundle, *asking, "--out", str(tmp_path / "asked"))


def silent(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody answers")
