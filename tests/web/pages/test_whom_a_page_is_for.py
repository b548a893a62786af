"""Whom a page is for: who reads it, who is refused, and who is sent to sign in."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cast import ACCOUNT
from tests.usecases.world import World
from tests.web.pages.conftest import Visit, said

NAMED = ("ann", "gus")


WATCHING = ("olga", "aud")


REQUEST = "/requests/{request}"


def ok(*names: str) -> Mapping[str, int]:
    """These people read it; to the others it does not exist."""
    return {name: 200 if name in names else 404 for name in ("ann", "gus", "olga", "aud", "eve")}


EVERYBODY = ok("ann", "gus", "olga", "aud", "eve")


ANSWERS: Mapping[str, Mapping[str, int]] = {
    "/": EVERYBODY,
    "/accounts": EVERYBODY,
    f"/accounts/{ACCOUNT}": ok(*NAMED, *WATCHING),
    "/requests": EVERYBODY,
    REQUEST: ok(*NAMED, *WATCHING),
    f"{REQUEST}/release": {"ann": 403, "gus": 200, "olga": 403, "aud": 403, "eve": 404},
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
    for secret in ("payments", ">gus", "gus asks", "invoice run", "root@corp.example", ACCOUNT):
        assert secret not in answer


@pytest.mark.parametrize("path", ANSWERS)
def test_whoever_is_not_signed_in_is_led_to_where_one_signs_in(
    visit: Visit, asked: str, path: str
) -> None:
    answer = visit("", path.format(request=asked))
    assert answer.status_code == 303
    query = urlsplit(answer.headers["Location"]).query
    assert parse_qs(query) == {"next": [path.format(request=asked)]}


def test_nobody_outside_being_told_stands_on_every_page(
    world: World, visit: Visit, asked: str
) -> None:
    for path in ANSWERS:
        assert "Nobody outside is being told." in said(visit("gus", path.format(request=asked)))
