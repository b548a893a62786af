"""One entry of the log, and the log itself, as pages: who may see what, and that it is true."""

from dataclasses import replace

import pytest
from flask import Flask

from crypto.checkpoint import open_checkpoint
from crypto.cosignature import Cosigner
from crypto.encoding import b64encode
from crypto.leaf import parse_leaf
from crypto.merkle import leaf_hash
from crypto.note import NoteVerifier
from service.config import Settings
from service.domain.events import SERVICE, Action, Event
from service.storage import log
from service.usecases import checkpoints, papers
from service.web.app import create_app
from service.wire import headers
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.usecases.bodies import body
from tests.usecases.world import World
from tests.web.calling import URL
from tests.web.pages.conftest import Text, Visit, said, token_of

LOG = "/history/log"


def raw(world: World) -> list[bytes]:
    with world.ctx.database.read() as session:
        return log.read_leaves(session, 0, 1000)


def place_of(world: World, action: Action) -> int:
    """The newest entry of this action."""
    return max(leaf.seq for leaf in map(parse_leaf, raw(world)) if leaf.action == action.value)


def text_of(page: str, element: str) -> str:
    """What stands in the element of this id."""
    inner = page.partition(f'id="{element}"')[2].partition(">")[2].partition("</")[0]
    return Text(f"<p>{inner}</p>").words[0] if inner else ""


@pytest.fixture
def asked(world: World) -> str:
    world.ready()
    request = world.ask()
    world.approve("ann", request)
    world.register(OTHER_ACCOUNT)
    return request


def test_an_entry_in_words_and_as_it_was_hashed(world: World, visit: Visit, asked: str) -> None:
    seq = place_of(world, Action.REQUEST_APPROVED)
    data = raw(world)[seq]
    answer = visit("aud", f"/history/{seq}")
    words = said(answer)
    assert "ann approved for the password group" in words
    assert f"2026-11-23 09:00:00 UTC Who ann ( {world.id('ann')} )" in words
    assert text_of(answer.text, "bytes") == data.decode()
    assert text_of(answer.text, "finding") == "Nothing of this was verified yet."
    assert text_of(answer.text, "hash") == b64encode(leaf_hash(data))
    links = [str(a.get("href")) for tag, a in Text(answer.text).tags if tag == "a"]
    for link in (f"/requests/{asked}", f"/accounts/{ACCOUNT}", LOG):
        assert link in links
    assert {f"/history/{seq - 1}", f"/history/{seq + 1}"} <= set(links)
    assert answer.headers["Content-Security-Policy"] == headers.DRAWN["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_people_are_named_also_where_an_entry_is_about_them(world: World, visit: Visit) -> None:
    world.enrol_everybody()
    ann = world.id("ann")
    with world.ctx.write() as unit:
        [seq] = unit.record(
            Event(
                action=Action.SESSIONS_ENDED,
                actor=SERVICE,
                subject=ann,
                details={"name": "Ann", "sessions": 3},
            )
        )
    words = said(visit("ann", f"/history/{seq}"))
    assert "Who the service itself What session:all-ended" in words
    assert f"About ann ( {ann} )" in words
    assert "Sessions 3" in words


def test_what_a_report_of_papers_claims_is_called_a_claim(world: World, visit: Visit) -> None:
    world.ready()
    papers.take_report(world.ctx, body(world.papers(name="<b>Rob")))
    seq = place_of(world, Action.OFFLINE_PAPERS)
    words = said(visit("ann", f"/history/{seq}"))
    assert "someone who has the secret of envelope version 1 reports that it was opened" in words
    assert "Who the service itself What offline:papers" in words
    claim = "by <b>Rob; at the vault; on 2026-11-23T09:00:00Z; because the service and all keys"
    assert f"Claimed, and proven by nothing {claim}" in words
    assert "with the papers of ann, bob, dea and eli" in words
    assert "Claimed" not in said(visit("ann", f"/history/{seq + 1}"))
    listed = visit("ann", "/history")
    assert "<b>someone who has the secret of envelope version 1 reports" in listed.text


def test_the_first_and_the_last_entry_have_one_neighbour(world: World, visit: Visit) -> None:
    world.ready()
    last = len(raw(world)) - 1
    for seq, beside in ((0, "/history/1"), (last, f"/history/{last - 1}")):
        page = Text(visit("olga", f"/history/{seq}").text)
        links = [str(a.get("href")) for _, a in page.tags if a.get("class") == "button"]
        assert [one for one in links if "before" not in one] == [beside]


@pytest.mark.parametrize(
    ("who", "action", "status"),
    [
        ("ann", Action.REQUEST_APPROVED, 200),
        ("gus", Action.REQUEST_APPROVED, 200),
        ("eve", Action.REQUEST_APPROVED, 404),
        ("ann", Action.EVENTS_READ, 404),
        ("olga", Action.REQUEST_APPROVED, 200),
    ],
)
def test_who_may_see_an_entry_is_who_may_have_its_proof(
    world: World, visit: Visit, asked: str, who: str, action: Action, status: int
) -> None:
    with world.ctx.write() as unit:
        unit.record(
            Event(
                action=Action.EVENTS_READ,
                actor=world.id("aud"),
                subject=SERVICE,
                details={"minutes": 5},
            )
        )
    seq = place_of(world, action)
    assert visit("", f"/history/{seq}").location.startswith("/sign-in?")
    assert visit(who, f"/history/{seq}").status_code == status
    assert visit(who, f"/api/v1/events/{seq}/proof").status_code == status


def test_no_link_leads_to_an_entry_that_is_not_theirs(
    world: World, visit: Visit, asked: str
) -> None:
    seq = place_of(world, Action.REQUEST_APPROVED)
    for who, seen in (("ann", False), ("aud", True)):
        page = visit(who, f"/history/{seq}").text
        assert (f'href="/history/{seq + 1}"' in page) is seen  # another account was registered
        assert f'href="/history/{seq - 1}"' in page
    world.approve("bob", asked)
    after = place_of(world, Action.REQUEST_APPROVED)
    assert f'href="/history/{after - 1}"' not in visit("ann", f"/history/{after}").text
    assert f'href="/history/{after - 1}"' in visit("olga", f"/history/{after}").text


@pytest.mark.parametrize("path", ["/history/100000", "/history/01", "/history/-1", "/history/x"])
def test_what_is_no_entry_is_not_found(visit: Visit, asked: str, path: str) -> None:
    assert visit("aud", path).status_code == 404


def test_nothing_in_an_entry_is_obeyed(world: World, visit: Visit) -> None:
    hostile = "<b>\u200f\u2028</b>&amp;"
    world.enrol_everybody()
    event = Event(
        action=Action.EVENTS_EXPORTED,
        actor=SERVICE,
        subject=SERVICE,
        details={"<i>&amp;": hostile, "lines": [hostile, "b"], "yes": True, "n": 7},
    )
    with world.ctx.write() as unit:  # past the door that refuses what is not declared
        [seq] = log.append(unit.session, [event], at=unit.now)
    page = visit("aud", f"/history/{seq}").text
    assert "<b>\u200f" not in page
    assert not set(page) & {"\u200f", "\u2028"}
    shown = text_of(page, "bytes")
    assert "\\u200f\\u2028" in shown
    assert (
        shown.replace("\\u200f", "\u200f").replace("\\u2028", "\u2028") == raw(world)[seq].decode()
    )
    assert "true" in said(visit("aud", f"/history/{seq}"))


def test_the_log_s_page_shows_what_was_signed_last(world: World, visit: Visit) -> None:
    world.ready()
    assert "Entries 0 Root none yet Signed not yet" in said(visit("eve", LOG))
    checkpoints.checkpoint(world.ctx, seen=0)
    answer = visit("eve", LOG)
    verifier = NoteVerifier.from_vkey(world.ctx.signer.verifier_key)
    shown = open_checkpoint(text_of(answer.text, "note"), verifier)
    assert shown.size == len(raw(world))
    assert text_of(answer.text, "key") == verifier.vkey
    words = said(answer)
    assert f"Entries {shown.size} Root {b64encode(shown.root)}" in words
    assert "Signed 2026-11-23 09:00:00 UTC" in words
    assert "names no witness" in words
    assert "Without a witness, nothing else does" in words


def test_the_log_s_page_names_its_witnesses(world: World) -> None:
    world.ready()
    key = Cosigner.generate("witness.example/w1").verifier.vkey
    app: Flask = create_app(replace(world.ctx, witnesses=(key,)), Settings(url=URL))
    answer = app.test_client(use_cookies=False).get(
        LOG,
        base_url=URL,
        headers={
            "Accept": "text/html",
            "Origin": URL,
            "Sec-Fetch-Site": "same-origin",
            "Cookie": f"breakglass={token_of(world, 'aud')}",
        },
    )
    words = said(answer)
    assert "witness.example/w1 has cosigned nothing yet not asked yet" in words
    assert f'data-witness="{key}"' in answer.text
    assert "names no witness" not in words
    assert "A witness whose key nobody compared" in words
