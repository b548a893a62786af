"""What people type for accounts and requests."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.typed import (
    account_id,
    accounts_meant,
    is_whole,
    request_id,
    requests_meant,
)

ACCOUNT = "111122223333"
REQUEST = "6f1de0a4-3c8c-4c3a-9a52-0f6c2a6f0b11"


@pytest.mark.parametrize(
    ("text", "account"),
    [
        (ACCOUNT, ACCOUNT),
        ("000000000001", "000000000001"),
        ("1111-2222-3333", ACCOUNT),
        ("1111 2222 3333", ACCOUNT),
        ("1111.2222.3333", ACCOUNT),
        ("111-122-223-333", ACCOUNT),
        ("1111\u20112222\u20133333", ACCOUNT),
        ("1111\u00a02222\u202f3333", ACCOUNT),
        ("  1111-2222-3333\n", ACCOUNT),
        ("1111 - 2222 - 3333", ACCOUNT),
        (f"{ACCOUNT}.2", f"{ACCOUNT}.2"),
        (f"{ACCOUNT}.10", f"{ACCOUNT}.10"),
        (f"{ACCOUNT}.999", f"{ACCOUNT}.999"),
        ("1111-2222-3333.3", f"{ACCOUNT}.3"),
        ("1111.2222.3333.4", f"{ACCOUNT}.4"),
        (" 1111 2222 3333 . 5 ", f"{ACCOUNT}.5"),
        ("", ""),
        ("payments", ""),
        ("11112222333", ""),
        ("1111222233334", ""),
        (f"{ACCOUNT}.1", ""),
        (f"{ACCOUNT}.0", ""),
        (f"{ACCOUNT}.02", ""),
        (f"{ACCOUNT}.1000", ""),
        (f"{ACCOUNT}.", ""),
        (f"{ACCOUNT}-2", ""),
        (f"-{ACCOUNT}", ""),
        (f"{ACCOUNT} payments", ""),
        (f"{ACCOUNT}/../1", ""),
        ("\u0661" * 12, ""),
        ("\uff11" * 12, ""),
    ],
)
def test_an_account_is_meant_by_its_digits_however_they_are_grouped(
    text: str, account: str
) -> None:
    assert account_id(text) == account


ID = re.compile(r"[0-9]{12}(\.([2-9]|[1-9][0-9]{1,2}))?")


@given(text=st.one_of(st.text("0123456789.- \u2011", max_size=24), st.text(max_size=24)))
def test_what_is_read_is_an_id_and_is_read_as_itself(text: str) -> None:
    found = account_id(text)
    if found:
        assert ID.fullmatch(found)
        assert account_id(found) == found
        assert re.sub("[^0-9]", "", found) == re.sub("[^0-9]", "", text)


@given(
    account=st.from_regex(ID, fullmatch=True),
    between=st.lists(st.sampled_from(["", "-", " ", ".", " - "]), min_size=11, max_size=11),
)
def test_every_id_is_read_in_every_grouping(account: str, between: list[str]) -> None:
    digits, _, line = account.partition(".")
    typed = digits[0] + "".join(map("".join, zip(between, digits[1:], strict=True)))
    assert account_id(f" {typed}{'.' if line else ''}{line} ") == account


NAMES = {ACCOUNT: "Payments", f"{ACCOUNT}.2": "payments", "444455556666": "Zo\u00eb  GmbH", "7": ""}


@pytest.mark.parametrize(
    ("text", "accounts"),
    [
        ("payments", [ACCOUNT, f"{ACCOUNT}.2"]),
        ("zo\u00eb gmbh", ["444455556666"]),
        (" ZOE\u0308  GMBH ", ["444455556666"]),
        ("pay", []),
        ("", []),
        ("  ", []),
    ],
)
def test_an_account_is_meant_by_its_whole_name(text: str, accounts: list[str]) -> None:
    assert accounts_meant(text, NAMES) == accounts


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        (REQUEST, REQUEST),
        (REQUEST.upper(), REQUEST),
        (f" {REQUEST}\n", REQUEST),
        (REQUEST.replace("-", ""), REQUEST),
        (f"https://host.example/requests/{REQUEST}", REQUEST),
        (f"https://host.example/requests/{REQUEST}/", REQUEST),
        (f"http://localhost:8420/requests/{REQUEST}/close?x=1#top", REQUEST),
        (f"host.example/requests/{REQUEST}", REQUEST),
        ("6f1d", "6f1d"),
        ("6F1DE0A4", "6f1de0a4"),
        ("6f1de0a4\u2026", "6f1de0a4"),
        ("6f1de0a4-", "6f1de0a4"),
        ("6f1de0a4-3c", "6f1de0a4-3c"),
        ("6f1de0a43c", "6f1de0a4-3c"),
        (REQUEST[:-1], REQUEST[:-1]),
        ("", ""),
        ("6f1", ""),
        ("6f1g", ""),
        (REQUEST + "1", ""),
        ("https://host.example/requests/6f1d", ""),
        ("https://host.example/requests/", ""),
        (f"https://host.example/accounts/{REQUEST}", ""),
        ("../../6f1d", ""),
    ],
)
def test_a_request_is_meant_by_its_id_its_page_or_how_it_begins(text: str, request_: str) -> None:
    assert request_id(text) == request_
    assert is_whole(request_id(text)) is (request_ == REQUEST)


@given(number=st.uuids(version=4), length=st.integers(4, 32))
def test_every_beginning_of_an_id_finds_it(number: object, length: int) -> None:
    whole = str(number)
    beginning = request_id(whole.replace("-", "")[:length])
    assert requests_meant(beginning, [whole, REQUEST, whole])[:1]
    assert whole in requests_meant(beginning, [whole, REQUEST])
    assert is_whole(beginning) is (length == 32)


@given(text=st.text(max_size=50))
def test_what_is_read_of_a_request_may_stand_in_an_address(text: str) -> None:
    assert re.fullmatch("[0-9a-f-]*", request_id(text))
