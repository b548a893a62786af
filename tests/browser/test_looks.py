"""Every page, looked at: by axe-core in light and dark, on 360 px, and in pictures.

Pictures are left in var/screens, at 390 px light and dark and at 1,280 px, for a person to look at.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from crypto.encoding import hex_digest
from service.ops.organisation import ACCOUNT, AUDITOR, OPERATOR, REQUESTER
from tests.browser import acts
from tests.browser.conftest import Served
from tests.browser.looks import Album
from tests.browser.person import PATIENCE, PersonInBrowser
from tests.browser.test_passkeys import asked

EMPTY = "222222222222"


def looks(album: Album, person: PersonInBrowser, pages: Iterable[tuple[str, str]]) -> None:
    """Look at pages that need nothing but to be opened; those that verify have done so."""
    for name, path in pages:
        person.opens(path)
        settled(person)
        album.look(person, name)


def settled(person: PersonInBrowser) -> None:
    """Wait until the page has said what it found."""
    person.page.wait_for_load_state("networkidle")
    main = person.page.get_by_role("main")
    working = main.get_by_text(re.compile("in this browser…|checking the signatures…"))
    expect(working.locator("visible=true")).to_have_count(0, timeout=PATIENCE)


@pytest.mark.slow
def test_pages_of_an_organisation_that_waits(served: Served) -> None:
    album, stage = Album(), served.stage
    stage.player(OPERATOR).act("accounts", "add", EMPTY)
    request = asked(served)
    stage.player("pia").act("approve", request, "--yes")
    stage.player("per").act("deny", request, "--reason", "is this needed?", "--yes")

    stranger = served.room.seat("zoe")
    looks(album, stranger, [("sign-in", "/sign-in")])

    mia = served.member("mia")
    looks(
        album,
        mia,
        [
            ("home-custodian", "/"),
            ("accounts", "/accounts"),
            ("account", f"/accounts/{ACCOUNT}"),
            ("roster", f"/accounts/{ACCOUNT}/roster"),
            ("confirm", f"/accounts/{ACCOUNT}/confirm"),
            ("paper", f"/accounts/{ACCOUNT}/paper"),
            ("requests", "/requests"),
            ("request-to-decide", f"/requests/{request}"),
            ("request-approved", f"/requests/{served.founded.request}"),
            ("history", "/history"),
            ("history-log", "/history/log"),
            ("year", f"/history/year?account={ACCOUNT}"),
            ("me", "/me"),
        ],
    )
    with mia.watch.expecting("status of 404"):
        looks(album, mia, [("refusal", "/requests/00000000-0000-4000-8000-000000000000")])
    mia.opens(f"/requests/{request}")
    mia.presses("Deny…")
    album.look(mia, "deny")
    mia.page.keyboard.press("Escape")
    mia.presses(re.compile("^Approve"))
    expect(mia.page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
    album.look(mia, "phrase")

    olga = served.member(OPERATOR)
    looks(
        album,
        olga,
        [
            ("home-operator", "/"),
            ("operate", "/operate"),
            ("draft", f"/accounts/{ACCOUNT}/draft"),
            ("account-empty", f"/accounts/{EMPTY}"),
            ("roster-empty", f"/accounts/{EMPTY}/roster"),
        ],
    )
    link = acts.invite(olga, "zoe")
    album.look(olga, "invited")
    looks(
        album,
        served.member(AUDITOR),
        [
            ("home-auditor", "/"),
            ("history-auditor", "/history"),
            ("history-entry", "/history/7"),
            ("year-auditor", "/history/year"),
            ("log-auditor", "/history/log"),
        ],
    )

    acts.draft_roster(olga, EMPTY, acts.Wishes(("pia", "per"), ("mia", "max"), ("ria",), ("ria",)))
    album.look(olga, "drafted")
    looks(
        album,
        mia,
        [("roster-to-sign", f"/accounts/{EMPTY}/roster"), ("home-to-sign", "/")],
    )

    stranger.opens(link)
    album.look(stranger, "enrol-who")
    stranger.presses("Yes, that is me")
    album.look(stranger, "enrol-passkey")
    acts.enrol(stranger, link, watching=lambda step: album.look(stranger, f"enrol-{step}"))
    assert album.faults == []


@pytest.mark.slow
def test_pages_of_a_request_from_the_question_to_the_end(served: Served) -> None:
    album, stage = Album(), served.stage
    ria, mia = served.member(REQUESTER), served.member("mia")
    looks(album, ria, [("home-requester", "/"), ("drill", f"/accounts/{ACCOUNT}/drill")])
    ria.opens(f"/accounts/{ACCOUNT}/ask")
    album.look(ria, "ask")
    request = acts.ask(ria, ACCOUNT, "the invoice run is stuck, and only root can mend it")
    settled(ria)
    album.look(ria, "request-mine")
    for name in ("pia", "per", "max"):
        stage.player(name).act("approve", request, "--yes")
    acts.approve(mia, request)
    album.look(mia, "request-after-approval")
    looks(album, ria, [("release", f"/requests/{request}/release")])
    acts.release(ria, request)
    album.look(ria, "released")
    acts.reveal(ria)
    album.look(ria, "revealed")
    looks(
        album,
        ria,
        [("request-released", f"/requests/{request}"), ("close", f"/requests/{request}/close")],
    )
    acts.close(ria, request, "mended the invoice run, nothing else")
    album.look(ria, "closed-and-due")
    looks(
        album,
        ria,
        [("account-exposed", f"/accounts/{ACCOUNT}"), ("seal", f"/accounts/{ACCOUNT}/seal")],
    )
    acts.seal(ria, ACCOUNT, f"Aa1-{hex_digest(b'new')}")
    album.look(ria, "sealed")
    looks(
        album,
        mia,
        [
            ("home-to-confirm", "/"),
            ("confirm-new", f"/accounts/{ACCOUNT}/confirm"),
        ],
    )
    acts.confirm(mia, ACCOUNT)
    for name in ("pia", "per", "max"):
        stage.player(name).act("confirm", ACCOUNT, "--yes")
    looks(album, mia, [("review", f"/requests/{request}/review")])
    acts.review(mia, request)
    stage.player("pia").act("review", request, "--rotated", "--note", "nothing else", "--yes")
    looks(album, mia, [("request-closed", f"/requests/{request}"), ("history-long", "/history")])
    assert album.faults == []


def test_the_looks_see_what_is_wrong(served: Served, tmp_path: Path) -> None:
    album, zoe = Album(folder=tmp_path), served.room.seat("zoe")
    zoe.opens("/sign-in")
    spoil = """() => {
      const main = document.querySelector("main");
      const field = main.appendChild(document.createElement("input"));
      field.style.width = "500px";
      field.style.maxWidth = "none";
    }"""
    zoe.page.evaluate(spoil)
    album.look(zoe, "spoiled")
    assert [fault for fault in album.faults if "light: label" in fault]
    assert [fault for fault in album.faults if "px wide" in fault]
