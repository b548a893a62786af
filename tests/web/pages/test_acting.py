"""Pages that act: who meets which, what stands in them, and what is not theirs."""

from http import HTTPStatus

import pytest

from service.domain.tasks import TASKS
from tests.cast import ACCOUNT, CUSTODIANS
from tests.usecases.world import World
from tests.web.pages.conftest import Text, Visit, said

NOBODY = ""
ROLES = ("ann", "dea", "gus", "olga", "aud", "eve", NOBODY)
REDIRECTED, OK, NO, NOWHERE = 303, 200, 403, 404


def statuses(visit: Visit, path: str) -> dict[str, int]:
    return {name: visit(name, path).status_code for name in ROLES}


def expected(**those: int) -> dict[str, int]:
    """Strangers find nothing, and who is not signed in is asked to; the rest as said."""
    return {**dict.fromkeys(ROLES, NO), "eve": NOWHERE, NOBODY: REDIRECTED, **those}


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("roster", {"ann": OK, "dea": OK, "gus": OK, "olga": OK, "aud": OK}),
        ("draft", {"olga": OK, "eve": NO}),
        ("seal", {"gus": OK}),
        ("confirm", {"ann": OK, "dea": OK}),
        ("paper", {"ann": OK, "dea": OK}),
        ("ask", {"gus": OK}),
        ("drill", {"gus": OK}),
    ],
)
def test_each_page_of_an_account_is_for_those_who_may_act(
    world: World, visit: Visit, page: str, who: dict[str, int]
) -> None:
    world.ready()
    assert statuses(visit, f"/accounts/{ACCOUNT}/{page}") == expected(**who)


def test_the_operators_page_is_for_operators(world: World, visit: Visit) -> None:
    world.ready()
    assert statuses(visit, "/operate") == expected(olga=OK, eve=NO)


def test_closing_is_for_the_requester_and_reviewing_for_custodians(
    world: World, visit: Visit
) -> None:
    request = world.ready().ask()
    world.approve_all(request)
    assert visit("gus", f"/requests/{request}/close").status_code == HTTPStatus.CONFLICT
    world.release(request)
    assert statuses(visit, f"/requests/{request}/close") == expected(gus=OK)
    assert visit("ann", f"/requests/{request}/review").status_code == HTTPStatus.CONFLICT
    world.close(request)
    answer = visit("gus", f"/requests/{request}/close")
    assert "It was seen, so it changes" in said(answer)
    assert "gus may" in said(answer)
    world.rotate(request)
    assert statuses(visit, f"/requests/{request}/review") == expected(ann=OK, dea=OK)


def test_the_form_to_ask_offers_what_the_policy_permits(world: World, visit: Visit) -> None:
    world.ready()  # its roster permits an hour to decide and a quarter of one to use it
    page = Text(visit("gus", f"/accounts/{ACCOUNT}/ask").text)
    offered = [attrs["value"] for tag, attrs in page.tags if tag == "option"]
    assert [value for value in offered if value and value.isdigit()] == [
        "900",
        "1800",
        "3600",
        "300",
        "900",
    ]
    assert {code for code in offered if code and not code.isdigit()} == TASKS.keys() - {"drill"}
    instead = [attrs["data-instead"] for _, attrs in page.tags if "data-instead" in attrs]
    assert len(instead) == sum(1 for task in TASKS.values() if not task.needs_root)
    assert "2 of the password group and 2 of the MFA group" in page.said


def test_a_drill_asks_for_no_task_and_says_that_nothing_is_shown(
    world: World, visit: Visit
) -> None:
    world.ready()
    page = Text(visit("gus", f"/accounts/{ACCOUNT}/drill").text)
    assert "Nothing is handed out" in page.said
    assert not {"task", "ticket", "window"} & {attrs.get("id") for _, attrs in page.tags}


def test_nothing_can_be_asked_confirmed_or_printed_before_it_is_sealed(
    world: World, visit: Visit
) -> None:
    world.enrol_everybody()
    world.register()
    assert visit("gus", f"/accounts/{ACCOUNT}/ask").status_code == HTTPStatus.NOT_FOUND
    world.accept_roster()
    for name, page in [("gus", "ask"), ("gus", "drill"), ("ann", "confirm"), ("ann", "paper")]:
        answer = visit(name, f"/accounts/{ACCOUNT}/{page}")
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "No password is sealed for this account yet" in said(answer)


def test_a_draft_waits_for_those_who_are_asked(world: World, visit: Visit) -> None:
    world.enrol_everybody()
    world.register()
    world.draft()
    path = f"/accounts/{ACCOUNT}/roster"
    assert "Do you sign the new roster" in said(visit("ann", path))
    assert "waits for others" in said(visit("olga", path))
    assert 'id="sign"' in visit("ann", path).text
    assert 'id="sign"' not in visit("olga", path).text
    assert visit("eve", path).status_code == HTTPStatus.NOT_FOUND


def test_the_form_to_draft_holds_the_version_in_force_and_nobody_who_keeps_watch(
    world: World, visit: Visit
) -> None:
    world.ready()
    page = Text(visit("olga", f"/accounts/{ACCOUNT}/draft").text)
    offered = {attrs["data-person"] for _, attrs in page.tags if "data-person" in attrs}
    assert offered == {world.id(name) for name in (*CUSTODIANS, "gus", "eve")}
    boxes = [attrs for _, attrs in page.tags if attrs.get("type") == "checkbox"]
    checked = [(attrs["name"], attrs["value"]) for attrs in boxes if "checked" in attrs]
    assert checked == [("requesters", world.id("gus")), ("sealers", world.id("gus"))]
    assert "Not offered: aud and olga" in page.said
    selected = [
        attrs["value"] for tag, attrs in page.tags if tag == "option" and "selected" in attrs
    ]
    groups = ["", "", "mfa", "mfa", "mfa", "password", "password", "password"]
    assert sorted(value or "" for value in selected[1:-2]) == groups
    assert [selected[0], *selected[-2:]] == ["standalone", "3600", "900"]


def test_whoever_seals_and_may_ask_is_told_what_that_means(world: World, visit: Visit) -> None:
    world.ready()
    assert "You may also ask." in said(visit("gus", f"/accounts/{ACCOUNT}/seal"))
    world.accept_roster(
        sealers=[world.id("eve")], signers=(*CUSTODIANS[:3], *CUSTODIANS[3:], "eve")
    )
    assert "You may also ask." not in said(visit("eve", f"/accounts/{ACCOUNT}/seal"))
    assert visit("gus", f"/accounts/{ACCOUNT}/seal").status_code == HTTPStatus.FORBIDDEN


def test_the_operator_sees_people_accounts_and_that_nobody_is_told(
    world: World, visit: Visit
) -> None:
    world.ready()
    page = said(visit("olga", "/operate"))
    assert "Nobody outside is being told" in page
    words = " ".join(world.who("ann").identity.public.words)
    assert words in page
    assert "sealed and ready" in page


def test_my_page_has_my_ways_to_unlock_my_keys(world: World, visit: Visit) -> None:
    world.enrol_everybody()
    page = Text(visit("ann", "/me").text)
    ids = {attrs.get("id") for _, attrs in page.tags}
    assert {"slots", "add-passkey", "replace-phrase", "new_typed"} <= ids
    assert "Ask an operator for a new enrolment link" in page.said


HOSTILE = '<b onmouseover=x>"evil'


@pytest.mark.parametrize("page", ["roster", "seal", "ask", "drill"])
def test_hostile_names_stay_text_on_one_line(world: World, visit: Visit, page: str) -> None:
    world.enrol_everybody()
    world.register()
    world.accept_roster(name=HOSTILE)
    world.seal()
    answer = visit("gus", f"/accounts/{ACCOUNT}/{page}")
    assert answer.status_code == HTTPStatus.OK
    assert "<b onmouseover" not in answer.text
    assert "&lt;b onmouseover=x&gt;&#34;evil" in answer.text


def test_hostile_words_of_a_request_stay_text(world: World, visit: Visit) -> None:
    request = world.ready().ask(reason=HOSTILE)
    world.approve_all(request)
    world.release(request)
    answer = visit("gus", f"/requests/{request}/close")
    assert "<b onmouseover" not in answer.text
    assert "&lt;b onmouseover=x&gt;&#34;evil" in answer.text


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("gus", f"/accounts/{ACCOUNT}/ask"),
        ("gus", f"/accounts/{ACCOUNT}/drill"),
        ("gus", f"/accounts/{ACCOUNT}/seal"),
        ("olga", f"/accounts/{ACCOUNT}/draft"),
        ("olga", "/operate"),
    ],
)
def test_every_input_has_a_label_and_a_place_for_what_is_wrong(
    world: World, visit: Visit, name: str, path: str
) -> None:
    world.ready()
    tags = Text(visit(name, path).text).tags
    ids = {attrs["id"] for _, attrs in tags if attrs.get("id")}
    labelled = {attrs.get("for") for tag, attrs in tags if tag == "label"}
    inputs = [attrs for tag, attrs in tags if tag in {"input", "select", "textarea"}]
    assert inputs
    for attrs in inputs:
        if attrs.get("type") in {"radio", "checkbox"}:
            continue  # inside their label
        assert attrs["id"] in labelled
        assert attrs["autocomplete"] in {"off", "new-password"}
        assert (attrs["aria-describedby"] or "").endswith("-error")
    for _, attrs in tags:
        for described in (attrs.get("aria-describedby") or "").split():
            assert described in ids
        assert "style" not in attrs
        assert not [attribute for attribute in attrs if attribute.startswith("on")]
