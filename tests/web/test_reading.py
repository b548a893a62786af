"""What was read before is not sent again."""

import pytest

from tests.usecases.people import acts
from tests.web.calling import EVERYBODY, ME, PARAMETERS, Calls


@pytest.fixture
def token(calls: Calls) -> str:
    return calls.enrol("Olga", operator=True)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_has_not_changed_is_told_in_few_bytes(calls: Calls, token: str, method: str) -> None:
    first = calls(method, EVERYBODY, token=token)
    tag = first.headers["ETag"]
    assert tag.startswith('"')  # strong
    again = calls(method, EVERYBODY, token=token, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Cache-Control"] == "no-store"
    assert "Content-Type" not in again.headers


def test_what_has_changed_is_sent(calls: Calls, token: str) -> None:
    tag = calls("GET", EVERYBODY, token=token).headers["ETag"]
    acts.invite(calls.ctx, "Bob")
    again = calls("GET", EVERYBODY, token=token, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["ETag"] != tag
    assert again.json is not None
    assert len(again.json["people"]) == 2


def test_a_tag_opens_nothing(calls: Calls, token: str) -> None:
    tag = calls("GET", ME, token=token).headers["ETag"]
    assert calls("GET", ME, headers={"If-None-Match": tag}).status_code == 401


def test_an_act_has_no_tag(calls: Calls) -> None:
    answer = calls(
        "POST", PARAMETERS, body={"email": "a@example.org"}, headers={"If-None-Match": "*"}
    )
    assert answer.status_code == 200
    assert "ETag" not in answer.headers
