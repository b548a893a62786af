"""Every page as each kind of person meets it."""

import re
from collections.abc import Mapping

import pytest
from flask import Flask

from service.web.page import is_page
from tests.conftest import HandClock
from tests.usecases.world import ACCOUNT, OTHER_ACCOUNT, World
from tests.web.calling import URL
from tests.web.pages.conftest import Text, Visit, said

NAMED = ("pia", "ria")
WATCHING = ("olga", "aud")
REQUEST = "/requests/{request}"


@pytest.fixture
def asked(world: World) -> str:
    world.ready()
    return world.ask()


def ok(*names: str) -> Mapping[str, int]:
    """These people read it; to the others it does not exist."""
    return {name: 200 if name in names else 404 for name in ("pia", "ria", "olga", "aud", "eve")}


EVERYBODY = ok("pia", "ria", "olga", "aud", "eve")
ANSWERS: Mapping[str, Mapping[str, int]] = {
    "/": EVERYBODY,
    "/accounts": EVERYBODY,
    f"/accounts/{ACCOUNT}": ok(*NAMED, *WATCHING),
    "/requests": EVERYBODY,
    REQUEST: ok(*NAMED, *WATCHING),
    f"{REQUEST}/release": {"pia": 403, "ria": 200, "olga": 403, "aud": 403, "eve": 404},
    "/history": EVERYBODY,
    f"/history?account={ACCOUNT}": ok(*NAMED, *WATCHING),
    "/history/year": EVERYBODY,
    f"/history/year?account={ACCOUNT}": ok(*NAMED, *WATCHING),
    "/me": EVERYBODY,
}


@pytest.mark.parametrize("path", ANSWERS)
def test_whom_a_page_is_for(visit: Visit, asked: str, path: str) -> None:
    got = {name: visit(name, path.format(request=asked)).status_code for name in ANSWERS[path]}
    assert got == ANSWERS[path]


@pytest.mark.parametrize("path", ANSWERS)
def test_a_stranger_reads_nothing_of_an_account(visit: Visit, asked: str, path: str) -> None:
    answer = visit("eve", path.format(request=asked)).text
    for secret in ("payments", ">ria", "ria asks", "invoice run", "root@corp.example", ACCOUNT):
        assert secret not in answer


@pytest.mark.parametrize("path", ANSWERS)
def test_whoever_is_not_signed_in_is_led_to_where_one_signs_in(
    visit: Visit, asked: str, path: str
) -> None:
    answer = visit("", path.format(request=asked))
    assert answer.status_code == 303
    location = answer.headers["Location"]
    assert location.startswith("/sign-in?next=%2F")
    there = visit("", location)
    assert there.status_code == 200
    wanted = path.format(request=asked)
    assert [a for tag, a in Text(there.text).tags if tag == "body"] == [{"data-next": wanted}]


@pytest.mark.parametrize(
    "onward",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(visit: Visit, onward: str) -> None:
    answer = visit("", "/sign-in?" + f"next={onward}".replace("\\", "%5C"))
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_every_page_has_one_heading_and_what_a_reader_steers_by(
    app: Flask, visit: Visit, asked: str
) -> None:
    pages = [
        rule.rule.replace("<account:account>", ACCOUNT).replace("<id:request>", asked)
        for rule in app.url_map.iter_rules()
        if is_page(app.view_functions[rule.endpoint])
    ]
    for path in pages:
        for name in ("pia", "ria", "olga"):
            answer = visit(name, path)
            drawn = re.sub(r"<svg.*?</svg>", "", answer.text, flags=re.DOTALL)  # has titles too
            tags = [tag for tag, _ in Text(drawn).tags]
            for once in ("h1", "main", "header", "title"):
                assert tags.count(once) == 1, (path, once)
            assert 'lang="en"' in answer.text
            assert answer.content_type == "text/html; charset=utf-8"


def test_no_page_has_script_or_style_in_it(app: Flask, visit: Visit, asked: str) -> None:
    for path in ("/", f"/accounts/{ACCOUNT}", f"/requests/{asked}", "/history", "/me", "/sign-in"):
        for tag, attributes in Text(visit("ria", path).text).tags:
            assert tag not in {"style", "iframe", "object", "base"}
            assert not [a for a in attributes if a == "style" or a.startswith("on")]
            if tag == "script":
                assert attributes.keys() == {"type", "src"}
            for name in ("src", "href", "action"):
                value = attributes.get(name)
                assert value is None or value.startswith(("/", "#")), (path, value)


def test_home_says_what_waits(visit: Visit, asked: str) -> None:
    words = said(visit("pia", "/"))
    assert "One thing waits for you" in words
    assert "ria asks to be root" in words
    assert "expires in 1 h" in words
    assert f"/requests/{asked}" in visit("pia", "/").text
    assert "Nothing waits for you" in said(visit("eve", "/"))


def test_a_request_says_who_asks_for_what_and_who_has_said_what(
    world: World, visit: Visit, asked: str, clock: HandClock
) -> None:
    clock.advance(minutes=4)
    world.approve("per", asked)
    words = said(visit("pia", f"/requests/{asked}"))
    assert "ria asks to be root of payments" in words
    assert "the invoice run is stuck" in words
    assert "your decision is needed" in words
    assert "expires in 56 min" in words
    assert "per approved 09:04" in words
    assert "pia (you) to decide" in words
    assert "1 of 2" in words
    assert "waits for both groups" in said(visit("ria", f"/requests/{asked}"))


@pytest.mark.parametrize(
    ("name", "buttons"),
    [("pia", {"approve", "deny"}), ("ria", {"cancel", "again"}), ("aud", set()), ("olga", set())],
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
    assert "ria may be root of payments" in said(visit("pia", path))
    assert "Release the password" in said(visit("ria", path))
    assert "Release and open" in said(visit("ria", f"{path}/release"))
    world.release(asked)
    assert "released: the window is open" in said(visit("pia", path))
    assert "Open on this device" in said(visit("ria", f"{path}/release"))
    assert "I am done: change and seal" in said(visit("ria", f"{path}/release"))
    clock.advance(minutes=20)
    assert "must be changed" in said(visit("pia", path))
    assert "Change and seal" in said(visit("ria", path))
    assert "Say what was done" in said(visit("ria", path))
    world.close(asked)
    assert "Say what was done" not in said(visit("ria", path))
    world.rotate(asked)
    assert "Look and review" in said(visit("pia", path))
    world.review("per", asked)
    assert "Look and review" not in said(visit("pia", path))
    assert "Look and review" in said(visit("mia", path))
    world.review("mia", asked)
    words = said(visit("pia", path))
    assert "ria was root of payments" in words
    assert "ria says the work is done: “fixed the invoice run”" in words


def test_a_drill_is_told_apart(world: World, visit: Visit) -> None:
    world.ready()
    drill = world.ask(drill=True)
    words = said(visit("pia", f"/requests/{drill}"))
    assert "ria asks for a drill of payments" in words
    assert "drill: nothing is shown to anybody" in words
    world.approve_all(drill)
    assert "do all shares open?" in said(visit("ria", f"/requests/{drill}/release"))
    assert "Password" not in said(visit("ria", f"/requests/{drill}/release")).split("Drill of")[1]


def test_an_account_at_a_glance(world: World, visit: Visit) -> None:
    world.enrol_everybody()
    world.register()
    assert "no roster yet" in said(visit("olga", f"/accounts/{ACCOUNT}"))
    world.accept_roster()
    world.seal()
    world.confirm("pia", "mia", "max")
    words = said(visit("per", f"/accounts/{ACCOUNT}"))
    assert "sealed, not confirmed yet" in words
    assert "1 of 3 can act; it takes 2" in words
    assert "2 of 3 can act, nobody to spare" in words
    assert "per not confirmed" in words
    assert "Nobody knows yet whether your share opens" in words
    assert "Nobody knows yet" not in said(visit("pia", f"/accounts/{ACCOUNT}"))
    world.confirm("per")
    assert "sealed and ready" in said(visit("per", f"/accounts/{ACCOUNT}"))


def test_an_exposed_account_says_so_in_words(
    world: World, visit: Visit, asked: str, clock: HandClock
) -> None:
    world.approve_all(asked)
    world.release(asked)
    words = said(visit("pia", f"/accounts/{ACCOUNT}"))
    assert "exposed: change due" in words
    assert "Somebody has seen the password; change it and seal anew" in words


def test_a_draft_names_whom_it_waits_for(world: World, visit: Visit) -> None:
    world.ready()
    drafted = world.draft(name="billing")
    world.sign_roster("pia", drafted)
    words = said(visit("per", f"/accounts/{ACCOUNT}"))
    assert "A draft waits for the signatures of" in words
    assert "Read and sign the roster" in words
    assert "Read and sign the roster" not in said(visit("pia", f"/accounts/{ACCOUNT}"))


def test_nobody_outside_being_told_stands_on_every_page(
    world: World, visit: Visit, asked: str
) -> None:
    for path in ANSWERS:
        assert "Nobody outside is being told." in said(visit("ria", path.format(request=asked)))


def test_requests_can_be_narrowed(world: World, visit: Visit, asked: str) -> None:
    world.cancel(asked)
    other = world.ask(reason="another matter")
    everything = visit("pia", "/requests").text
    assert asked in everything
    assert other in everything
    open_ = visit("pia", "/requests?state=open&account=").text
    assert asked not in open_
    assert other in open_
    assert asked in visit("pia", f"/requests?state=cancelled&account={ACCOUNT}").text
    assert visit("pia", f"/requests?account={OTHER_ACCOUNT}").status_code == 404
    assert visit("pia", "/requests?state=lost").status_code == 400


def test_a_long_list_goes_on(world: World, visit: Visit) -> None:
    world.ready()
    made = []
    for _ in range(31):
        made.append(world.ask())
        world.cancel(made[-1])
    first = visit("pia", "/requests")
    assert made[0] not in first.text
    [more] = [
        str(a["href"]) for tag, a in Text(first.text).tags
        if tag == "a" and str(a.get("href")).startswith("/requests?")
    ]  # fmt: skip
    assert made[0] in visit("pia", more).text


def test_me_has_the_words_of_my_keys_and_my_sessions(world: World, visit: Visit) -> None:
    world.ready()
    visit("pia", "/", Cookie="")
    words = said(visit("pia", "/me"))
    assert " ".join(world.who("pia").identity.public.words) in words
    assert "this one" in words
    assert "pia@corp.example" in words


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
