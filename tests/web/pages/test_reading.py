"""Every page as each kind of person meets it."""

import re

import pytest
from flask import Flask

from service.web.page import is_page
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.conftest import HandClock
from tests.usecases.world import World
from tests.web.calling import URL
from tests.web.pages.conftest import Text, Visit, said


def test_every_page_has_one_heading_and_what_a_reader_steers_by(
    app: Flask, visit: Visit, asked: str
) -> None:
    pages = [
        rule.rule.replace("<account:account>", ACCOUNT).replace("<id:request>", asked)
        for rule in app.url_map.iter_rules()
        if is_page(app.view_functions[rule.endpoint])
    ]
    for path in pages:
        for name in ("ann", "gus", "olga"):
            answer = visit(name, path)
            drawn = re.sub(r"<svg.*?</svg>", "", answer.text, flags=re.DOTALL)  # has titles too
            tags = [tag for tag, _ in Text(drawn).tags]
            for once in ("h1", "main", "header", "title"):
                assert tags.count(once) == 1, (path, once)
            assert 'lang="en"' in answer.text
            assert answer.content_type == "text/html; charset=utf-8"


def test_no_page_has_script_or_style_in_it(app: Flask, visit: Visit, asked: str) -> None:
    for path in ("/", f"/accounts/{ACCOUNT}", f"/requests/{asked}", "/history", "/me"):
        for tag, attributes in Text(visit("gus", path).text).tags:
            assert tag not in {"style", "iframe", "object", "base"}
            assert not [a for a in attributes if a == "style" or a.startswith("on")]
            if tag == "script":
                assert attributes.keys() == {"type", "src"}
            for name in ("src", "href", "action"):
                value = attributes.get(name)
                assert value is None or value.startswith(("/", "#")), (path, value)


def test_home_says_what_waits(visit: Visit, asked: str) -> None:
    words = said(visit("ann", "/"))
    assert "One thing waits for you" in words
    assert "gus asks to be root" in words
    assert "expires in 1 h" in words
    assert f"/requests/{asked}" in visit("ann", "/").text
    assert "Nothing waits for you" in said(visit("eve", "/"))


def test_a_request_says_who_asks_for_what_and_who_has_said_what(
    world: World, visit: Visit, asked: str, clock: HandClock
) -> None:
    clock.advance(minutes=4)
    world.approve("bob", asked)
    words = said(visit("ann", f"/requests/{asked}"))
    assert "gus asks to be root of payments" in words
    assert "the invoice run is stuck" in words
    assert "your decision is needed" in words
    assert "expires in 56 min" in words
    assert "bob approved 09:04" in words
    assert "ann (you) to decide" in words
    assert "1 of 2" in words
    assert "waits for both groups" in said(visit("gus", f"/requests/{asked}"))


@pytest.mark.parametrize(
    ("name", "buttons"),
    [("ann", {"approve", "deny"}), ("gus", {"cancel", "again"}), ("aud", set()), ("olga", set())],
)
def test_what_may_be_done_is_offered_to_those_who_may(
    visit: Visit, asked: str, name: str, buttons: set[str]
) -> None:
    tags = Text(visit(name, f"/requests/{asked}").text).tags
    names = {"approve", "deny", "cancel", "again", "release", "close", "seal", "review"}
    found = {str(a.get("id")): a for tag, a in tags if tag == "button"}
    assert found.keys() & names == buttons
    # Nothing can be pressed before the page's script has verified what it is about.
    assert all("disabled" in found[name] for name in buttons)


def test_what_comes_next_in_a_requests_life(
    world: World, visit: Visit, asked: str, clock: HandClock
) -> None:
    path = f"/requests/{asked}"
    world.approve_all(asked)
    assert "gus may be root of payments" in said(visit("ann", path))
    assert "Release the password" in said(visit("gus", path))
    assert "Release and open" in said(visit("gus", f"{path}/release"))
    world.release(asked)
    assert "released: the window is open" in said(visit("ann", path))
    assert "Open on this device" in said(visit("gus", f"{path}/release"))
    assert "I am done: change and seal" in said(visit("gus", f"{path}/release"))
    clock.advance(minutes=20)
    assert "must be changed" in said(visit("ann", path))
    assert "Change and seal" in said(visit("gus", path))
    assert "Say what was done" in said(visit("gus", path))
    world.close(asked)
    assert "Say what was done" not in said(visit("gus", path))
    world.rotate(asked)
    assert "Look and review" in said(visit("ann", path))
    world.review("bob", asked)
    assert "Look and review" not in said(visit("ann", path))
    assert "Look and review" in said(visit("dea", path))
    world.review("dea", asked)
    words = said(visit("ann", path))
    assert "gus was root of payments" in words
    assert "gus says the work is done: “fixed the invoice run”" in words


def test_a_drill_is_told_apart(world: World, visit: Visit) -> None:
    world.ready()
    drill = world.ask(drill=True)
    words = said(visit("ann", f"/requests/{drill}"))
    assert "gus asks for a drill of payments" in words
    assert "drill: nothing is shown to anybody" in words
    world.approve_all(drill)
    assert "do all shares open?" in said(visit("gus", f"/requests/{drill}/release"))
    assert "Password" not in said(visit("gus", f"/requests/{drill}/release")).split("Drill of")[1]


def test_an_account_at_a_glance(world: World, visit: Visit) -> None:
    world.enrol_everybody()
    world.register()
    assert "no roster yet" in said(visit("olga", f"/accounts/{ACCOUNT}"))
    world.accept_roster()
    world.seal()
    world.confirm("ann", "dea", "eli")
    words = said(visit("bob", f"/accounts/{ACCOUNT}"))
    assert "sealed, not confirmed yet" in words
    assert "1 of 3 can act; it takes 2" in words
    assert "2 of 3 can act, nobody to spare" in words
    assert "bob not confirmed" in words
    assert "Nobody knows yet whether your share opens" in words
    assert "Nobody knows yet" not in said(visit("ann", f"/accounts/{ACCOUNT}"))
    world.confirm("bob")
    assert "sealed and ready" in said(visit("bob", f"/accounts/{ACCOUNT}"))


def test_an_exposed_account_says_so_in_words(
    world: World, visit: Visit, asked: str, clock: HandClock
) -> None:
    world.approve_all(asked)
    world.release(asked)
    words = said(visit("ann", f"/accounts/{ACCOUNT}"))
    assert "exposed: change due" in words
    assert "The shares were released, so the requester can have seen the password" in words


def test_a_draft_names_whom_it_waits_for(world: World, visit: Visit) -> None:
    world.ready()
    drafted = world.draft(name="billing")
    world.sign_roster("ann", drafted)
    words = said(visit("bob", f"/accounts/{ACCOUNT}"))
    assert "A draft waits for the signatures of" in words
    assert "Read and sign the roster" in words
    assert "Read and sign the roster" not in said(visit("ann", f"/accounts/{ACCOUNT}"))


def test_requests_can_be_narrowed(world: World, visit: Visit, asked: str) -> None:
    world.cancel(asked)
    other = world.ask(reason="another matter")
    everything = visit("ann", "/requests").text
    assert asked in everything
    assert other in everything
    open_ = visit("ann", "/requests?state=open&account=").text
    assert asked not in open_
    assert other in open_
    assert asked in visit("ann", f"/requests?state=cancelled&account={ACCOUNT}").text
    assert visit("ann", f"/requests?account={OTHER_ACCOUNT}").status_code == 404
    assert visit("ann", "/requests?state=lost").status_code == 400


def test_a_long_list_goes_on(world: World, visit: Visit) -> None:
    world.ready()
    made = []
    for _ in range(31):
        made.append(world.ask())
        world.cancel(made[-1])
    first = visit("ann", "/requests")
    assert made[0] not in first.text
    [more] = [
        str(a["href"]) for tag, a in Text(first.text).tags
        if tag == "a" and str(a.get("href")).startswith("/requests?")
    ]  # fmt: skip
    assert made[0] in visit("ann", more).text


def test_me_has_the_words_of_my_keys_and_my_sessions(world: World, visit: Visit) -> None:
    world.ready()
    visit("ann", "/", Cookie="")
    words = said(visit("ann", "/me"))
    assert " ".join(world.who("ann").identity.public.words) in words
    assert "this one" in words
    assert "ann@corp.example" in words


def test_a_refusal_is_a_page_for_people_and_a_document_for_programs(
    world: World, app: Flask, visit: Visit
) -> None:
    world.ready()
    page = visit("eve", f"/accounts/{ACCOUNT}")
    assert "There is no such page, or it is not yours to see" in said(page)
    assert page.content_type.startswith("text/html")
    nowhere = visit("", "/nowhere")
    assert (nowhere.status_code, nowhere.mimetype) == (404, "text/html")
    program = app.test_client().get(
        "/api/v1/nowhere", base_url=URL, headers={"Accept": "text/html"}
    )
    assert (program.status_code, program.mimetype) == (404, "application/problem+json")


def test_a_page_takes_no_change(app: Flask, visit: Visit, world: World) -> None:
    world.ready()
    for path in ("/", f"/accounts/{ACCOUNT}", "/me", "/sign-in"):
        answer = app.test_client().post(path, base_url=URL)
        assert answer.status_code == 405


def test_who_has_new_keys_is_offered_nothing_that_must_fail(
    world: World, visit: Visit, asked: str
) -> None:
    world.enrol_anew("ann")
    words = said(visit("ann", f"/requests/{asked}"))
    assert "ann (you) new keys: cannot answer here" in words
    assert "your decision is needed" not in words
    assert "ann new keys: cannot answer here" in said(visit("bob", f"/requests/{asked}"))
    tags = Text(visit("ann", f"/requests/{asked}").text).tags
    assert not {"approve", "deny"} & {attributes.get("id") for _, attributes in tags}
    account = said(visit("bob", f"/accounts/{ACCOUNT}"))
    assert "2 of 3 can act, nobody to spare" in account
    assert "ann new keys" in account
    assert "nn has new keys, by an operator's link of 23 November 2026" in account
    home = said(visit("ann", "/"))
    assert "Nothing waits for you" in home
    assert "can act offline with the old phrase" in home


def test_every_page_of_a_line_says_that_there_are_others(
    app: Flask, world: World, visit: Visit, asked: str
) -> None:
    """Also those of the older line, whose people may not see the newer one."""
    paths = [
        rule.rule.replace("<account:account>", ACCOUNT).replace("<id:request>", asked)
        for rule in app.url_map.iter_rules()
        if is_page(app.view_functions[rule.endpoint])
        and ("<account:account>" in rule.rule or "<id:request>" in rule.rule)
    ]
    assert len(paths) > 8
    assert not any("of the same AWS account" in said(visit("olga", path)) for path in paths)
    world.register(f"{ACCOUNT}.2")
    for path in paths:
        if (answer := visit("ann", path)).status_code == 200:
            assert f"Line {ACCOUNT}.2 of the same AWS account was registered" in said(answer), path
    assert f"Line {ACCOUNT} of the same" in said(visit("olga", f"/accounts/{ACCOUNT}.2"))
