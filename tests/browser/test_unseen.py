"""An entry that no outsider has seen: the page says so, goes on, and asks again."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from service.ops.organisation import ACCOUNT, OPERATOR, sign
from tests.browser.conftest import Served, room_at
from tests.browser.person import PATIENCE, PersonInBrowser
from tests.browser.test_passkeys import asked
from tests.browser.test_trouble import decisions
from tests.client.witness.witnessed import serving
from tests.notices.founded import Founded
from tests.witnesses.kept_back import without_lines

SIGNERS = ("pia", "per", "mia", "max")
UNSEEN = "No outsider has seen this entry"
WITH_LOG = re.compile(r"/api/v1/.*\?seen=")


def kept_back(person: PersonInBrowser) -> Callable[[], None]:
    """From now on no witness's line reaches this browser; returns what ends that."""

    def answer(route: Route) -> None:
        headers = {**route.request.all_headers(), "sec-fetch-site": "same-origin"}
        honest = route.fetch(headers=headers)
        if honest.status == 200:
            route.fulfill(response=honest, body=json.dumps(without_lines(honest.json())))
        else:
            route.fulfill(response=honest)

    person.page.route(WITH_LOG, answer)
    return lambda: person.page.unroute(WITH_LOG)


@pytest.fixture
def watched(organisation: Founded, tmp_path: Path, browser: Browser) -> Iterator[Served]:
    """A roster that wants to hear of the one witness that the service's worker asks."""
    stage = organisation.copy(tmp_path / "stage", {})
    log = NoteSigner.from_private_key(SecretBytes((stage.state_dir / "log.key").read_bytes()))
    now = datetime.now(UTC)
    with serving(tmp_path / "witness", [log.verifier], now) as (server, memory):
        key = memory.key.verifier.vkey
        line = f"{key} http://127.0.0.1:{server.port}\n"
        (stage.state_dir / "witnesses.txt").write_text(line, encoding="ascii")
        policy = tmp_path / "policy.toml"
        policy.write_text(f'witnesses = ["{key}"]\ncosigned_by = 1\n')
        try:
            stage.start()
            drafted = stage.player(OPERATOR).act("roster", "draft", ACCOUNT, str(policy))
            states = [sign(stage, stage.player(name), drafted["id"])["state"] for name in SIGNERS]
            assert states[-1] == "accepted"
            with room_at(browser, stage.url) as room:
                yield Served(stage, room, organisation)
        finally:
            stage.stop()


def test_an_entry_that_no_outsider_has_seen_is_said_and_looked_for(watched: Served) -> None:
    request = asked(watched)
    mia = watched.member("mia")
    honest = kept_back(mia)
    mia.opens(f"/requests/{request}")
    mia.told(UNSEEN)
    expect(mia.page.locator("#approve")).to_be_enabled(timeout=PATIENCE)  # a witness never blocks
    honest()  # it comes while she reads
    expect(mia.page.locator("#status")).to_be_hidden(timeout=PATIENCE)
    honest = kept_back(mia)
    mia.opens(f"/requests/{request}")
    mia.told(UNSEEN)
    mia.acts(re.compile("^Approve"))
    assert UNSEEN in mia.told("You approved")
    assert decisions(mia, request) == 1

    mia.page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=25))
    mia.opens(f"/requests/{request}")
    said = mia.told("No outsider has seen entry")
    assert f"(request {request}), which this browser was shown 1 day 1 hour ago" in said
    assert "may have been shown another log than the others" in said
    honest()
    mia.opens(f"/requests/{request}")
    expect(mia.page.locator("#checked")).to_contain_text("checked: named in roster version 2")
    expect(mia.page.locator("#status")).to_be_hidden()
