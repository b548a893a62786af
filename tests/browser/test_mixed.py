"""Browsers and command lines at one request: who uses what makes no difference to anybody else."""

import pytest

from service.ops import organisation
from service.ops.organisation import ACCOUNT, REQUESTER
from tests.browser import acts
from tests.browser.conftest import Served

# In each group one sits at a browser and one at a terminal.
AT_BROWSERS = ("per", "max")
AT_TERMINALS = ("pia", "mia")
REASON = "the invoice run is stuck"


def approve(served: Served, request: str) -> None:
    """One of each group at a terminal, one at a browser."""
    for name in AT_TERMINALS:
        served.stage.player(name).act("approve", request, "--yes")
    for name in AT_BROWSERS:
        acts.approve(served.room[name], request)


@pytest.mark.slow
def test_the_requester_at_a_browser_and_custodians_at_both(served: Served) -> None:
    stage = served.stage
    ria = served.member(REQUESTER)
    for name in AT_BROWSERS:
        served.member(name)
    request = acts.ask(ria, ACCOUNT, REASON)
    approve(served, request)
    acts.release(ria, request)
    assert acts.reveal(ria) == served.founded.password
    acts.close(ria, request, "mended the invoice run")

    password = "a new password of 4 kinds, set at AWS"
    acts.seal(ria, ACCOUNT, password)
    for name in AT_TERMINALS:
        stage.player(name).act("confirm", ACCOUNT, "--yes")
    for name in AT_BROWSERS:
        acts.confirm(served.room[name], ACCOUNT)
    acts.review(served.room["per"], request)
    looked = ("--rotated", "--note", "looked at CloudTrail", "--yes")
    done = stage.player("mia").act("review", request, *looked)
    assert done["state"] == "closed"

    # What was sealed at a browser opens at a terminal.
    player = stage.player(REQUESTER)
    again = player.act("request", ACCOUNT, "--task", "billing", "--reason", REASON, "--yes")
    approve(served, again["id"])
    player.act("release", again["id"], "--yes")
    assert organisation.revealed(player, again["id"]) == password


@pytest.mark.slow
def test_the_requester_at_a_terminal_and_custodians_at_both(served: Served) -> None:
    for name in AT_BROWSERS:
        served.member(name)
    ria = served.stage.player(REQUESTER)
    asked = ria.act("request", ACCOUNT, "--task", "billing", "--reason", REASON, "--yes")
    approve(served, asked["id"])
    ria.act("release", asked["id"], "--yes")
    assert organisation.revealed(ria, asked["id"]) == served.founded.password
    max_ = served.room["max"]
    max_.opens(f"/requests/{asked['id']}")
    max_.sees(REASON)
    assert "released" in max_.page.get_by_role("main").inner_text().lower()


def printed(served: Served, name: str) -> str:
    """The words on the sheet that a custodian prints at a browser."""
    person = served.member(name)
    person.opens(f"/accounts/{ACCOUNT}/paper")
    person.acts("Open my share and show its words")
    sheet = person.page.locator(".sheet")
    person.sees("breakglass offline papers BUNDLE")
    said = sheet.inner_text()
    assert "no one need hear of it: their keepers are the only guard" in said
    assert ", ".join(organisation.PASSWORD) in said
    assert ", ".join(organisation.MFA) in said
    return str(sheet.locator("#words").inner_text())


@pytest.mark.slow
def test_papers_from_browsers_and_terminals_open_the_password_together(served: Served) -> None:
    ria, options = served.stage.player(REQUESTER), []
    for name in AT_BROWSERS:
        (ria.home / name).write_text(printed(served, name), encoding="utf-8")
    for name in AT_TERMINALS:
        page = organisation.opened(served.stage.player(name), "paper", ACCOUNT, "--yes")
        (ria.home / name).write_text(page, encoding="utf-8")
    for name in (*AT_BROWSERS, *AT_TERMINALS):
        options += ["--paper", name]
    ria.act("bundle", ACCOUNT, "--out", "bundle", "--yes")
    claims = ("--name", "ria", "--reason", REASON, "--report", "report", "--yes")
    seen = organisation.opened(ria, "offline", "papers", "bundle", *options, *claims)
    assert seen == served.founded.password
    assert ria.act("offline", "import", "report")["state"] == "exposed"
